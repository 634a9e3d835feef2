"""ReLU, leaky ReLU and ELU, and their gradients.

Read the lesson first (`tutor lesson relu_family`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """max(x, 0), element by element.

    Args:
        x: any shape, float32 or float64.

    Returns:
        A new tensor in the shape and dtype of `x`. `x` must not be changed; that holds for all functions here.
    """
    raise NotImplementedError


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where x > 0, and negative_slope · x elsewhere.

    Args:
        x: any shape, float32 or float64.
        negative_slope: the slope on the left, 0 or more.
    """
    raise NotImplementedError


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where x > 0, and alpha · (eˣ − 1) elsewhere.

    Args:
        x: any shape, float32 or float64, of any magnitude: |x| up to 2000 must not give inf − inf or 0 · inf, and an
            x of −1e-7 must keep its digits.
        alpha: the function tends to −alpha on the left.
    """
    raise NotImplementedError


def relu_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """The gradient for `x`. At x = 0 the slope is that of the left side: 0.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in.

    Returns:
        ∂L/∂x, the shape and dtype of `x`.
    """
    raise NotImplementedError


def leaky_relu_backward(grad_output: Tensor, x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """The gradient for `x`. At x = 0 the slope is that of the left side: negative_slope.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in.
        negative_slope: as in the forward pass.
    """
    raise NotImplementedError


def elu_backward(grad_output: Tensor, x: Tensor, alpha: float = 1.0) -> Tensor:
    """The gradient for `x`. At x = 0 the slope is that of the left side: alpha.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in, of any magnitude.
        alpha: as in the forward pass.
    """
    raise NotImplementedError
