"""The matrix product in tiles, on any strides.

Read the lesson first (`tutor lesson triton_matmul`); `tutor hint` helps when you are stuck.
"""

import torch  # noqa: F401 (for your code)
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def matmul_kernel(
    a_ptr, b_ptr, c_ptr,
    M, N, K,
    stride_am, stride_ak, stride_bk, stride_bn, stride_cm, stride_cn,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr,
):  # fmt: skip
    """C = A B; program (p, q) of a grid (⌈M/BLOCK_M⌉, ⌈N/BLOCK_N⌉) makes tile (p, q) of C.

    Sums are accumulated in float32, whatever the type of A and B, and rounded once, when they are stored.

    Args:
        a_ptr, b_ptr, c_ptr: A of shape (M, K), B of shape (K, N), C of shape (M, N), all of one dtype.
        M, N, K: any sizes from 1, not only multiples of the blocks. What lies around the matrices must be left
            alone, and not be read into the result.
        stride_am, stride_ak: elements from A[m, k] to A[m + 1, k], and to A[m, k + 1]; the others likewise.
        BLOCK_M, BLOCK_N, BLOCK_K: powers of two, at least 16.
    """
    raise NotImplementedError


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """a @ b, by `matmul_kernel`.

    Args:
        a: shape (M, K), float32 or float16, of any strides (a transposed matrix, for instance).
        b: shape (K, N), of the same dtype.

    Returns:
        A new tensor, shape (M, N), of that dtype.
    """
    raise NotImplementedError
