"""One decomposition; each method is a list of factors."""

import torch
from torch import Tensor


def pinv(a: Tensor, *, rtol: float) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    kept = s > rtol * s[0]
    inverse = torch.where(kept, 1 / s, torch.zeros_like(s))
    return (vh.T * inverse) @ u.T


def solve(u: Tensor, s: Tensor, vh: Tensor, y: Tensor, factors: Tensor) -> Tensor:
    """See the stub."""
    coordinates = u.T @ y
    scaled = torch.where(s == 0, torch.zeros_like(s), factors * coordinates / s)
    return vh.T @ scaled


def truncation_filter(s: Tensor, k: int) -> Tensor:
    """See the stub."""
    return (torch.arange(len(s)) < k).to(s.dtype)


def ridge_filter(s: Tensor, strength: float) -> Tensor:
    """See the stub."""
    squares = s**2
    return torch.where(squares == 0, torch.zeros_like(s), squares / (squares + strength))


def descent_filter(s: Tensor, lr: float, steps: int) -> Tensor:
    """See the stub."""
    return 1 - (1 - lr * s**2) ** steps


def degrees_of_freedom(s: Tensor, strength: float) -> Tensor:
    """See the stub."""
    return ridge_filter(s, strength).sum()


def ridge_path(x: Tensor, y: Tensor, strengths: Tensor) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return torch.stack([solve(u, s, vh, y, ridge_filter(s, strength)) for strength in strengths.tolist()])


def ridge_with_bias(x: Tensor, y: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    mean_x, mean_y = x.mean(dim=0), y.mean()
    u, s, vh = torch.linalg.svd(x - mean_x, full_matrices=False)
    w = solve(u, s, vh, y - mean_y, ridge_filter(s, strength))
    return w, mean_y - mean_x @ w
