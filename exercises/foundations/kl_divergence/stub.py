"""The Kullback–Leibler divergence between distributions given by their log-probabilities, and its gradients.

Read the lesson first (`tutor lesson kl_divergence`); `tutor hint` helps when you are stuck.

In all functions the last axis runs over the C outcomes of a distribution; the axes before it, "...", over the
distributions. Natural logarithms. Results have the dtype of the inputs, float32 or float64; inputs must not be changed.
"""

from torch import Tensor


def kl_divergence(log_p: Tensor, log_q: Tensor, reduction: str = "batchmean") -> Tensor:
    """KL(p‖q) = Σ_c p_c · (log p_c − log q_c), of each distribution p from its q.

    An outcome with p_c = 0 (log p_c = −inf) contributes 0, whatever q_c is, even 0 as well. An outcome with q_c = 0 and
    p_c > 0 makes the divergence inf.

    Args:
        log_p: shape (..., C), logarithms of probabilities that add up to 1; −inf where an outcome is impossible.
        log_q: the same shape; finite values may be as low as −1000, whose exponentials are 0 in the dtype at hand.
        reduction: "none": shape (...), one number for each distribution; "sum": 0-dimensional, over all of them;
            "batchmean": that sum divided by the size of the *first* axis, 0-dimensional (there are two axes or more).

    Raises:
        ValueError: if `reduction` is none of these.
    """
    raise NotImplementedError


def kl_divergence_backward(
    grad_output: Tensor, log_p: Tensor, log_q: Tensor, reduction: str = "batchmean"
) -> tuple[Tensor, Tensor]:
    """The gradients for both arguments, each log-probability seen as a variable of its own.

    Args:
        grad_output: ∂L/∂output: shape (...) for "none", else 0-dimensional.
        log_p, log_q, reduction: as in the forward pass; log_q is finite wherever log_p is.

    Returns:
        grad_log_p, grad_log_q: shapes (..., C). Where p_c = 0, both are 0.

    Raises:
        ValueError: if `reduction` is none of those.
    """
    raise NotImplementedError


def kl_from_logits(log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """The divergence between a fixed p and q = softmax(logits), one number for each distribution.

    Args:
        log_p: shape (..., C); for "forward", −inf is allowed.
        logits: the same shape, finite, |logits| up to 1200.
        direction: "forward" for KL(p‖q), "reverse" for KL(q‖p).

    Returns:
        Shape (...).

    Raises:
        ValueError: if `direction` is neither of the two.
    """
    raise NotImplementedError


def kl_from_logits_backward(grad_output: Tensor, log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """The gradient for the logits.

    Args:
        grad_output: ∂L/∂output, shape (...).
        log_p, logits, direction: as in the forward pass.

    Returns:
        Shape (..., C).

    Raises:
        ValueError: if `direction` is neither of the two.
    """
    raise NotImplementedError


def jensen_shannon(log_p: Tensor, log_q: Tensor) -> Tensor:
    """½ KL(p‖m) + ½ KL(q‖m) with the mixture m = (p + q) / 2, one number for each distribution.

    Args:
        log_p, log_q: shapes (..., C); −inf in one of them or in both is allowed, and so are values as low as −1000,
            whose exponentials are 0 in the dtype at hand.

    Returns:
        Shape (...), never NaN.
    """
    raise NotImplementedError
