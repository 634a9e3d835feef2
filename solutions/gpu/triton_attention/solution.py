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
    first = tl.program_id(0) * BLOCK_T
    head = tl.program_id(1)
    t = first + tl.arange(0, BLOCK_T)
    d = tl.arange(0, D)
    q_at = (head * T + t[:, None]) * D + d[None, :]
    q = tl.load(q_ptr + q_at, mask=t[:, None] < T, other=0.0)
    top = tl.full((BLOCK_T,), -float("inf"), dtype=tl.float32)
    total = tl.zeros((BLOCK_T,), dtype=tl.float32)
    acc = tl.zeros((BLOCK_T, D), dtype=tl.float32)
    end = S
    if CAUSAL:
        end = tl.minimum(S, first + BLOCK_T)
    for start in range(0, end, BLOCK_S):
        s = start + tl.arange(0, BLOCK_S)
        k_at = (head * S + s[:, None]) * D + d[None, :]
        k = tl.load(k_ptr + k_at, mask=s[:, None] < S, other=0.0)
        v = tl.load(v_ptr + k_at, mask=s[:, None] < S, other=0.0)
        score = tl.dot(q, tl.trans(k), input_precision="ieee") * scale
        seen = (s[None, :] < S) & (t[:, None] >= 0)
        if CAUSAL:
            seen = seen & (s[None, :] <= t[:, None])
        score = tl.where(seen, score, -float("inf"))
        new_top = tl.maximum(top, tl.max(score, axis=1))
        shrink = tl.exp(top - new_top)
        p = tl.exp(score - new_top[:, None])
        total = total * shrink + tl.sum(p, axis=1)
        acc = acc * shrink[:, None] + tl.dot(p, v, input_precision="ieee")
        top = new_top
    tl.store(out_ptr + q_at, acc / total[:, None], mask=t[:, None] < T)
    tl.store(lse_ptr + head * T + t, top + tl.log(total), mask=t < T)


def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> tuple[Tensor, Tensor]:
    N, H, T, D = q.shape
    S = k.shape[2]
    out = torch.empty_like(q)
    lse = torch.empty((N, H, T), device=q.device)
    block = 32
    grid = (triton.cdiv(T, block), N * H)
    attention_kernel[grid](q, k, v, out, lse, T, S, D**-0.5, CAUSAL=causal, D=D, BLOCK_T=block, BLOCK_S=block)
    return out, lse
