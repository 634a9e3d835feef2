"""Each gradient as one expression in the whole tensor."""

import torch
from torch import Tensor


def quadratic_gradient(x: Tensor, matrix: Tensor, vector: Tensor) -> Tensor:
    """See the stub."""
    return (matrix + matrix.T) @ x + vector


def wave_gradient(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    both = torch.exp(x * y)
    slope_x = 2 * x * torch.sin(y) + y * both
    slope_y = x**2 * torch.cos(y) + x * both
    return slope_x, slope_y


def soft_norm_gradient(x: Tensor, weights: Tensor) -> Tensor:
    """See the stub."""
    norm = torch.sqrt(1 + (weights * x**2).sum())
    return weights * x / norm


def directional_derivative(gradient: Tensor, direction: Tensor) -> Tensor:
    """See the stub."""
    length = torch.sqrt((direction**2).sum())
    if length == 0:
        raise ValueError("a direction of length zero points nowhere")
    return (gradient * direction).sum() / length
