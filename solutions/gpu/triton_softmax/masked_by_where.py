import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def softmax_kernel(x_ptr, out_ptr, x_stride, out_stride, cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    i = tl.arange(0, BLOCK)
    x = tl.load(x_ptr + row * x_stride + i, mask=i < cols, other=0.0)
    top = tl.max(tl.where(i < cols, x, float("-inf")), axis=0)
    e = tl.where(i < cols, tl.exp2((x - top) * 1.4426950408889634), 0.0)
    tl.store(out_ptr + row * out_stride + i, e / tl.sum(e, axis=0), mask=i < cols)


def softmax(x: Tensor) -> Tensor:
    out = torch.empty(x.shape, device=x.device)
    block = 1
    while block < x.shape[1]:
        block *= 2
    softmax_kernel[(x.shape[0],)](x, out, x.stride(0), out.stride(0), x.shape[1], BLOCK=block)
    return out
