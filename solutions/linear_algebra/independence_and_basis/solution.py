"""Everything is read off the reduced row echelon form."""

import torch
from torch import Tensor

TINY = 1e-9


def rref(a: Tensor) -> tuple[Tensor, list[int]]:
    """See the stub."""
    work, threshold = a.clone(), TINY * a.abs().max()
    pivots: list[int] = []
    for column in range(a.shape[1]):
        row = len(pivots)
        if row == len(a):
            break
        best = row + int(work[row:, column].abs().argmax())
        if work[best, column].abs() <= threshold:
            work[row:, column] = 0
            continue
        work[[row, best]] = work[[best, row]]
        work[row] = work[row] / work[row, column]
        others = torch.arange(len(a)) != row
        work[others] -= torch.outer(work[others, column], work[row])
        pivots.append(column)
    return work, pivots


def rank(a: Tensor) -> int:
    """See the stub."""
    return len(rref(a)[1])


def is_independent(vectors: Tensor) -> bool:
    """See the stub."""
    return rank(vectors) == vectors.shape[1]


def express(v: Tensor, vectors: Tensor) -> Tensor | None:
    """See the stub."""
    k = vectors.shape[1]
    reduced, pivots = rref(torch.cat([vectors, v[:, None]], dim=1))
    if k in pivots:
        return None
    coefficients = v.new_zeros(k)
    coefficients[pivots] = reduced[: len(pivots), k]
    return coefficients


def column_basis(a: Tensor) -> Tensor:
    """See the stub."""
    _, pivots = rref(a)
    return a[:, pivots]


def null_space(a: Tensor) -> Tensor:
    """See the stub."""
    reduced, pivots = rref(a)
    n = a.shape[1]
    free = [column for column in range(n) if column not in pivots]
    basis = a.new_zeros(n, len(free))
    basis[free, range(len(free))] = 1
    basis[pivots] = -reduced[: len(pivots), free]
    return basis


def same_span(a: Tensor, b: Tensor) -> bool:
    """See the stub."""
    both = rank(torch.cat([a, b], dim=1))
    return rank(a) == both and rank(b) == both


def dimensions(a: Tensor) -> tuple[int, int, int, int]:
    """See the stub."""
    m, n = a.shape
    r = rank(a)
    return r, r, n - r, m - r
