"""Slopes from their formulas; layers collapsed by asking what they do to unit vectors and to single pixels."""

from typing import Any

import torch
from torch import Tensor


def collapse(weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Tensor]:
    """See the stub."""

    def run(x: Tensor) -> Tensor:
        for weight, bias in zip(weights, biases, strict=True):
            x = torch.einsum("...i,oi->...o", x, weight) + bias
        return x

    inputs = weights[0].shape[1]
    bias = run(torch.zeros(inputs, dtype=weights[0].dtype))
    return (run(torch.eye(inputs, dtype=bias.dtype)) - bias).T, bias


def collapse_kernels(first: Tensor, second: Tensor) -> Tensor:
    """See the stub."""
    (h1, w1), (h2, w2) = first.shape, second.shape
    rows = []
    for p in range(h1 + h2 - 1):
        row = []
        for q in range(w1 + w2 - 1):
            terms = [
                first[p - i, q - j] * second[i, j] for i in range(h2) for j in range(w2) if _inside(p - i, q - j, first)
            ]
            row.append(sum(terms))
        rows.append(torch.stack(row))
    return torch.stack(rows)


def dead_units(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return torch.relu(torch.einsum("ni,oi->no", x, weight) + bias).amax(dim=0) == 0


def passes_most(z: Tensor, activations: list[str]) -> str:
    """See the stub."""
    one, s = torch.ones_like(z), 1 / (1 + torch.exp(-z))
    area = (1 + torch.erf(z / 2**0.5)) / 2
    slopes = {
        "relu": one * (z > 0),
        "leaky_relu": torch.where(z > 0, one, 0.01 * one),
        "elu": torch.where(z > 0, one, torch.exp(z)),
        "softplus": s,
        "gelu": area + z * torch.exp(-(z**2) / 2) / (2 * torch.pi) ** 0.5,
        "tanh": 1 - torch.tanh(z) ** 2,
        "sigmoid": s * (1 - s),
    }
    return sorted(activations, key=lambda name: torch.linalg.vector_norm(slopes[name]).item())[-1]


# One row for each activation: negative, bounded, positive slope, smooth, monotonic, unit slope, zero at zero, zeros.
_TABLE = {
    "relu": "----1111",
    "leaky_relu": "1-1-111-",
    "elu": "1-11111-",
    "softplus": "--1111--",
    "gelu": "1--1-11-",
    "tanh": "11111-1-",
    "sigmoid": "-1111---",
}
_DEMANDS = [
    "negative outputs",
    "bounded",
    "positive slope",
    "smooth",
    "monotonic",
    "unit slope",
    "zero at zero",
    "exact zeros",
]


def suits(activation: str, demand: str) -> bool:
    """See the stub."""
    if activation not in _TABLE:
        raise ValueError(activation)
    return _TABLE[activation][_DEMANDS.index(demand)] == "1"


def choose(demands: list[str]) -> str | None:
    """See the stub."""
    for activation in _TABLE:
        if not [demand for demand in demands if not suits(activation, demand)]:
            return activation
    return None


def output_layer(task: dict[str, Any]) -> str:
    """See the stub."""
    if task.get("loss takes logits"):
        return "identity"
    match task["target"], task.get("low"), task.get("high"):
        case "class", _, _:
            return "softmax"
        case "yes or no", _, _:
            return "sigmoid"
        case _, 0.0, 1.0:
            return "sigmoid"
        case _, -1.0, 1.0:
            return "tanh"
        case _, 0.0, _:
            return "softplus"
    return "identity"


def _inside(p: int, q: int, kernel: Tensor) -> bool:
    return 0 <= p < kernel.shape[0] and 0 <= q < kernel.shape[1]
