"""Pointers that move along K from step to step, with masks of what is left; rows past the edge are wrapped around."""

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
    m = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)[:, None]
    n = tl.program_id(1) * BLOCK_N + tl.arange(0, BLOCK_N)[None, :]
    k = tl.arange(0, BLOCK_K)
    # wrapped around: read twice, but never stored
    a_ptrs = a_ptr + (m % M) * stride_am + k[None, :] * stride_ak
    b_ptrs = b_ptr + k[:, None] * stride_bk + (n % N) * stride_bn
    total = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for step in range(tl.cdiv(K, BLOCK_K)):
        left = K - step * BLOCK_K
        a = tl.load(a_ptrs, mask=k[None, :] < left, other=0.0)
        b = tl.load(b_ptrs, mask=k[:, None] < left, other=0.0)
        total = tl.dot(a, b, total, input_precision="ieee")
        a_ptrs += BLOCK_K * stride_ak
        b_ptrs += BLOCK_K * stride_bk
    c_ptrs = c_ptr + m * stride_cm + n * stride_cn
    tl.store(c_ptrs, total.to(c_ptr.dtype.element_ty), mask=(m < M) & (n < N))


def matmul(a: Tensor, b: Tensor) -> Tensor:
    c = a.new_zeros(a.shape[0], b.shape[1])
    sizes = (a.shape[0], b.shape[1], a.shape[1])
    strides = (a.stride(0), a.stride(1), b.stride(0), b.stride(1), c.stride(0), c.stride(1))
    grid = lambda meta: (triton.cdiv(sizes[0], meta["BLOCK_M"]), triton.cdiv(sizes[1], meta["BLOCK_N"]))  # noqa: E731
    matmul_kernel[grid](a, b, c, *sizes, *strides, BLOCK_M=64, BLOCK_N=64, BLOCK_K=32)
    return c
