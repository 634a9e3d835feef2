"""Sums over singular triples, one term after the other; the path in one product."""

import torch
from torch import Tensor


def pinv(a: Tensor, *, rtol: float) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    total = torch.zeros(a.shape[1], a.shape[0], dtype=a.dtype)
    for i, value in enumerate(s.tolist()):
        if value > rtol * s.max().item():
            total += vh[i, :, None] * u[:, i] / value
    return total


def solve(u: Tensor, s: Tensor, vh: Tensor, y: Tensor, factors: Tensor) -> Tensor:
    """See the stub."""
    w = torch.zeros(vh.shape[1], dtype=vh.dtype)
    for i in range(len(s)):
        if s[i] != 0:
            w = w + factors[i] * (u[:, i] * y).sum() / s[i] * vh[i]
    return w


def truncation_filter(s: Tensor, k: int) -> Tensor:
    """See the stub."""
    factors = torch.zeros_like(s)
    factors[:k] = 1
    return factors


def ridge_filter(s: Tensor, strength: float) -> Tensor:
    """See the stub."""
    return torch.tensor([v * v / (v * v + strength) if v else 0.0 for v in s.tolist()], dtype=s.dtype)


def descent_filter(s: Tensor, lr: float, steps: int) -> Tensor:
    """See the stub."""
    return torch.tensor([1 - (1 - lr * v * v) ** steps for v in s.tolist()], dtype=s.dtype)


def degrees_of_freedom(s: Tensor, strength: float) -> Tensor:
    """See the stub."""
    return len(s) - (strength / (s.square() + strength)).sum()


def ridge_path(x: Tensor, y: Tensor, strengths: Tensor) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return torch.einsum("kr,r,rd->kd", s / (s * s + strengths[:, None]), y @ u, vh)


def ridge_with_bias(x: Tensor, y: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    w = ridge_path(x - x.mean(dim=0), y, torch.tensor([strength], dtype=x.dtype))[0]
    return w, (y - x @ w).mean()
