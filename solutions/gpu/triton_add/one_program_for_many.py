"""A launch of few programs, each of which takes every so many blocks."""

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def add_kernel(x_ptr, y_ptr, out_ptr, n, BLOCK: tl.constexpr):
    for start in range(tl.program_id(0) * BLOCK, n, tl.num_programs(0) * BLOCK):
        i = start + tl.arange(0, BLOCK)
        tl.store(out_ptr + i, tl.load(x_ptr + i, i < n) + tl.load(y_ptr + i, i < n), i < n)


def add(x: Tensor, y: Tensor) -> Tensor:
    out = torch.empty_like(x)
    add_kernel[(min(triton.cdiv(x.numel(), 256), 4),)](x, y, out, x.numel(), BLOCK=256)
    return out


@triton.jit
def silu_mul_kernel(gate_ptr, x_ptr, out_ptr, n, BLOCK: tl.constexpr):
    for start in range(tl.program_id(0) * BLOCK, n, tl.num_programs(0) * BLOCK):
        i = start + tl.arange(0, BLOCK)
        gate = tl.load(gate_ptr + i, i < n)
        tl.store(out_ptr + i, gate / (1 + tl.exp(-gate)) * tl.load(x_ptr + i, i < n), i < n)


def silu_mul(gate: Tensor, x: Tensor) -> Tensor:
    out = torch.empty_like(x)
    silu_mul_kernel[(min(triton.cdiv(x.numel(), 256), 4),)](gate, x, out, x.numel(), BLOCK=256)
    return out
