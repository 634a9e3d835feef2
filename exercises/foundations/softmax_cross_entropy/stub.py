"""Softmax and cross-entropy as one loss, stable at any magnitude, and its gradient.

Read the lesson first (`tutor lesson softmax_cross_entropy`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def log_sum_exp(logits: Tensor) -> Tensor:
    """log Σ_c exp(logits[n, c]) for every row n.

    Args:
        logits: shape (N, C), float32 or float64, finite, of any magnitude: |logits| up to 1e4 and more.

    Returns:
        Shape (N,), dtype of `logits`; never infinite or NaN. `logits` must not be changed.
    """
    raise NotImplementedError


def softmax_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean over samples of −log softmax(logits)[target]: `torch.nn.functional.cross_entropy` with its defaults.

    Args:
        logits: shape (N, C), float32 or float64, finite, of any magnitude.
        targets: shape (N,), int64, each the index of the right class, 0 … C − 1.

    Returns:
        The loss, a 0-dimensional tensor in the dtype of `logits`. Digits matter: where all logits of a row lie
        far from 0 (near 10,000 in float32, near 10,000,000 in float64), the loss must be as precise for them as
        where they lie near 0. The inputs must not be changed.
    """
    raise NotImplementedError


def softmax_cross_entropy_backward(grad_output: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
    """The gradient for the logits.

    Args:
        grad_output: the gradient that arrives at the loss, a 0-dimensional tensor; not always 1.
        logits: shape (N, C), as in the forward pass.
        targets: shape (N,), int64, as in the forward pass.

    Returns:
        Shape (N, C), dtype of `logits`, as precise for logits far from 0 as for logits near 0. The inputs must not be
        changed.
    """
    raise NotImplementedError
