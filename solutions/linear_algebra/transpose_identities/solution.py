"""Each is the identity <A x, y> = <x, Aᵀ y>, read for another A."""

from functools import reduce

import torch
from torch import Tensor


def transpose(a: Tensor) -> Tensor:
    """See the stub."""
    return a.mT


def split(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return (a + a.mT) / 2, (a - a.mT) / 2


def outer(u: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    return u[..., :, None] * v[..., None, :]


def product_from_transposes(factors: list[Tensor]) -> Tensor:
    """See the stub."""
    return reduce(torch.matmul, factors[::-1]).T


def solve_transposed(inverse: Tensor, b: Tensor) -> Tensor:
    """See the stub: the transpose twice, of the inverse and of rows for columns, is none."""
    return b @ inverse


def bilinear(x: Tensor, a: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    return (x @ a * y).sum(dim=-1)


def bilinear_backward(grad_output: Tensor, x: Tensor, a: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    g = grad_output[..., None]
    grad_x = g * (y @ a.T)
    grad_y = g * (x @ a)
    grad_a = (g * x).reshape(-1, x.shape[-1]).T @ y.reshape(-1, y.shape[-1])
    return grad_x, grad_a, grad_y


def crop_transposed(y: Tensor, start: int, size: int) -> Tensor:
    """See the stub."""
    out = y.new_zeros(*y.shape[:-1], size)
    out[..., start : start + y.shape[-1]] = y
    return out


def repeat_transposed(y: Tensor, times: int) -> Tensor:
    """See the stub."""
    return y.reshape(*y.shape[:-1], times, -1).sum(dim=-2)


def difference_transposed(y: Tensor) -> Tensor:
    """See the stub."""
    zero = torch.zeros_like(y[..., :1])
    return torch.cat([zero, y], dim=-1) - torch.cat([y, zero], dim=-1)
