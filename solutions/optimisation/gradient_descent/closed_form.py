"""The path in the directions of the eigenvectors, where every step is one multiplication."""

import numpy as np
import torch
from torch import Tensor


def descend(A: Tensor, b: Tensor, x0: Tensor, *, lr: float, steps: int) -> Tensor:
    """See the stub."""
    values, vectors = torch.linalg.eigh(A)
    coordinates, target = vectors.T @ x0, (vectors.T @ b) / values
    powers = torch.stack([(1 - lr * values) ** k for k in range(steps + 1)])
    return (target + powers * (coordinates - target)) @ vectors.T


def largest_rate(A: Tensor) -> float:
    """See the stub."""
    return float(2 / np.linalg.norm(A.numpy(), 2))


def best_rate(A: Tensor) -> tuple[float, float]:
    """See the stub."""
    values = np.linalg.svd(A.numpy(), compute_uv=False)
    rate = 2 / (values[0] + values[-1])
    return float(rate), float(max(abs(1 - rate * values[0]), abs(1 - rate * values[-1])))
