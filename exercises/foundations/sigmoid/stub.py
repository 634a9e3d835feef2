"""The sigmoid, without overflow, and its gradient.

Read the lesson first (`tutor lesson sigmoid`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """σ(x) = 1 / (1 + e^(−x)), element by element.

    Args:
        x: any shape, float16, float32 or float64, of any magnitude that the dtype holds: |x| up to 1000 and more.

    Returns:
        Shape and dtype of `x`; never NaN. Small results keep their digits: σ(−30) ≈ 9.36e-14 has to be right to
        the precision of the dtype, not just close to zero, and σ(−12) ≈ 6.1e-6 in float16 too, where e¹² doesn't
        fit. `x` must not be changed.
    """
    raise NotImplementedError


def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of a loss for the input of the sigmoid.

    Args:
        grad_output: ∂L/∂output, the shape of `output`.
        output: what `sigmoid` returned, σ(x); x itself is not needed.

    Returns:
        ∂L/∂x, in the shape and dtype of `output`; where σ is tiny, so is the slope, with all its digits. The inputs
        must not be changed.
    """
    raise NotImplementedError
