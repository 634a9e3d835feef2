"""The slopes kept from the forward pass; sums over samples and steps of an integral in plain Python."""

import math

import torch
from torch import Tensor


def forward(x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False) -> list[Tensor]:
    """See the stub."""
    return _run(x, weights, activation, skip)[0]


def gradient_norms(
    grad_output: Tensor, x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False
) -> Tensor:
    """See the stub."""
    _, slopes = _run(x, weights, activation, skip)
    grads = [grad_output]
    for layer in range(len(weights) - 1, -1, -1):
        down = torch.einsum("no,oi->ni", grads[0] * slopes[layer], weights[layer])
        grads.insert(0, down + grads[0] if skip else down)
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads])


def mean_squared_slope(activation: str, variance: float) -> float:
    """See the stub."""
    known = {"linear": 1.0, "relu": 0.5}
    if activation in known:
        return known[activation]
    steps, total, spread = 6000, 0.0, math.sqrt(variance)
    for i in range(steps):
        z = spread * (-9 + 18 * (i + 0.5) / steps)
        slope = 1 / math.cosh(z) ** 2 if activation == "tanh" else 0.25 / math.cosh(z / 2) ** 2
        total += slope**2 * math.exp(-z * z / (2 * variance)) / math.sqrt(2 * math.pi * variance)
    return total * 18 * spread / steps


def rate_per_layer(width: int, std: float, activation: str, variance: float, *, skip: bool = False) -> float:
    """See the stub."""
    return (float(skip) + width * std * std * mean_squared_slope(activation, variance)) ** 0.5


def critical_std(width: int, activation: str, variance: float) -> float:
    """See the stub."""
    return 1.0 / rate_per_layer(width, 1.0, activation, variance)


def verdict(norms: Tensor) -> tuple[str, float]:
    """See the stub."""
    numbers = norms.tolist()
    if any(math.isnan(number) or math.isinf(number) for number in numbers):
        return "exploding", math.inf
    if numbers[0] == 0:
        return "vanishing", 0.0
    rate = math.exp((math.log(numbers[0]) - math.log(numbers[-1])) / (len(numbers) - 1))
    return ("vanishing" if rate < 0.9 else "exploding" if rate > 1.1 else "healthy"), rate


def _run(x: Tensor, weights: list[Tensor], activation: str, skip: bool) -> tuple[list[Tensor], list[Tensor]]:
    states, slopes = [x], []
    for weight in weights:
        z = torch.einsum("ni,oi->no", states[-1], weight)
        if activation == "sigmoid":
            out = 1 / (1 + torch.exp(-z))
            slopes.append(out * (1 - out))
        elif activation == "tanh":
            out = torch.tanh(z)
            slopes.append(1 - out * out)
        elif activation == "relu":
            out = z.clamp(min=0)
            slopes.append((z > 0).to(z.dtype))
        else:
            out = z
            slopes.append(torch.ones_like(z))
        states.append(states[-1] + out if skip else out)
    return states, slopes
