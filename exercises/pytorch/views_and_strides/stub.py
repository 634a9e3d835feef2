"""Strides: how a tensor's shape is laid over its memory, and what can be had without copying.

Read the lesson first (`tutor lesson views_and_strides`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a fresh tensor of this shape, in elements: the last axis runs fastest.

    Args:
        shape: sizes of at least 1; () for a tensor without axes.

    Returns:
        One stride for each axis, as `torch.empty(shape).stride()` gives them.
    """
    raise NotImplementedError


def memory_offset(
    index: tuple[int, ...], strides: tuple[int, ...], storage_offset: int = 0, shape: tuple[int, ...] | None = None
) -> int:
    """The place in memory of one element, counted in elements.

    Args:
        index: one number for each axis. Negative ones count from the end; only then `shape` is needed, and given.
        strides: of the tensor.
        storage_offset: where its first element lies.
        shape: of the tensor.
    """
    raise NotImplementedError


def is_contiguous(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether walking through the tensor in order of its indices walks through memory without gaps or jumps.

    The stride of an axis of length 1 doesn't matter (one never walks along it), and a tensor without elements is
    contiguous.
    """
    raise NotImplementedError


def windows(x: Tensor, size: int, step: int) -> Tensor:
    """All windows of a signal, as a view: no number is copied.

    Args:
        x: shape (L,), not necessarily contiguous.
        size: of a window, between 1 and L.
        step: between the beginnings of two neighbouring windows, at least 1.

    Returns:
        Shape (floor((L − size) / step) + 1, size), in the memory of `x`.

    Raises:
        ValueError: if size or step is out of range.
    """
    raise NotImplementedError


def repeat_rows(row: Tensor, n: int) -> Tensor:
    """n times the same row, as a view: no number is copied.

    Args:
        row: shape (D,).
        n: at least 1.

    Returns:
        Shape (n, D), in the memory of `row`.
    """
    raise NotImplementedError
