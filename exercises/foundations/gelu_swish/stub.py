"""GELU, exact and approximated, and swish with its beta; and the gradients of all of them.

Read the lesson first (`tutor lesson gelu_swish`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """x · Φ(x), where Φ is the distribution function of the standard normal distribution.

    Args:
        x: any shape, float32 or float64, |x| up to 1000.
        approximate: "none" for the exact function, Φ(x) = (1 + erf(x / √2)) / 2; "tanh" for the approximation
            Φ(x) ≈ (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2.

    Returns:
        Shape and dtype of `x`. `x` must not be changed; that holds for all functions here.

    Raises:
        ValueError: if `approximate` is neither of the two.
    """
    raise NotImplementedError


def gelu_backward(grad_output: Tensor, x: Tensor, approximate: str = "none") -> Tensor:
    """The gradient for `x`: with "tanh", the exact derivative of the approximation.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in, |x| up to 1000.
        approximate: as in the forward pass.

    Returns:
        ∂L/∂x, the shape and dtype of `x`.

    Raises:
        ValueError: if `approximate` is neither of the two.
    """
    raise NotImplementedError


def swish(x: Tensor, beta: float = 1.0) -> Tensor:
    """x · σ(beta · x), with the sigmoid σ; for beta = 1 it is known as SiLU.

    Args:
        x: any shape, float32 or float64, |x| up to 1000.
        beta: any number; 0 and negative ones, too.

    Returns:
        Shape and dtype of `x`.
    """
    raise NotImplementedError


def swish_backward(grad_output: Tensor, x: Tensor, beta: float = 1.0) -> tuple[Tensor, Tensor]:
    """The gradients for `x` and for `beta`, which may be learned: one number for the whole tensor.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in, |x| up to 1000.
        beta: as in the forward pass.

    Returns:
        grad_x: ∂L/∂x, the shape and dtype of `x`.
        grad_beta: ∂L/∂beta, 0-dimensional, in the dtype of `x`.
    """
    raise NotImplementedError
