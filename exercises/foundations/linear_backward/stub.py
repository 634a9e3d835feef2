"""The gradients of a linear layer.

Read the lesson first (`tutor lesson linear_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def linear_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Given the gradient of a loss for the output of a linear layer, find it for everything that went in.

    The forward pass was `torch.nn.functional.linear(x, weight, bias)`: output = x · weightᵀ + bias, for every vector
    along the last axis of x.

    Args:
        grad_output: ∂L/∂output, shape (..., out_features), with the leading axes of `x`.
        x: the input, shape (..., in_features). There may be any number of leading axes, also none.
        weight: shape (out_features, in_features).

    Returns:
        grad_x: shape of `x`.
        grad_weight: shape of `weight`.
        grad_bias: shape (out_features,).
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError
