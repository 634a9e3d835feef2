"""The first kernels: every program works on a block of its own.

Read the lesson first (`tutor lesson triton_add`); `tutor hint` helps when you are stuck.
"""

import torch  # noqa: F401 (for your code)
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def add_kernel(x_ptr, y_ptr, out_ptr, n, BLOCK: tl.constexpr):
    """out[i] = x[i] + y[i] for i < n, in a grid of (⌈n/BLOCK⌉,) programs.

    Args:
        x_ptr, y_ptr, out_ptr: point to n contiguous elements each; what lies behind them must be left alone.
        n: how many elements.
        BLOCK: how many of them a program makes; a power of two.
    """
    raise NotImplementedError


def add(x: Tensor, y: Tensor) -> Tensor:
    """x + y, by `add_kernel`.

    Args:
        x, y: of one shape and dtype, on one device, contiguous.

    Returns:
        A new tensor of that shape and dtype.
    """
    raise NotImplementedError


@triton.jit
def silu_mul_kernel(gate_ptr, x_ptr, out_ptr, n, BLOCK: tl.constexpr):
    """out[i] = gate[i] · sigmoid(gate[i]) · x[i] for i < n, in a grid of (⌈n/BLOCK⌉,) programs.

    Args:
        gate_ptr, x_ptr, out_ptr: point to n contiguous elements each, float32.
        n: how many elements.
        BLOCK: how many of them a program makes; a power of two.
    """
    raise NotImplementedError


def silu_mul(gate: Tensor, x: Tensor) -> Tensor:
    """gate · sigmoid(gate) · x in one pass over memory, by `silu_mul_kernel`.

    Args:
        gate, x: of one shape, float32, on one device, contiguous.

    Returns:
        A new tensor of that shape.
    """
    raise NotImplementedError
