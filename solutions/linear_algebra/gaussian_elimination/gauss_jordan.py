"""Gauss–Jordan: clear above the diagonal too, so that no back substitution is left; in plain lists."""

import torch
from torch import Tensor


def _reduce(rows: list[list[float]], n: int) -> float:
    """Bring rows of n + k numbers to the identity on the left; the determinant, 0 where that is impossible."""
    determinant = 1.0
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(rows[i][k]))
        if rows[best][k] == 0:
            return 0.0
        if best != k:
            rows[k], rows[best] = rows[best], rows[k]
            determinant = -determinant
        pivot = rows[k][k]
        determinant *= pivot
        rows[k] = [value / pivot for value in rows[k]]
        for i in range(n):
            if i != k:
                factor = rows[i][k]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return determinant


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    n = len(a)
    rows = torch.cat([a, b.reshape(n, -1)], dim=1).tolist()
    if _reduce(rows, n) == 0:
        raise ValueError("no unique solution")
    return torch.tensor(rows, dtype=a.dtype)[:, n:].reshape(b.shape)


def inverse(a: Tensor) -> Tensor:
    """See the stub."""
    return solve(a, torch.eye(a.shape[0], dtype=a.dtype))


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.tensor(_reduce(a.tolist(), len(a)), dtype=a.dtype)
