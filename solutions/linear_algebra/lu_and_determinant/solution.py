"""Elimination in place, the factors kept where the zeros would be."""

import torch
from torch import Tensor


def lu(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    _check(a)
    work, perm = a.clone(), torch.arange(len(a))
    for k in range(len(a)):
        best = k + int(work[k:, k].abs().argmax())
        work[[k, best]] = work[[best, k]]
        perm[[k, best]] = perm[[best, k]]
        if work[k, k] != 0:
            work[k + 1 :, k] /= work[k, k]
            work[k + 1 :, k + 1 :] -= work[k + 1 :, k, None] * work[k, k + 1 :]
    lower = work.tril(-1) + torch.eye(len(a), dtype=a.dtype)
    return perm, lower, work.triu()


def solve(perm: Tensor, lower: Tensor, upper: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    x = b[perm]
    for i in range(len(x)):
        x[i] -= lower[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - upper[i, i + 1 :] @ x[i + 1 :]) / upper[i, i]
    return x


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    perm, _, upper = lu(a)
    inversions = sum(int(perm[i] > perm[j]) for j in range(len(perm)) for i in range(j))
    sign = -1 if inversions % 2 else 1
    return sign * upper.diagonal().prod()


def determinant_by_cofactors(a: Tensor) -> Tensor:
    """See the stub."""
    _check(a)
    if len(a) == 1:
        return a[0, 0].clone()
    total = torch.zeros((), dtype=a.dtype)
    for j in range(len(a)):
        minor = torch.cat([a[1:, :j], a[1:, j + 1 :]], dim=1)
        total = total + (-1) ** j * a[0, j] * determinant_by_cofactors(minor)
    return total


def _check(a: Tensor) -> None:
    if a.dim() != 2 or a.shape[0] != a.shape[1]:
        raise ValueError(f"not a square matrix: {tuple(a.shape)}")
