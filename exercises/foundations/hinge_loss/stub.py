"""The hinge loss for two classes and for several, with any margin, plain or squared; and the gradients.

Read the lesson first (`tutor lesson hinge_loss`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def hinge_loss(scores: Tensor, labels: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean") -> Tensor:
    """max(0, margin − y · s)^p for each score s with label y.

    Args:
        scores: any shape, float32 or float64.
        labels: the shape and dtype of `scores`, each −1 or 1.
        margin: what y · s has to reach to cost nothing; 0 or more.
        p: 1 or 2.
        reduction: "mean" over all elements, "sum" over them, or "none": one loss for each element.

    Returns:
        A 0-dimensional tensor, or one in the shape of `scores` for "none"; in its dtype. Inputs must not be
        changed: that holds for all functions here.

    Raises:
        ValueError: if a label is neither −1 nor 1.
    """
    raise NotImplementedError


def hinge_loss_backward(
    grad_output: Tensor,
    scores: Tensor,
    labels: Tensor,
    *,
    margin: float = 1.0,
    p: int = 1,
    reduction: str = "mean",
) -> Tensor:
    """The gradient for the scores; where y · s is exactly the margin, the slope is 0.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or in the shape of `scores` for "none".
        scores, labels, margin, p, reduction: as in the forward pass.

    Returns:
        ∂L/∂scores, the shape and dtype of `scores`.

    Raises:
        ValueError: if a label is neither −1 nor 1.
    """
    raise NotImplementedError


def multi_margin_loss(
    scores: Tensor, targets: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean"
) -> Tensor:
    """(1/C) · Σ over all classes c ≠ t of max(0, margin − s[t] + s[c])^p, for a sample with scores s and right class t.

    Args:
        scores: shape (N, C), float32 or float64.
        targets: shape (N,), int64, 0 … C − 1.
        margin: by how much the right class has to win against each other one; positive.
        p: 1 or 2.
        reduction: "mean" over samples, "sum" over them, or "none". The division by C, the number of *all* classes,
            is part of each sample's loss, with any reduction.

    Returns:
        A 0-dimensional tensor, or one of shape (N,) for "none"; in the dtype of `scores`.
    """
    raise NotImplementedError


def multi_margin_loss_backward(
    grad_output: Tensor,
    scores: Tensor,
    targets: Tensor,
    *,
    margin: float = 1.0,
    p: int = 1,
    reduction: str = "mean",
) -> Tensor:
    """The gradient for the scores; a class that loses by exactly the margin gets 0, and gives 0.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or of shape (N,) for "none".
        scores, targets, margin, p, reduction: as in the forward pass.

    Returns:
        ∂L/∂scores, shape (N, C), in the dtype of `scores`.
    """
    raise NotImplementedError
