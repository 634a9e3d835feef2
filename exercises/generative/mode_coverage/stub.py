"""How to see whether a GAN covers its data: modes, their entropy, a collapse detector, a Fréchet distance.

Read the lesson first (`tutor lesson mode_coverage`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# In all functions, K is the number of known modes (cluster centres), and counts an int64 tensor of shape (K,): how many
# good samples each mode got. All logarithms are natural. Floats are float32 or float64; inputs must not be changed.


def assign(samples: Tensor, centres: Tensor, radius: float) -> Tensor:
    """The mode of every sample.

    Args:
        samples: shape (N, D).
        centres: shape (K, D).
        radius: a sample at most this far (Euclidean) from its nearest centre is good, all others are not.

    Returns:
        Shape (N,), int64: the index of the nearest centre (the lowest, if two are equally near), or −1 for a sample
        that isn't good.
    """
    raise NotImplementedError


def coverage(assigned: Tensor, modes: int, least: int) -> tuple[Tensor, int, float]:
    """What a histogram of the modes shows.

    Args:
        assigned: as from `assign`, shape (N,), N ≥ 1, int64.
        modes: K.
        least: a mode is covered if it has at least so many samples.

    Returns:
        counts: shape (K,), int64.
        covered: the number of modes that are covered.
        quality: the share of good samples among all N.
    """
    raise NotImplementedError


def entropy(counts: Tensor) -> float:
    """−Σ p log p, where p is each mode's share of the good samples; a mode without samples adds 0.

    Without any good sample it is 0.
    """
    raise NotImplementedError


def mode_kl(counts: Tensor, target: Tensor) -> float:
    """KL(p ‖ q) = Σ p log(p / q) of the modes' shares p in the good samples from those in the data, q.

    Args:
        counts: shape (K,), int64, at least one of them positive.
        target: q, shape (K,), float64, all positive, with sum 1.

    Returns:
        The divergence; a mode without samples adds 0.
    """
    raise NotImplementedError


def first_collapse(history: Tensor, share: float, patience: int) -> int | None:
    """When a generator collapsed.

    Args:
        history: shape (T, K), int64: the counts of T reports made during training, in their order.
        share: a report is bad if the effective number of modes, exp(entropy(counts)), is below share · K. A report
            without any good sample is bad.
        patience: at least 1: it takes so many bad reports in a row.

    Returns:
        The index of the first report of the first such row; None if there is none.
    """
    raise NotImplementedError


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of a set of feature vectors, and their unbiased covariance (divisor N − 1).

    Args:
        features: shape (N, D), N ≥ 2, a sample a row.

    Returns:
        mean, shape (D,), and covariance, shape (D, D), in the features' dtype.
    """
    raise NotImplementedError


def frechet_distance(mean1: Tensor, cov1: Tensor, mean2: Tensor, cov2: Tensor) -> Tensor:
    """The squared Fréchet distance of two Gaussians: ‖μ₁ − μ₂‖² + tr(C₁) + tr(C₂) − 2 tr((C₁ C₂)^½).

    Args:
        mean1, mean2: shape (D,), float64.
        cov1, cov2: shape (D, D), float64, symmetric, no negative eigenvalue; zero is possible.

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError
