import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def add_kernel(x_ptr, y_ptr, out_ptr, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    x = tl.load(x_ptr + i, mask=inside)
    y = tl.load(y_ptr + i, mask=inside)
    tl.store(out_ptr + i, x + y, mask=inside)


def add(x: Tensor, y: Tensor) -> Tensor:
    out = torch.empty_like(x)
    n = x.numel()
    add_kernel[(triton.cdiv(n, 1024),)](x, y, out, n, BLOCK=1024)
    return out


@triton.jit
def silu_mul_kernel(gate_ptr, x_ptr, out_ptr, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    gate = tl.load(gate_ptr + i, mask=inside)
    x = tl.load(x_ptr + i, mask=inside)
    tl.store(out_ptr + i, gate * tl.sigmoid(gate) * x, mask=inside)


def silu_mul(gate: Tensor, x: Tensor) -> Tensor:
    out = torch.empty_like(x)
    n = x.numel()
    silu_mul_kernel[(triton.cdiv(n, 1024),)](gate, x, out, n, BLOCK=1024)
    return out
