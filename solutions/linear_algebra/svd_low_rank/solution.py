"""One-sided Jacobi: rotate pairs of columns until all are at right angles to each other."""

import math

import torch
from torch import Tensor


def rotation(p: Tensor, q: Tensor) -> tuple[float, float]:
    """See the stub."""
    pp, qq, pq = (torch.dot(x, y).item() for x, y in ((p, p), (q, q), (p, q)))
    if pq == 0:
        return 1.0, 0.0
    zeta = (qq - pp) / (2 * pq)
    tangent = math.copysign(1.0, zeta) / (abs(zeta) + math.hypot(1.0, zeta))
    c = 1 / math.hypot(1.0, tangent)
    return c, c * tangent


def svd(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if a.shape[0] < a.shape[1]:
        u, s, vh = svd(a.T)
        return vh.T, s, u.T
    work, v = a.clone(), torch.eye(a.shape[1], dtype=a.dtype)
    for _ in range(30):
        if is_orthogonal(work):
            break
        for i in range(a.shape[1]):
            for j in range(i + 1, a.shape[1]):
                c, s = rotation(work[:, i], work[:, j])
                turn = torch.tensor([[c, s], [-s, c]], dtype=a.dtype)
                work[:, [i, j]] = work[:, [i, j]] @ turn
                v[:, [i, j]] = v[:, [i, j]] @ turn
    lengths = work.norm(dim=0)
    order = lengths.argsort(descending=True)
    lengths = lengths[order]
    u = work[:, order] / lengths
    return u, lengths, v[:, order].T


def is_orthogonal(work: Tensor) -> bool:
    """Whether the columns are at right angles, up to rounding."""
    unit = work / work.norm(dim=0)
    return bool(((unit.T @ unit).triu(1).abs() < 1e-14).all())


def low_rank(u: Tensor, s: Tensor, vh: Tensor, k: int) -> Tensor:
    """See the stub."""
    return u[:, :k] * s[:k] @ vh[:k]


def truncation_errors(s: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    rest = s[k:]
    spectral = rest[0] if len(rest) else s.new_zeros(())
    return spectral, rest.square().sum().sqrt()


def compress_layer(weight: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, s, vh = svd(weight)
    root = s[:k].sqrt()
    return u[:, :k] * root, root[:, None] * vh[:k]
