"""Anomaly detection with an autoencoder: two scores, a threshold, and how good a score is.

Read the lesson first (`tutor lesson anomaly_score`); `tutor hint` helps when you are stuck. A higher score means more
anomalous. No function may change its inputs.
"""

from torch import Tensor


def reconstruction_score(x: Tensor, output: Tensor) -> Tensor:
    """How badly each sample was reconstructed: its mean squared error.

    Args:
        x: the inputs, shape (N, …), with at least one further axis.
        output: the reconstructions, the same shape.

    Returns:
        Shape (N,): the mean of (output − x)² over all elements of the sample.
    """
    raise NotImplementedError


def latent_score(codes: Tensor, normal: Tensor) -> Tensor:
    """How far each code is from those of normal samples: the squared Mahalanobis distance.

    Args:
        codes: the codes to judge, shape (N, D).
        normal: codes of normal samples, shape (M, D), M > D. Their mean is m (D,), their covariance S (D, D) the sum
            of the outer products of (code − m) with itself, divided by M − 1. S is invertible.

    Returns:
        Shape (N,): (code − m)ᵀ S⁻¹ (code − m), without a root. torch.linalg may be used.
    """
    raise NotImplementedError


def threshold(scores: Tensor, rate: float) -> Tensor:
    """Where to raise the alarm, so that normal samples seldom do: those with a score *above* it are reported.

    Args:
        scores: of normal samples, shape (M,), in any order; equal ones may occur.
        rate: the share of them that may be reported, 0 ≤ rate < 1.

    Returns:
        0-dimensional: the smallest of the scores t for which no more than rate · M scores are greater than t.
    """
    raise NotImplementedError


def roc_auc(scores: Tensor, anomalous: Tensor) -> float:
    """The area under the ROC curve: the probability that an anomaly has a higher score than a normal sample.

    Args:
        scores: shape (N,); equal ones may occur.
        anomalous: shape (N,), bool.

    Returns:
        The share of pairs (anomaly, normal sample) in which the anomaly's score is higher; pairs with equal scores
        count one half.

    Raises:
        ValueError: if there is no anomaly, or no normal sample.
    """
    raise NotImplementedError
