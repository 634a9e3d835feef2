"""A table of who meets what; everything else is computed."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

NAMES = ("relu", "leaky_relu", "elu", "softplus", "gelu", "tanh", "sigmoid")
MEET = {
    "negative outputs": ("leaky_relu", "elu", "gelu", "tanh"),
    "bounded": ("tanh", "sigmoid"),
    "positive slope": ("leaky_relu", "elu", "softplus", "tanh", "sigmoid"),
    "smooth": ("elu", "softplus", "gelu", "tanh", "sigmoid"),
    "monotonic": ("relu", "leaky_relu", "elu", "softplus", "tanh", "sigmoid"),
    "unit slope": ("relu", "leaky_relu", "elu", "softplus", "gelu"),
    "zero at zero": ("relu", "leaky_relu", "elu", "gelu", "tanh"),
    "exact zeros": ("relu",),
}


def collapse(weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Tensor]:
    """See the stub."""
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:], strict=True):
        weight, bias = next_weight @ weight, next_weight @ bias + next_bias
    return weight, bias


def collapse_kernels(first: Tensor, second: Tensor) -> Tensor:
    """See the stub."""
    height, width = first.shape
    kernel = first.new_zeros(height + second.shape[0] - 1, width + second.shape[1] - 1)
    for i in range(second.shape[0]):
        for j in range(second.shape[1]):
            kernel[i : i + height, j : j + width] += second[i, j] * first
    return kernel


def dead_units(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return (x @ weight.T + bias <= 0).all(dim=0)


def passes_most(z: Tensor, activations: list[str]) -> str:
    """See the stub."""
    return max(activations, key=lambda name: _slope(name, z).square().mean().item())


def suits(activation: str, demand: str) -> bool:
    """See the stub."""
    if activation not in NAMES or demand not in MEET:
        raise ValueError(f"{activation!r} or {demand!r} is unknown")
    return activation in MEET[demand]


def choose(demands: list[str]) -> str | None:
    """See the stub."""
    return next((name for name in NAMES if all(suits(name, demand) for demand in demands)), None)


def output_layer(task: dict[str, Any]) -> str:
    """See the stub."""
    if task["target"] == "number":
        if task["high"] == 1:
            return "sigmoid" if task["low"] == 0 else "tanh"
        return "softplus" if task["low"] == 0 else "identity"
    if task["loss takes logits"]:
        return "identity"
    return "softmax" if task["target"] == "class" else "sigmoid"


def _slope(name: str, z: Tensor) -> Tensor:
    f = {"elu": F.elu, "softplus": F.softplus, "gelu": F.gelu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    if name in f:
        h = 1e-4
        return (f[name](z + h) - f[name](z - h)) / (2 * h)
    return torch.where(z > 0, 1.0, 0.0 if name == "relu" else 0.01)
