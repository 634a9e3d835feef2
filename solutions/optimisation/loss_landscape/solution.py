"""Eigenvalues decide."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def classify(hessian: Tensor) -> str:
    """See the stub."""
    values = torch.linalg.eigvalsh(hessian)
    limit = 1e-9 * values.abs().max()
    up, down = values > limit, values < -limit
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    return "maximum" if down.all() else "undecided"


def quadratic_model(value: float, gradient: Tensor, hessian: Tensor, step: Tensor) -> float:
    """See the stub."""
    return value + (gradient @ step).item() + 0.5 * (step @ hessian @ step).item()


def best_rate(hessian: Tensor) -> tuple[float, float]:
    """See the stub."""
    values = torch.linalg.eigvalsh(hessian)
    low, high = values[0].item(), values[-1].item()
    return 2 / (low + high), (high - low) / (high + low)


def steps_needed(hessian: Tensor, lr: float, share: float) -> int | None:
    """See the stub."""
    values = torch.linalg.eigvalsh(hessian)
    factor = (1 - lr * values).abs().max().item()
    if factor >= 1:
        return None
    return 1 if factor == 0 else math.ceil(math.log(share) / math.log(factor))


def gradient_field(cost: Callable[[float, float], float], xs: Tensor, ys: Tensor, h: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    along_x, along_y = xs.new_zeros(len(ys), len(xs)), xs.new_zeros(len(ys), len(xs))
    for m, y in enumerate(ys.tolist()):
        for n, x in enumerate(xs.tolist()):
            along_x[m, n] = (cost(x + h, y) - cost(x - h, y)) / (2 * h)
            along_y[m, n] = (cost(x, y + h) - cost(x, y - h)) / (2 * h)
    return along_x, along_y


def descent_path(gradient: Callable[[Tensor], Tensor], start: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    path, slopes = [start], []
    for _ in range(steps):
        g = gradient(path[-1])
        slopes.append(g.square().sum().sqrt())
        path.append(path[-1] - lr * g)
    return torch.stack(path), torch.stack(slopes)
