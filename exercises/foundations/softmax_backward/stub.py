"""Softmax along an axis, and its gradient.

Read the lesson first (`tutor lesson softmax_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def softmax(x: Tensor, dim: int = -1) -> Tensor:
    """exp(x) divided by its sum along one axis: positive numbers that add up to 1 there.

    Args:
        x: any shape with at least one axis, float32 or float64, of any magnitude. −inf is allowed (its probability
            is 0), as long as one element along the axis is finite.
        dim: the axis, counted from the end if negative.

    Returns:
        The probabilities, in the shape and dtype of `x`. `x` must not be changed.
    """
    raise NotImplementedError


def softmax_backward(grad_output: Tensor, output: Tensor, dim: int = -1) -> Tensor:
    """The gradient of a loss for the softmax's input, from the softmax's output.

    Args:
        grad_output: ∂L/∂output, the shape of `output`.
        output: what `softmax` returned.
        dim: the axis that `softmax` was taken along.

    Returns:
        ∂L/∂x, the shape and dtype of `output`. The inputs must not be changed.
    """
    raise NotImplementedError
