"""A softmax whose rows are read once and written once.

Read the lesson first (`tutor lesson triton_softmax`); `tutor hint` helps when you are stuck.
"""

import torch  # noqa: F401 (for your code)
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def softmax_kernel(x_ptr, out_ptr, x_stride, out_stride, cols, BLOCK: tl.constexpr):
    """out[r, :] = softmax(x[r, :]), in a grid of (rows,) programs, one a row.

    Args:
        x_ptr, out_ptr: point to the first element of the first row, float32; a row's elements lie side by side.
        x_stride, out_stride: elements from one row's beginning to the next one's, at least `cols`.
        cols: elements of a row. What lies between the rows must be left alone, and not be read into the result.
        BLOCK: a power of two, at least `cols`.
    """
    raise NotImplementedError


def softmax(x: Tensor) -> Tensor:
    """The softmax of every row, by `softmax_kernel`.

    Args:
        x: shape (rows, cols), float32; the stride of its last axis is 1, that of its first at least cols.

    Returns:
        A new tensor, shape (rows, cols).
    """
    raise NotImplementedError
