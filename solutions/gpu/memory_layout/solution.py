"""Strides as running products; layouts by permuting, copying and permuting back; segments as a set."""

from torch import Tensor


def strides_of(shape: tuple[int, ...], order: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    strides, step = [0] * len(shape), 1
    for axis in reversed(order):
        strides[axis] = step
        step *= shape[axis]
    return tuple(strides)


def to_channels_last(x: Tensor) -> Tensor:
    """See the stub."""
    return x.permute(0, 2, 3, 1).clone().contiguous().permute(0, 3, 1, 2)


def transactions(stride: int, element_size: int, *, warp: int = 32, segment: int = 32, offset: int = 0) -> int:
    """See the stub."""
    starts = (offset + thread * stride * element_size for thread in range(warp))
    return len({start // segment for start in starts})


def axis_to_run_along(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """See the stub."""
    candidates = [axis for axis, size in enumerate(shape) if size > 1]
    return min(candidates, key=lambda axis: strides[axis])
