"""What a GAN's losses measure: the divergences behind the game, and the game behind a divergence.

Read the lesson first (`tutor lesson gan_divergences`); `tutor hint` helps when you are stuck.

There are C outcomes; p is the distribution of the data, q that of the generator, both given by the natural logarithms
of their probabilities, shape (C,), float32 or float64. Logarithms are finite, and may be as low as −1000, where exp
gives 0. Results have the dtype of the inputs, and inputs must not be changed. A score s is what the discriminator D
returns for an outcome, without a sigmoid: it takes the outcome for real with probability σ(s).
"""

from torch import Tensor


def optimal_scores(log_p: Tensor, log_q: Tensor) -> Tensor:
    """The score of each outcome, shape (C,), for which the cross-entropy of D is smallest: E_p[−log σ(s)] +
    E_q[−log(1 − σ(s))], where each outcome's score can be chosen freely.
    """
    raise NotImplementedError


def value_at_optimum(log_p: Tensor, log_q: Tensor) -> Tensor:
    """The value of the game, E_p[log σ(s)] + E_q[log(1 − σ(s))], at the optimal scores; 0-dimensional."""
    raise NotImplementedError


def generator_value(log_p: Tensor, log_q: Tensor, kind: str) -> Tensor:
    """The generator's loss E_q[g(s)] at the optimal scores; 0-dimensional.

    Args:
        log_p, log_q: shape (C,).
        kind: "minimax" for g(s) = log(1 − σ(s)), "non_saturating" for −log σ(s), "wasserstein" for −s.

    Raises:
        ValueError: if `kind` is none of these.
    """
    raise NotImplementedError


def generator_direction(log_p: Tensor, logits_q: Tensor, kind: str) -> Tensor:
    """The gradient that a generator with q = softmax(logits_q) gets from an optimal discriminator.

    D has been trained to the optimal scores for this q, and is held fixed: the gradient of E_q[g(s)] reaches the logits
    through q alone, and not through s.

    Args:
        log_p: shape (C,).
        logits_q: shape (C,), finite.
        kind: as above.

    Returns:
        Shape (C,).

    Raises:
        ValueError: if `kind` is none of those.
    """
    raise NotImplementedError


def f_gan_bound(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """A lower bound of a divergence, estimated from scores alone.

    It is the mean of T over the real samples, minus the mean of f*(T) over the fake ones.

        kind            bounds       T(v) of a score v       f*(t)
        "kl"            KL(p‖q)      v                       e^(t − 1)
        "reverse_kl"    KL(q‖p)      −e^(−v)                 −1 − log(−t)

    Args:
        real: scores v of N real samples, shape (N,), |v| ≤ 10.
        fake: scores of M generated samples, shape (M,); M need not be N.
        kind: see above.

    Returns:
        A 0-dimensional tensor. The discriminator makes it as large as it can.

    Raises:
        ValueError: if `kind` is neither of the two.
    """
    raise NotImplementedError


def f_gan_bound_backward(grad_output: Tensor, real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """The gradients of a loss for both kinds of scores.

    Args:
        grad_output: ∂L/∂(f_gan_bound), 0-dimensional.
        real, fake, kind: as in the forward pass.

    Returns:
        ∂L/∂real, shape (N,), and ∂L/∂fake, shape (M,).

    Raises:
        ValueError: if `kind` is neither of the two.
    """
    raise NotImplementedError
