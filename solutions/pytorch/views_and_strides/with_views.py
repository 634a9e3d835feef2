"""torch's own views where there are some, and products of the sizes to the right."""

import math

from torch import Tensor


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def memory_offset(
    index: tuple[int, ...], strides: tuple[int, ...], storage_offset: int = 0, shape: tuple[int, ...] | None = None
) -> int:
    """See the stub."""
    for axis, i in enumerate(index):
        storage_offset += strides[axis] * (i if i >= 0 else shape[axis] + i)
    return storage_offset


def is_contiguous(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """See the stub."""
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size > 1 and stride != expected and 0 not in shape:
            return False
        expected *= size
    return True


def windows(x: Tensor, size: int, step: int) -> Tensor:
    """See the stub."""
    if size < 1 or step < 1 or size > x.shape[0]:
        raise ValueError("no such windows")
    return x.unfold(0, size, step)


def repeat_rows(row: Tensor, n: int) -> Tensor:
    """See the stub."""
    return row[None].expand(n, -1)
