"""The other order: each column, once known, is taken off all that is left; and rows in plain Python."""

import math

import torch
from torch import Tensor


def cholesky(a: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or len(a) != a.shape[1]:
        raise ValueError("not square")
    rest, columns = a.clone(), []
    for j in range(len(a)):
        pivot = float(rest[j, j])
        if pivot <= 0 or math.isnan(pivot):
            raise ValueError("not positive definite")
        column = rest[:, j] / pivot**0.5
        column[:j] = 0
        rest -= torch.outer(column, column)
        columns.append(column)
    return torch.stack(columns, dim=1).tril()


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if b.dim() == 1:
        return solve(a, b[:, None])[:, 0]
    lower, n = cholesky(a), len(a)
    x = [row for row in b]
    for i in range(n):
        for j in range(i):
            x[i] = x[i] - lower[i, j] * x[j]
        x[i] = x[i] / lower[i, i]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] = x[i] - lower[j, i] * x[j]
        x[i] = x[i] / lower[i, i]
    return torch.stack(x)


def log_determinant(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.log(torch.diagonal(cholesky(a)).square()).sum()


def correlate(noise: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("ij,Nj->Ni", cholesky(covariance), noise) + mean


def log_density(x: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """See the stub."""
    centred = x - mean
    squared = (centred * solve(covariance, centred.T).T).sum(dim=1)
    return -0.5 * squared - 0.5 * log_determinant(covariance) - 0.5 * len(mean) * math.log(2 * math.pi)
