"""Activations with a parameter of their own, which is learned like any weight: PReLU and CELU, and their gradients.

Read the lesson first (`tutor lesson prelu`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """x where x > 0, weight · x elsewhere.

    Args:
        x: shape (N, C, ...) with any number of axes after the second, float32 or float64; channels are axis 1. With a
            weight of shape (1,), any shape.
        weight: shape (C,), one slope for each channel, or (1,), one for all. Of any sign and size.

    Returns:
        Shape and dtype of `x`. Inputs must not be changed; that holds for all functions here.

    Raises:
        ValueError: if weight has neither 1 nor C elements.
    """
    raise NotImplementedError


def prelu_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients for the input and for the slopes. At x = 0 the slope is `weight`.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x, weight: as in the forward pass.

    Returns:
        grad_x: the shape of `x`.
        grad_weight: the shape of `weight`.

    Raises:
        ValueError: if weight has neither 1 nor C elements.
    """
    raise NotImplementedError


def celu(x: Tensor, alpha: float) -> Tensor:
    """x where x > 0, alpha · (e^(x / alpha) − 1) elsewhere.

    Args:
        x: any shape, float32 or float64, |x| up to 1000. Near 0 the result keeps its digits.
        alpha: positive.

    Returns:
        Shape and dtype of `x`.
    """
    raise NotImplementedError


def celu_backward(grad_output: Tensor, x: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """The gradients for the input and for alpha, one number for the whole tensor.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x, alpha: as in the forward pass.

    Returns:
        grad_x: the shape and dtype of `x`; its slope at x = 0 is 1.
        grad_alpha: 0-dimensional, in the dtype of `x`.
    """
    raise NotImplementedError
