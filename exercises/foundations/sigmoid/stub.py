"""The sigmoid, without overflow, and its gradient.

Read the lesson first (`tutor lesson sigmoid`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """σ(x) = 1 / (1 + e^(−x)), element by element.

    Args:
        x: any shape, float32 or float64, of any magnitude: |x| up to 1000 and more.

    Returns:
        Shape and dtype of `x`; never NaN. Small results keep their digits: σ(−30) ≈ 9.36e-14 has to be right to
        the precision of the dtype, not just close to zero. `x` must not be changed.
    """
    raise NotImplementedError


def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of a loss for the input of the sigmoid.

    Args:
        grad_output: ∂L/∂output, the shape of `output`.
        output: what `sigmoid` returned, σ(x); x itself is not needed.

    Returns:
        ∂L/∂x, in the shape and dtype of `output`. The inputs must not be changed.
    """
    raise NotImplementedError
