"""Layer normalisation in one pass over memory, with what its backward pass will need.

Read the lesson first (`tutor lesson triton_layernorm`); `tutor hint` helps when you are stuck.
"""

import torch  # noqa: F401 (for your code)
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def layernorm_kernel(x_ptr, weight_ptr, bias_ptr, out_ptr, mean_ptr, rstd_ptr, stride, cols, eps, BLOCK: tl.constexpr):
    """Normalises row r in program r, in a grid of (rows,) programs.

        mean[r] = Σ x[r] / cols       rstd[r] = 1 / √(Σ (x[r] − mean[r])² / cols + eps)
        out[r] = (x[r] − mean[r]) · rstd[r] · weight + bias

    Args:
        x_ptr, out_ptr: rows of `cols` elements that lie side by side, float32.
        weight_ptr, bias_ptr: `cols` elements each, float32.
        mean_ptr, rstd_ptr: one element a row, float32.
        stride: elements from one row's beginning to the next one's, of x and out alike.
        cols: elements of a row.
        eps: added to the variance, inside the root.
        BLOCK: a power of two, at least `cols`.
    """
    raise NotImplementedError


def layernorm(x: Tensor, weight: Tensor, bias: Tensor, eps: float = 1e-5) -> tuple[Tensor, Tensor, Tensor]:
    """Layer normalisation over the last axis, by `layernorm_kernel`.

    Args:
        x: shape (…, D), float32, contiguous.
        weight, bias: shape (D,), float32.
        eps: added to the (population) variance.

    Returns:
        out, shape (…, D); mean and rstd, shape (…).
    """
    raise NotImplementedError
