"""Attention's forward pass in one kernel, which never builds the matrix of scores.

Read the lesson first (`tutor lesson triton_attention`); `tutor hint` helps when you are stuck.
"""

import torch  # noqa: F401 (for your code)
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def attention_kernel(
    q_ptr, k_ptr, v_ptr, out_ptr, lse_ptr,
    T, S, scale,
    CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_T: tl.constexpr, BLOCK_S: tl.constexpr,
):  # fmt: skip
    """out = softmax(scale · Q Kᵀ) V; program (p, h) of a grid (⌈T/BLOCK_T⌉, heads) makes rows p·BLOCK_T … of head h.

    Args:
        q_ptr, out_ptr: shape (heads, T, D), contiguous, float32.
        k_ptr, v_ptr: shape (heads, S, D), contiguous, float32.
        lse_ptr: shape (heads, T), float32: where log Σₛ exp(score) of each row goes.
        T, S: numbers of queries and keys, from 1, not only multiples of the blocks. What lies behind the tensors must
            be left alone, and not be read into the result.
        scale: what the products are multiplied with.
        CAUSAL: if true, query t sees the keys 0 … t only; then T = S.
        D: size of a head, a power of two, at least 16.
        BLOCK_T, BLOCK_S: powers of two, at least 16.
    """
    raise NotImplementedError


def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> tuple[Tensor, Tensor]:
    """Attention with scale 1/√D, by `attention_kernel`.

    Args:
        q: shape (N, H, T, D), float32, contiguous; D a power of two, at least 16.
        k, v: shape (N, H, S, D), likewise.
        causal: whether query t sees the keys 0 … t only; then T = S.

    Returns:
        out, shape (N, H, T, D), and the rows' log-sum-exp of the scaled scores, shape (N, H, T).
    """
    raise NotImplementedError
