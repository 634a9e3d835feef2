"""Whole reflection matrices, 2 × 2 blocks by the formula, and recursion for deflation."""

import torch
from torch import Tensor


def reflector(x: Tensor) -> Tensor:
    """See the stub."""
    if not x.any():
        return torch.zeros_like(x)
    first = torch.zeros_like(x)
    first[0] = torch.where(x[0] < 0, -1.0, 1.0) * (x * x).sum().sqrt()
    return (x + first) / (x + first).square().sum().sqrt()


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub: whole reflection matrices, one after the other."""
    n = len(a)
    r, q = a, torch.eye(n, dtype=a.dtype)
    for j in range(n):
        v = torch.cat([torch.zeros(j, dtype=a.dtype), reflector(r[j:, j])])
        mirror = torch.eye(n, dtype=a.dtype) - 2 * v[:, None] * v
        r, q = mirror @ r, q @ mirror
    signs = torch.diag(torch.where(torch.diagonal(r) < 0, -1.0, 1.0).to(a.dtype))
    return q @ signs, torch.triu(signs @ r)


def wilkinson_shift(a: Tensor) -> float:
    """See the stub."""
    (p, q), (_, r) = a[-2:, -2:].tolist()
    middle, radius = (p + r) / 2, (((p - r) / 2) ** 2 + q * q) ** 0.5
    return middle - radius if r < p else middle + radius


def qr_step(a: Tensor, shift: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    q, _ = qr(a - shift * torch.eye(len(a), dtype=a.dtype))
    return q.T @ a @ q, q


def eigh(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n = len(a)
    total, work = torch.eye(n, dtype=a.dtype), a
    for _ in range(100):
        if n == 1 or work[-1, :-1].abs().max() <= 1e-15 * a.abs().max():
            break
        work, q = qr_step(work, wilkinson_shift(work))
        total = total @ q
    if n == 1:
        return a[0], total
    values, vectors = eigh(work[:-1, :-1])
    values, total = torch.cat([values, work[-1, -1:]]), torch.cat([total[:, :-1] @ vectors, total[:, -1:]], dim=1)
    order = torch.argsort(values)
    return values[order], total[:, order]
