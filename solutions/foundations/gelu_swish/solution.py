"""Each activation is x times a gate, and each slope the gate plus x times the slope of the gate."""

import math

import torch
from torch import Tensor

CUBIC = 0.044715


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """See the stub."""
    return x * _gate(x, approximate)


def gelu_backward(grad_output: Tensor, x: Tensor, approximate: str = "none") -> Tensor:
    """See the stub."""
    gate = _gate(x, approximate)
    if approximate == "none":
        gate_slope = torch.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)
    else:
        inner_slope = math.sqrt(2 / math.pi) * (1 + 3 * CUBIC * x**2)
        gate_slope = 2 * gate * (1 - gate) * inner_slope
    return grad_output * (gate + x * gate_slope)


def swish(x: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    return x * torch.sigmoid(beta * x)


def swish_backward(grad_output: Tensor, x: Tensor, beta: float = 1.0) -> tuple[Tensor, Tensor]:
    """See the stub."""
    gate = torch.sigmoid(beta * x)
    gate_slope = gate * (1 - gate)
    return grad_output * (gate + beta * x * gate_slope), (grad_output * x**2 * gate_slope).sum()


def _gate(x: Tensor, approximate: str) -> Tensor:
    if approximate == "none":
        return (1 + torch.erf(x / math.sqrt(2))) / 2
    if approximate == "tanh":
        return (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + CUBIC * x**3))) / 2
    raise ValueError(f"approximate has to be 'none' or 'tanh', not {approximate!r}")
