"""Tanh and softplus, exact at every magnitude, and their gradients.

Read the lesson first (`tutor lesson tanh_softplus`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def tanh(x: Tensor) -> Tensor:
    """(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), element by element.

    Args:
        x: any shape, float32 or float64, of any magnitude: |x| up to 1000 and more.

    Returns:
        Shape and dtype of `x`; never NaN. Small results keep their digits: tanh(1e-9) has to be right to the precision
        of the dtype, not just close to zero. `x` must not be changed; that holds for all functions here.
    """
    raise NotImplementedError


def tanh_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of a loss for the input of tanh.

    Args:
        grad_output: ∂L/∂output, the shape of `output`.
        output: what `tanh` returned; x itself is not needed.

    Returns:
        ∂L/∂x, in the shape and dtype of `output`.
    """
    raise NotImplementedError


def softplus(x: Tensor, beta: float = 1.0) -> Tensor:
    """log(1 + e^(beta · x)) / beta, with the natural logarithm, element by element.

    Args:
        x: any shape, float32 or float64, of any magnitude.
        beta: how sharp the bend at 0 is, more than 0.

    Returns:
        Shape and dtype of `x`; never inf or NaN. It is this function everywhere: small results keep their digits
        (softplus(−30) ≈ 9.36e-14), and so do large ones (there is no threshold from which on it is just x, as torch's
        has at beta · x = 20, where float64 still sees the difference).
    """
    raise NotImplementedError


def softplus_backward(grad_output: Tensor, x: Tensor, beta: float = 1.0) -> Tensor:
    """The gradient of a loss for the input of softplus.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x: what went in, of any magnitude.
        beta: as in the forward pass.

    Returns:
        ∂L/∂x, in the shape and dtype of `x`; tiny slopes keep their digits.
    """
    raise NotImplementedError
