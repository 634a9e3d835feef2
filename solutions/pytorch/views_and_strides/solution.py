"""All of it is one sum: offset + Σ index · stride."""

from torch import Tensor


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    strides, stride = [], 1
    for size in reversed(shape):
        strides.append(stride)
        stride *= size
    return tuple(reversed(strides))


def memory_offset(
    index: tuple[int, ...], strides: tuple[int, ...], storage_offset: int = 0, shape: tuple[int, ...] | None = None
) -> int:
    """See the stub."""
    if shape is not None:
        index = tuple(i + size if i < 0 else i for i, size in zip(index, shape, strict=True))
    return storage_offset + sum(i * stride for i, stride in zip(index, strides, strict=True))


def is_contiguous(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """See the stub."""
    if 0 in shape:
        return True
    expected = contiguous_strides(shape)
    return all(a == b or size == 1 for a, b, size in zip(strides, expected, shape, strict=True))


def windows(x: Tensor, size: int, step: int) -> Tensor:
    """See the stub."""
    if not 1 <= size <= len(x) or step < 1:
        raise ValueError(f"windows of {size}, {step} apart, over {len(x)} elements")
    count = (len(x) - size) // step + 1
    stride = x.stride(0)
    return x.as_strided((count, size), (step * stride, stride))


def repeat_rows(row: Tensor, n: int) -> Tensor:
    """See the stub."""
    return row.as_strided((n, len(row)), (0, row.stride(0)))
