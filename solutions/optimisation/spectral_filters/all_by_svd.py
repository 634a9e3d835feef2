"""Everything by filter factors, and counting up."""

import numpy as np
import torch
from torch import Tensor


def _filtered(x: Tensor, y: Tensor, factors) -> Tensor:
    u, s, vt = np.linalg.svd(x.numpy(), full_matrices=False)
    return torch.from_numpy((factors(s) * (y.numpy() @ u) / s) @ vt)


def stopped_weights(x: Tensor, y: Tensor, lr: float, steps: int) -> Tensor:
    """See the stub."""
    return _filtered(x, y, lambda s: 1 - (1 - lr * s**2) ** steps)


def ridge_weights(x: Tensor, y: Tensor, ridge: float) -> Tensor:
    """See the stub."""
    return _filtered(x, y, lambda s: s**2 / (s**2 + ridge))


def truncated_weights(x: Tensor, y: Tensor, keep: int) -> Tensor:
    """See the stub."""
    return _filtered(x, y, lambda s: np.arange(len(s)) < keep)


def filter_factors(singular_values: Tensor, method: str, strength: float) -> Tensor:
    """See the stub."""
    factors = []
    for place, s in enumerate(singular_values.tolist()):
        if method == "ridge":
            factors.append(1 / (1 + strength / s**2))
        elif method == "early stopping":
            factors.append(1 - (1 - (s / singular_values[0].item()) ** 2) ** strength)
        elif method == "truncation":
            factors.append(1.0 if place < strength else 0.0)
        else:
            raise ValueError(method)
    return torch.tensor(factors, dtype=singular_values.dtype)


def effective_parameters(singular_values: Tensor, method: str, strength: float) -> float:
    """See the stub."""
    return float(sum(filter_factors(singular_values, method, strength).tolist()))


def steps_like_ridge(singular_values: Tensor, ridge: float) -> int:
    """See the stub: what is still missing of each direction shrinks with every step."""
    squares = singular_values.numpy() ** 2
    wanted = float((squares / (squares + ridge)).sum())
    missing, steps = np.ones_like(squares), 0
    while len(squares) - missing.sum() < wanted:
        missing, steps = missing * (1 - squares / squares[0]), steps + 1
    return steps
