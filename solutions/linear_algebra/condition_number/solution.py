"""Singular values say it all; least squares by Q and R, without ever squaring the matrix."""

import math

import torch
from torch import Tensor


def condition_number(a: Tensor) -> Tensor:
    """See the stub."""
    s = torch.linalg.svdvals(a)
    return s.max() / s.min()


def error_bound(a: Tensor, b: Tensor, delta_a: Tensor, delta_b: Tensor) -> Tensor:
    """See the stub."""
    kappa = condition_number(a)
    alpha = torch.linalg.svdvals(delta_a).max() / torch.linalg.svdvals(a).max()
    beta = delta_b.norm() / b.norm()
    if kappa * alpha >= 1:
        return torch.full_like(kappa, math.inf)
    return kappa / (1 - kappa * alpha) * (alpha + beta)


def worst_case(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, _, _ = torch.linalg.svd(a)
    return u[:, 0].clone(), u[:, -1].clone()


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    q, r = torch.linalg.qr(a)
    return torch.linalg.solve_triangular(r, (q.T @ b)[:, None], upper=True)[:, 0]


def descent_rate(x: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    curvatures = torch.linalg.svdvals(x) ** 2 + strength
    high, low = curvatures.max(), curvatures.min()
    if x.shape[0] < x.shape[1]:
        low = torch.full_like(high, strength)
    return 2 / (high + low), (high - low) / (high + low)


def steps_needed(rate: float, goal: float) -> int:
    """See the stub."""
    if rate >= 1:
        raise ValueError("the error does not shrink")
    if rate == 0:
        return 1
    return math.ceil(math.log(goal) / math.log(rate))
