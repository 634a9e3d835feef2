"""The gradients of the matrix product, with batches and vectors.

Read the lesson first (`tutor lesson matmul_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def matmul_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Given the gradient of a loss for `torch.matmul(a, b)`, find it for both factors.

    The last two axes of each factor are matrices, (m, k) and (k, n); all axes before them are batches, which
    broadcast. A one-dimensional `a` acts as a row (1, k), a one-dimensional `b` as a column (k, 1), and the axis
    that was lent is not in the product.

    Args:
        grad_output: ∂L/∂(a @ b), in the shape of the product.
        a: shape (..., m, k) or (k,), float32 or float64.
        b: shape (..., k, n) or (k,), of the same dtype. Its batch axes may differ from those of `a`, in number
            and by sizes of 1.

    Returns:
        grad_a: shape of `a`.
        grad_b: shape of `b`.
        Both in the dtype of `a`. The inputs must not be changed.
    """
    raise NotImplementedError
