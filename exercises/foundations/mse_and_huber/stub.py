"""The mean squared error and the Huber loss, with their gradients.

Read the lesson first (`tutor lesson mse_and_huber`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def mse_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """The squared error (input − target)².

    Args:
        input: predictions, any shape, float32 or float64.
        target: the shape and dtype of `input`.
        reduction: "mean" over all elements, "sum" over all elements, or "none": one loss for each element.

    Returns:
        A 0-dimensional tensor, or one in the shape of `input` for "none"; in its dtype. Inputs must not be
        changed: that holds for all functions here.

    Raises:
        ValueError: if the shapes differ, even if they could be broadcast.
    """
    raise NotImplementedError


def huber_loss(input: Tensor, target: Tensor, delta: float = 1.0, reduction: str = "mean") -> Tensor:
    """½ r² where |r| ≤ delta, and delta · (|r| − ½ delta) elsewhere, with r = input − target.

    Args:
        input: predictions, any shape, float32 or float64.
        target: the shape and dtype of `input`.
        delta: where the parabola becomes a line; positive.
        reduction: as for `mse_loss`.

    Raises:
        ValueError: if the shapes differ, even if they could be broadcast.
    """
    raise NotImplementedError


def mse_loss_backward(grad_output: Tensor, input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """The gradient for `input`.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or in the shape of `input` for reduction "none".
        input, target, reduction: as in the forward pass.

    Returns:
        ∂L/∂input, the shape and dtype of `input`.
    """
    raise NotImplementedError


def huber_loss_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, delta: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """The gradient for `input`.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or in the shape of `input` for reduction "none".
        input, target, delta, reduction: as in the forward pass.

    Returns:
        ∂L/∂input, the shape and dtype of `input`.
    """
    raise NotImplementedError
