"""Definite or not by numpy's eigenvalues, rates by the extremes, steps by counting."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def classify(hessian: Tensor) -> str:
    """See the stub."""
    values = np.linalg.eigvalsh(hessian.numpy())
    signs = {int(np.sign(v)) if abs(v) > 1e-9 * np.abs(values).max() else 0 for v in values}
    if {1, -1} <= signs:
        return "saddle"
    return {(1,): "minimum", (-1,): "maximum"}.get(tuple(signs), "undecided")


def quadratic_model(value: float, gradient: Tensor, hessian: Tensor, step: Tensor) -> float:
    """See the stub."""
    return float(value + torch.einsum("i,i", gradient, step) + torch.einsum("i,ij,j", step, hessian, step) / 2)


def best_rate(hessian: Tensor) -> tuple[float, float]:
    """See the stub."""
    values = np.linalg.eigvalsh(hessian.numpy())
    lr = float(1 / ((values.min() + values.max()) / 2))
    return lr, float(np.abs(1 - lr * values).max())


def steps_needed(hessian: Tensor, lr: float, share: float) -> int | None:
    """See the stub."""
    factor = float(np.abs(1 - lr * np.linalg.eigvalsh(hessian.numpy())).max())
    if factor >= 1:
        return None
    steps, left = 0, 1.0
    while left > share:
        steps, left = steps + 1, left * factor
    return steps


def gradient_field(cost: Callable[[float, float], float], xs: Tensor, ys: Tensor, h: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    both = [
        [
            [cost(float(x) + dx, float(y) + dy) - cost(float(x) - dx, float(y) - dy) for dx, dy in ((h, 0.0), (0.0, h))]
            for x in xs
        ]
        for y in ys
    ]
    field = torch.tensor(both, dtype=xs.dtype) / h / 2
    return field[..., 0], field[..., 1]


def descent_path(gradient: Callable[[Tensor], Tensor], start: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    path = torch.zeros(steps + 1, len(start), dtype=start.dtype)
    slopes = torch.zeros(steps, dtype=start.dtype)
    path[0] = start
    for t in range(steps):
        g = gradient(path[t].clone())
        slopes[t] = torch.linalg.vector_norm(g)
        path[t + 1] = path[t] - lr * g
    return path, slopes
