"""The formulas, and a loop."""

import math

import torch
from torch import Tensor


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """See the stub."""
    if len(shape) < 2:
        raise ValueError(f"a weight has at least two axes, and {shape} has {len(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """See the stub."""
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + negative_slope**2))
    return {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}[nonlinearity]


def xavier_std(shape: tuple[int, ...], nonlinearity: str = "linear") -> float:
    """See the stub."""
    return gain(nonlinearity) * math.sqrt(2 / sum(fans(shape)))


def he_std(shape: tuple[int, ...], mode: str = "fan_in", negative_slope: float = 0.0) -> float:
    """See the stub."""
    fan_in, fan_out = fans(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return gain("leaky_relu", negative_slope) / math.sqrt(fan)


def lecun_std(shape: tuple[int, ...]) -> float:
    """See the stub."""
    return 1 / math.sqrt(fans(shape)[0])


def scale_normal(normal: Tensor, std: float) -> Tensor:
    """See the stub."""
    return normal * std


def scale_uniform(uniform: Tensor, std: float) -> Tensor:
    """See the stub."""
    bound = math.sqrt(3) * std
    return (2 * uniform - 1) * bound


def signal_sizes(weights: list[Tensor], x: Tensor) -> list[float]:
    """See the stub."""
    sizes = []
    for weight in weights:
        x = torch.relu(x @ weight.T)
        sizes.append((x**2).mean().sqrt().item())
    return sizes
