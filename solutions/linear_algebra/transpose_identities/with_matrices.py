"""The maps as matrices, column by column, and sums as einsum."""

import torch
from torch import Tensor


def transpose(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("...ij->...ji", a)


def split(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    symmetric = 0.5 * (a + transpose(a))
    return symmetric, a - symmetric


def outer(u: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("...i,...j->...ij", u, v)


def product_from_transposes(factors: list[Tensor]) -> Tensor:
    """See the stub."""
    out = factors[0].T
    for factor in factors[1:]:
        out = out @ factor.T
    return out


def solve_transposed(inverse: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return (inverse.T @ b.unsqueeze(-1)).squeeze(-1)


def bilinear(x: Tensor, a: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("...i,ij,...j->...", x, a, y)


def bilinear_backward(grad_output: Tensor, x: Tensor, a: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    return (
        torch.einsum("...,ij,...j->...i", grad_output, a, y),
        torch.einsum("...,...i,...j->ij", grad_output, x, y),
        torch.einsum("...,...i,ij->...j", grad_output, x, a),
    )


def crop_transposed(y: Tensor, start: int, size: int) -> Tensor:
    """See the stub."""
    matrix = torch.eye(size, dtype=y.dtype)[start : start + y.shape[-1]]
    return y @ matrix


def repeat_transposed(y: Tensor, times: int) -> Tensor:
    """See the stub."""
    matrix = torch.eye(y.shape[-1] // times, dtype=y.dtype).repeat(times, 1)
    return y @ matrix


def difference_transposed(y: Tensor) -> Tensor:
    """See the stub."""
    identity = torch.eye(y.shape[-1] + 1, dtype=y.dtype)
    return y @ (identity[1:] - identity[:-1])
