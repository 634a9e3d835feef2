"""The angle of each rotation from an arctangent; columns in a list; sums of outer products."""

import math

import torch
from torch import Tensor


def rotation(p: Tensor, q: Tensor) -> tuple[float, float]:
    """See the stub: tan(2θ) = 2 p·q / (q·q − p·p), and |θ| ≤ 45°."""
    pq, difference = float((p * q).sum()), float((q * q).sum() - (p * p).sum())
    if pq == 0:
        return 1.0, 0.0
    angle = math.atan(2 * pq / difference) / 2 if difference else math.pi / 4
    return math.cos(angle), math.sin(angle)


def svd(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if len(a) < a.shape[1]:
        u, s, vh = svd(a.transpose(0, 1))
        return vh.transpose(0, 1), s, u.transpose(0, 1)
    n = a.shape[1]
    columns = list(torch.cat([a, torch.eye(n, dtype=a.dtype)]).unbind(1))  # V rides along below A
    m = len(a)
    for _ in range(8):
        for i in range(n):
            for j in range(i):
                c, s = rotation(columns[i][:m], columns[j][:m])
                columns[i], columns[j] = c * columns[i] - s * columns[j], s * columns[i] + c * columns[j]
    columns.sort(key=lambda column: -float(column[:m].norm()))
    both = torch.stack(columns, dim=1)
    s = both[:m].norm(dim=0)
    return both[:m] / s, s, both[m:].T


def low_rank(u: Tensor, s: Tensor, vh: Tensor, k: int) -> Tensor:
    """See the stub."""
    return sum(s[i] * torch.outer(u[:, i], vh[i]) for i in range(k))


def truncation_errors(s: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if k == len(s):
        return torch.zeros((), dtype=s.dtype), torch.zeros((), dtype=s.dtype)
    return s[k], s[k:].norm()


def compress_layer(weight: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, s, vh = svd(weight)
    scale = torch.diag(torch.sqrt(s))
    return (u @ scale)[:, :k], (scale @ vh)[:k]
