"""A Cholesky factor, triangular systems, and torch's normal distribution."""

from collections.abc import Callable

import torch
from torch import Tensor


def kernel(a: Tensor, b: Tensor, *, lengthscale: float, variance: float) -> Tensor:
    """See the stub."""
    return variance * torch.exp(-(torch.cdist(a[:, None] / lengthscale, b[:, None] / lengthscale) ** 2) / 2)


def posterior(
    x: Tensor, y: Tensor, places: Tensor, *, lengthscale: float, variance: float, noise: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    among = kernel(x, x, lengthscale=lengthscale, variance=variance)
    factor = torch.linalg.cholesky(among + torch.diag(torch.full_like(x, noise)))
    across = kernel(x, places, lengthscale=lengthscale, variance=variance)
    half = torch.linalg.solve_triangular(factor, across, upper=False)
    target = torch.linalg.solve_triangular(factor, y[:, None], upper=False)
    return (half.T @ target)[:, 0], (variance - half.pow(2).sum(0)).clamp_min(0) ** 0.5


def expected_improvement(mean: Tensor, std: Tensor, best: float) -> Tensor:
    """See the stub."""
    result = []
    for mu, sigma in zip(mean, std, strict=True):
        if sigma == 0:
            result.append((best - mu).clamp(min=0))
        else:
            normal = torch.distributions.Normal(mu, sigma)
            result.append((best - mu) * normal.cdf(best + 0 * mu) + sigma**2 * normal.log_prob(best - 0 * mu).exp())
    return torch.stack(result)


def minimise(
    objective: Callable[[int], float],
    candidates: Tensor,
    start: list[int],
    budget: int,
    *,
    lengthscale: float,
    variance: float,
    noise: float,
) -> tuple[list[int], list[float]]:
    """See the stub."""
    found = {index: objective(index) for index in start}
    for _ in range(budget - len(start)):
        y = torch.tensor(list(found.values()), dtype=candidates.dtype)
        left = [index for index in range(len(candidates)) if index not in found]
        mean, std = posterior(
            candidates[list(found)],
            y - y.mean(),
            candidates[left],
            lengthscale=lengthscale,
            variance=variance,
            noise=noise,
        )
        chosen = left[int(expected_improvement(mean, std, float(y.min() - y.mean())).argmax())]
        found[chosen] = objective(chosen)
    return list(found), list(found.values())
