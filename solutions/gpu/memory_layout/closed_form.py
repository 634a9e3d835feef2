"""Products of slices, a filled tensor, and a formula where the accesses are dense."""

import math

import torch
from torch import Tensor


def strides_of(shape: tuple[int, ...], order: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    return tuple(math.prod(shape[later] for later in order[order.index(axis) + 1 :]) for axis in range(len(shape)))


def to_channels_last(x: Tensor) -> Tensor:
    """See the stub."""
    n, c, h, w = x.shape
    out = torch.empty(n, h, w, c, dtype=x.dtype, device=x.device)
    out.copy_(x.movedim(1, 3))
    return out.movedim(3, 1)


def transactions(stride: int, element_size: int, *, warp: int = 32, segment: int = 32, offset: int = 0) -> int:
    """See the stub."""
    step = stride * element_size
    if step >= segment:
        return warp
    return (offset + (warp - 1) * step) // segment - offset // segment + 1


def axis_to_run_along(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """See the stub."""
    return min((stride, axis) for axis, (size, stride) in enumerate(zip(shape, strides, strict=True)) if size > 1)[1]
