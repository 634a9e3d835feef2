"""Reflect, multiply in the other order, shift, and cut off the last row as soon as it has decayed."""

import math

import torch
from torch import Tensor


def reflector(x: Tensor) -> Tensor:
    """See the stub."""
    v = x.clone()
    length = x.norm()
    if length == 0:
        return v
    v[0] += length if x[0] >= 0 else -length
    return v / v.norm()


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n = len(a)
    q, r = torch.eye(n, dtype=a.dtype), a.clone()
    for j in range(n):
        v = reflector(r[j:, j])
        r[j:] -= 2 * torch.outer(v, v @ r[j:])
        q[:, j:] -= 2 * torch.outer(q[:, j:] @ v, v)
    signs = torch.where(r.diagonal() < 0, -1.0, 1.0).to(a.dtype)
    return q * signs, (signs[:, None] * r).triu()


def wilkinson_shift(a: Tensor) -> float:
    """See the stub."""
    p, q, r = a[-2, -2].item(), a[-2, -1].item(), a[-1, -1].item()
    if q == 0:
        return r
    half = (p - r) / 2
    return r - math.copysign(q * q, half) / (abs(half) + math.hypot(half, q))


def qr_step(a: Tensor, shift: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    identity = torch.eye(len(a), dtype=a.dtype)
    q, r = qr(a - shift * identity)
    return r @ q + shift * identity, q


def eigh(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    work, vectors, scale = a.clone(), torch.eye(len(a), dtype=a.dtype), a.abs().max()
    for m in range(len(a), 1, -1):
        for _ in range(60):
            if work[m - 1, : m - 1].norm() <= 1e-15 * scale:
                break
            block, q = qr_step(work[:m, :m], wilkinson_shift(work[:m, :m]))
            work[:m, :m] = (block + block.T) / 2
            vectors[:, :m] = vectors[:, :m] @ q
    values = work.diagonal()
    order = values.argsort()
    return values[order], vectors[:, order]
