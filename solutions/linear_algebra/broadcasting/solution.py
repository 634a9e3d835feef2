"""Shapes are aligned at their ends; what was repeated forward is summed backward."""

from itertools import zip_longest

from torch import Tensor


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    shape = []
    for one, other in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if one != other and 1 not in (one, other):
            raise ValueError(f"{a} and {b} don't fit together: {one} and {other}")
        shape.append(other if one == 1 else one)
    return tuple(reversed(shape))


def unbroadcast(grad_output: Tensor, shape: tuple[int, ...]) -> Tensor:
    """See the stub."""
    new = grad_output.dim() - len(shape)
    grad = grad_output.sum(dim=tuple(range(new))) if new else grad_output.clone()
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim=axis, keepdim=True)
    return grad


def multiply_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return unbroadcast(grad_output * b, a.shape), unbroadcast(grad_output * a, b.shape)
