"""Keys loaded as columns, exponentials in base 2, a finite number for what is hidden."""

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def attention_kernel(
    q_ptr, k_ptr, v_ptr, out_ptr, lse_ptr,
    T, S, scale,
    CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_T: tl.constexpr, BLOCK_S: tl.constexpr,
):  # fmt: skip
    head = tl.program_id(1)
    q_ptr += head * T * D
    out_ptr += head * T * D
    k_ptr += head * S * D
    v_ptr += head * S * D
    t = tl.program_id(0) * BLOCK_T + tl.arange(0, BLOCK_T)[:, None]
    d = tl.arange(0, D)
    q = tl.load(q_ptr + t * D + d[None, :], mask=t < T, other=0.0) * (scale * 1.4426950408889634)
    top = tl.full((BLOCK_T, 1), -1e30, dtype=tl.float32)
    total = tl.zeros((BLOCK_T, 1), dtype=tl.float32)
    acc = tl.zeros((BLOCK_T, D), dtype=tl.float32)
    tiles = tl.cdiv(S, BLOCK_S)
    if CAUSAL:
        tiles = tl.minimum(tiles, tl.cdiv((tl.program_id(0) + 1) * BLOCK_T, BLOCK_S))
    for tile in range(tiles):
        s = tile * BLOCK_S + tl.arange(0, BLOCK_S)
        keys = tl.load(k_ptr + s[None, :] * D + d[:, None], mask=s[None, :] < S, other=0.0)
        seen = (s[None, :] < S) & (t < T)
        if CAUSAL:
            seen &= s[None, :] <= t
        score = tl.where(seen, tl.dot(q, keys, input_precision="ieee"), -1e30)
        before = top
        top = tl.maximum(before, tl.max(score, axis=1, keep_dims=True))
        shrink = tl.exp2(before - top)
        p = tl.where(seen, tl.exp2(score - top), 0.0)
        total = total * shrink + tl.sum(p, axis=1, keep_dims=True)
        values = tl.load(v_ptr + s[:, None] * D + d[None, :], mask=s[:, None] < S, other=0.0)
        acc = tl.dot(p, values, acc * shrink, input_precision="ieee")
    total = tl.where(t < T, total, 1.0)
    tl.store(out_ptr + t * D + d[None, :], acc / total, mask=t < T)
    tl.store(lse_ptr + head * T + t, (top + tl.log2(total)) * 0.6931471805599453, mask=t < T)


def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> tuple[Tensor, Tensor]:
    heads, queries, keys, size = q.shape[0] * q.shape[1], q.shape[2], k.shape[2], q.shape[3]
    out = torch.zeros(q.shape, device=q.device)
    lse = torch.zeros(q.shape[:3], device=q.device)
    attention_kernel[-(-queries // 32), heads](
        q, k, v, out, lse, queries, keys, 1 / size**0.5, CAUSAL=causal, D=size, BLOCK_T=32, BLOCK_S=32
    )
    return out, lse
