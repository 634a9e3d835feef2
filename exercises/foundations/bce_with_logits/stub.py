"""Binary cross-entropy from logits, stable at any magnitude, and its gradient.

Read the lesson first (`tutor lesson bce_with_logits`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def bce_with_logits(
    logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """−w · y · log σ(z) − (1 − y) · log(1 − σ(z)) for each logit z with target y.

    Args:
        logits: any shape, float32 or float64, of any magnitude: |z| up to 1000 and more.
            Small losses keep their digits.
        targets: the shape and dtype of `logits`: labels 0 and 1, or probabilities in between.
        pos_weight: w, shape of the last axis of `logits`, positive; it multiplies the first term only. None means 1.
        reduction: "mean" over all elements (dividing by their number, whatever the weights), "sum", or "none".

    Returns:
        A 0-dimensional tensor, or one in the shape of `logits` for "none"; in its dtype. Inputs must not be changed.
    """
    raise NotImplementedError


def bce_with_logits_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """The gradient for the logits.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or in the shape of `logits` for reduction "none".
        logits, targets, pos_weight, reduction: as in the forward pass.

    Returns:
        ∂L/∂logits, the shape and dtype of `logits`. Inputs must not be changed.
    """
    raise NotImplementedError
