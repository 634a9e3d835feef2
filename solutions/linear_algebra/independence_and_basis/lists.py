"""Lists of Python floats: down to a staircase first, then up again."""

import torch
from torch import Tensor


def rref(a: Tensor) -> tuple[Tensor, list[int]]:
    """See the stub."""
    rows = a.tolist()
    tiny = 1e-9 * max(abs(x) for row in rows for x in row)
    pivots: list[int] = []
    for j in range(len(rows[0])):
        done = len(pivots)
        rest = sorted(rows[done:], key=lambda row: -abs(row[j]))
        if not rest or abs(rest[0][j]) <= tiny:
            continue
        lead = [x / rest[0][j] for x in rest[0]]
        rows[done:] = [lead, *([x - row[j] * y for x, y in zip(row, lead, strict=True)] for row in rest[1:])]
        pivots.append(j)
    for i, j in reversed(list(enumerate(pivots))):
        for above in range(i):
            rows[above] = [x - rows[above][j] * y for x, y in zip(rows[above], rows[i], strict=True)]
    clean = [row if i < len(pivots) else [0.0] * len(row) for i, row in enumerate(rows)]
    return torch.tensor(clean, dtype=a.dtype), pivots


def rank(a: Tensor) -> int:
    """See the stub."""
    _, pivots = rref(a)
    return len(pivots)


def is_independent(vectors: Tensor) -> bool:
    """See the stub."""
    return null_space(vectors).shape[1] == 0


def express(v: Tensor, vectors: Tensor) -> Tensor | None:
    """See the stub."""
    reduced, pivots = rref(torch.column_stack([vectors, v]))
    k = vectors.shape[1]
    if pivots and pivots[-1] == k:
        return None
    found = dict(zip(pivots, reduced[:, -1].tolist(), strict=False))
    return torch.tensor([found.get(j, 0.0) for j in range(k)], dtype=v.dtype)


def column_basis(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([a[:, j] for j in rref(a)[1]], dim=1)


def null_space(a: Tensor) -> Tensor:
    """See the stub."""
    reduced, pivots = rref(a)
    n, basis = a.shape[1], []
    for j in sorted(set(range(n)) - set(pivots)):
        x = [0.0] * n
        x[j] = 1.0
        for i, pivot in enumerate(pivots):
            x[pivot] = -reduced[i, j].item()
        basis.append(x)
    return torch.tensor(basis, dtype=a.dtype).reshape(-1, n).T.contiguous()


def same_span(a: Tensor, b: Tensor) -> bool:
    """See the stub."""
    return all(express(v, a) is not None for v in b.T) and all(express(v, b) is not None for v in a.T)


def dimensions(a: Tensor) -> tuple[int, int, int, int]:
    """See the stub."""
    return rank(a), rank(a.T), null_space(a).shape[1], null_space(a.T).shape[1]
