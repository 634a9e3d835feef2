"""Where a tensor's elements lie, and what it costs a GPU to fetch them.

Read the lesson first (`tutor lesson memory_layout`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def strides_of(shape: tuple[int, ...], order: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a tensor without gaps whose axes lie in memory in this order.

    Args:
        shape: the sizes of the axes, all at least 1.
        order: the axes from the slowest to the fastest, a permutation of 0 … n − 1. (0, 1, …, n − 1) is torch's usual
            contiguous layout; (0, 2, 3, 1) for (N, C, H, W) is channels last.

    Returns:
        For each axis (in the order of `shape`) how many elements lie between neighbours along it.
    """
    raise NotImplementedError


def to_channels_last(x: Tensor) -> Tensor:
    """A copy of x whose channels lie next to each other in memory.

    Args:
        x: shape (N, C, H, W), in any layout.

    Returns:
        The same shape and values, in memory of its own without gaps, axes in the order N, H, W, C. x must not be
        changed.
    """
    raise NotImplementedError


def transactions(stride: int, element_size: int, *, warp: int = 32, segment: int = 32, offset: int = 0) -> int:
    """How many segments of memory a warp touches when it reads one element a thread.

    Args:
        stride: elements between those of neighbouring threads, at least 0.
        element_size: bytes, a power of two, at most `segment`.
        warp: threads; thread t reads the element_size bytes that begin at byte offset + t · stride · element_size.
        segment: bytes of one transaction; segment s is the bytes s · segment … (s + 1) · segment − 1.
        offset: bytes, a multiple of element_size.

    Returns:
        The number of different segments.
    """
    raise NotImplementedError


def axis_to_run_along(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """The axis along which consecutive threads should go: the one with the smallest stride.

    Args:
        shape: sizes; at least one is more than 1.
        strides: in elements, positive.

    Returns:
        Among the axes of size more than 1, the one with the smallest stride; the first of them if several have it.
    """
    raise NotImplementedError
