"""Each layer keeps its own activation f(z), apart from what the skip connection adds to it."""

import math

import torch
from torch import Tensor


def forward(x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False) -> list[Tensor]:
    """See the stub."""
    states = [x]
    for weight in weights:
        out = _apply(activation, states[-1] @ weight.T)
        states.append(states[-1] + out if skip else out)
    return states


def gradient_norms(
    grad_output: Tensor, x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False
) -> Tensor:
    """See the stub."""
    states = forward(x, weights, activation, skip=skip)
    grad = grad_output
    norms = [grad.square().sum().sqrt()]
    for weight, state in zip(reversed(weights), reversed(states[:-1]), strict=True):
        through = (grad * _slope(activation, state @ weight.T)) @ weight
        grad = grad + through if skip else through
        norms.append(grad.square().sum().sqrt())
    return torch.stack(norms[::-1])


def mean_squared_slope(activation: str, variance: float) -> float:
    """See the stub."""
    if activation == "linear":
        return 1.0
    if activation == "relu":
        return 0.5
    z = torch.linspace(-12, 12, 40_001, dtype=torch.float64)
    density = torch.exp(-0.5 * z**2)
    squares = _slope(activation, math.sqrt(variance) * z) ** 2
    return ((density * squares).sum() / density.sum()).item()


def rate_per_layer(width: int, std: float, activation: str, variance: float, *, skip: bool = False) -> float:
    """See the stub."""
    branch = width * std**2 * mean_squared_slope(activation, variance)
    return math.sqrt(1 + branch) if skip else math.sqrt(branch)


def critical_std(width: int, activation: str, variance: float) -> float:
    """See the stub."""
    return 1 / math.sqrt(width * mean_squared_slope(activation, variance))


def verdict(norms: Tensor) -> tuple[str, float]:
    """See the stub."""
    if not norms.isfinite().all():
        return "exploding", math.inf
    rate = (norms[0] / norms[-1]).item() ** (1 / (len(norms) - 1))
    if rate < 0.9:
        return "vanishing", rate
    return ("exploding" if rate > 1.1 else "healthy"), rate


def _apply(activation: str, z: Tensor) -> Tensor:
    functions = {"linear": torch.clone, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
    return functions[activation](z)


def _slope(activation: str, z: Tensor) -> Tensor:
    out = _apply(activation, z)
    if activation == "sigmoid":
        return out * (1 - out)
    if activation == "tanh":
        return 1 - out**2
    return (out > 0).to(z.dtype) if activation == "relu" else torch.ones_like(z)
