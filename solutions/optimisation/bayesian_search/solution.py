"""The textbook formulas, with a linear system in place of the inverse."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def kernel(a: Tensor, b: Tensor, *, lengthscale: float, variance: float) -> Tensor:
    """See the stub."""
    distance = a[:, None] - b[None, :]
    return variance * torch.exp(-0.5 * distance.square() / lengthscale**2)


def posterior(
    x: Tensor, y: Tensor, places: Tensor, *, lengthscale: float, variance: float, noise: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    among = kernel(x, x, lengthscale=lengthscale, variance=variance)
    across = kernel(x, places, lengthscale=lengthscale, variance=variance)
    among = among + noise * torch.eye(len(x), dtype=x.dtype)
    solved = torch.linalg.solve(among, across)
    left = variance - (across * solved).sum(dim=0)
    return solved.T @ y, left.clamp(min=0).sqrt()


def expected_improvement(mean: Tensor, std: Tensor, best: float) -> Tensor:
    """See the stub."""
    gain = best - mean
    z = gain / torch.where(std > 0, std, 1.0)
    density = torch.exp(-0.5 * z.square()) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + torch.erf(z / math.sqrt(2)))
    return torch.where(std > 0, gain * below + std * density, gain.clamp(min=0))


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
    done = list(start)
    losses = [objective(index) for index in done]
    while len(done) < budget:
        y = candidates.new_tensor(losses)
        y = y - y.mean()
        x = candidates[done]
        mean, std = posterior(x, y, candidates, lengthscale=lengthscale, variance=variance, noise=noise)
        promise = expected_improvement(mean, std, y.min().item())
        promise[done] = -math.inf
        done.append(int(promise.argmax()))
        losses.append(objective(done[-1]))
    return done, losses
