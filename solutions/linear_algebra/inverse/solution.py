"""Gauss–Jordan for the inverse, minors for the determinant, and two lines for each gradient."""

import torch
from torch import Tensor


def inverse(a: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or a.shape[0] != a.shape[1]:
        raise ValueError("a has to be a square matrix")
    n = len(a)
    work = torch.cat([a, torch.eye(n, dtype=a.dtype)], dim=1)
    for k in range(n):
        best = k + int(work[k:, k].abs().argmax())
        if work[best, k] == 0:
            raise ValueError("a is singular")
        work[[k, best]] = work[[best, k]]
        work[k] = work[k] / work[k, k]
        others = torch.arange(n) != k
        work[others] -= torch.outer(work[others, k], work[k])
    return work[:, n:].clone()


def inverse_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return -output.T @ grad_output @ output.T


def _without(a: Tensor, row: int, column: int) -> Tensor:
    keep = torch.arange(len(a))
    return a[keep != row][:, keep != column]


def adjugate(a: Tensor) -> Tensor:
    """See the stub."""
    n = len(a)
    if n == 1:
        return torch.ones_like(a)
    cofactors = torch.empty_like(a)
    for i in range(n):
        for j in range(n):
            cofactors[i, j] = (-1) ** (i + j) * determinant(_without(a, i, j))
    return cofactors.T.contiguous()


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    if len(a) == 1:
        return a[0, 0].clone()
    return sum((-1) ** j * a[0, j] * determinant(_without(a, 0, j)) for j in range(len(a)))


def determinant_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return grad_output * adjugate(a).T


def log_det(a: Tensor) -> Tensor:
    """See the stub."""
    return determinant(a).abs().log()


def log_det_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return grad_output * inverse(a).T


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return inverse(a) @ b


def solve_backward(grad_output: Tensor, a: Tensor, output: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_b = inverse(a).T @ grad_output
    return -torch.outer(grad_b, output), grad_b


def update_inverse(inverse_of_a: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    left, right = inverse_of_a @ u, v @ inverse_of_a
    room = 1 + v @ left
    if room == 0:
        raise ValueError("a + u · vᵀ is singular")
    return inverse_of_a - torch.outer(left, right) / room
