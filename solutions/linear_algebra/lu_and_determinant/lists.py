"""Lists of numbers: rows swapped whole, swaps counted, and cofactors down the first column."""

import torch
from torch import Tensor


def lu(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    perm, lower, upper, _ = _eliminate(a)
    return torch.tensor(perm), torch.tensor(lower, dtype=a.dtype), torch.tensor(upper, dtype=a.dtype)


def solve(perm: Tensor, lower: Tensor, upper: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    columns = b.reshape(len(b), -1).T.tolist()
    factors = perm.tolist(), lower.tolist(), upper.tolist()
    return torch.tensor([_solve(*factors, column) for column in columns], dtype=b.dtype).T.reshape(b.shape)


def _solve(perm: list[int], lower: list[list[float]], upper: list[list[float]], b: list[float]) -> list[float]:
    """Column by column: as soon as an unknown is known, its share is taken off all other rows."""
    rest, n = [b[p] for p in perm], len(b)
    for k in range(n):
        for i in range(k + 1, n):
            rest[i] -= lower[i][k] * rest[k]
    for k in range(n - 1, -1, -1):
        rest[k] /= upper[k][k]
        for i in range(k):
            rest[i] -= upper[i][k] * rest[k]
    return rest


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    _, _, upper, product = _eliminate(a)
    for k in range(len(upper)):
        product *= upper[k][k]
    return torch.tensor(product, dtype=a.dtype)


def determinant_by_cofactors(a: Tensor) -> Tensor:
    """See the stub."""
    if a.ndim != 2 or a.size(0) != a.size(1):
        raise ValueError("not square")
    return torch.tensor(_expand(a.tolist()), dtype=a.dtype)


def _expand(rows: list[list[float]]) -> float:
    if not rows:
        return 1
    return sum((-1) ** i * row[0] * _expand([r[1:] for r in rows[:i] + rows[i + 1 :]]) for i, row in enumerate(rows))


def _eliminate(a: Tensor) -> tuple[list[int], list[list[float]], list[list[float]], float]:
    if a.ndim != 2 or a.size(0) != a.size(1):
        raise ValueError("not square")
    n, upper, sign = len(a), a.tolist(), 1.0
    perm, lower = list(range(n)), [[0.0] * n for _ in range(n)]
    for k in range(n):
        best = max(range(k, n), key=lambda row: abs(upper[row][k]))
        if best != k:
            sign = -sign
            for rows in (perm, lower, upper):
                rows[k], rows[best] = rows[best], rows[k]
        for i in range(k + 1, n):
            if upper[k][k] != 0:
                lower[i][k] = upper[i][k] / upper[k][k]
                upper[i] = [0.0 if j <= k else p - lower[i][k] * upper[k][j] for j, p in enumerate(upper[i])]
        lower[k][k] = 1.0
    return perm, lower, upper, sign
