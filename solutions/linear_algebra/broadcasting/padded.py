"""Shapes filled up with ones first; then all axes are treated alike, in one sum."""

from torch import Tensor


def _fill(shape: tuple[int, ...], length: int) -> tuple[int, ...]:
    return (1,) * (length - len(shape)) + tuple(shape)


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    length = max(len(a), len(b))
    pairs = list(zip(_fill(a, length), _fill(b, length), strict=True))
    if any(one != other and min(one, other) != 1 and max(one, other) != 1 for one, other in pairs):
        raise ValueError("shapes differ in a size that is not 1")
    if any({one, other} == {0} | {max(one, other)} and max(one, other) > 1 for one, other in pairs):
        raise ValueError("0 and more than 1 don't fit together")
    return tuple(one * other if 1 in (one, other) else one for one, other in pairs)


def unbroadcast(grad_output: Tensor, shape: tuple[int, ...]) -> Tensor:
    """See the stub."""
    filled = _fill(shape, grad_output.dim())
    axes = [axis for axis, size in enumerate(filled) if size == 1]
    return (grad_output.sum(dim=axes, keepdim=True) if axes else grad_output + 0).reshape(shape)


def multiply_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return unbroadcast(b * grad_output, tuple(a.shape)), unbroadcast(a * grad_output, tuple(b.shape))
