"""One partial derivative at a time, in plain Python."""

import math

import torch
from torch import Tensor


def quadratic_gradient(x: Tensor, matrix: Tensor, vector: Tensor) -> Tensor:
    """See the stub."""
    grad = torch.zeros_like(x)
    for k in range(len(x)):
        grad[k] = vector[k]
        for i in range(len(x)):
            grad[k] += matrix[k, i] * x[i] + matrix[i, k] * x[i]
    return grad


def wave_gradient(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    points = list(zip(x.flatten().tolist(), y.flatten().tolist(), strict=True))
    first = [2 * a * math.sin(b) + b * math.exp(a * b) for a, b in points]
    second = [a * a * math.cos(b) + a * math.exp(a * b) for a, b in points]
    return torch.tensor(first, dtype=x.dtype).reshape(x.shape), torch.tensor(second, dtype=x.dtype).reshape(x.shape)


def soft_norm_gradient(x: Tensor, weights: Tensor) -> Tensor:
    """See the stub."""
    total = 1.0
    for number, weight in zip(x.flatten().tolist(), weights.flatten().tolist(), strict=True):
        total += weight * number**2
    return weights * x / math.sqrt(total)


def directional_derivative(gradient: Tensor, direction: Tensor) -> Tensor:
    """See the stub."""
    if not direction.any():
        raise ValueError("which way?")
    return (gradient * (direction / direction.norm())).sum()
