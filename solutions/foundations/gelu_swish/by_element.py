"""One number at a time, with Python's own erf and tanh; the slope of tanh in its textbook form."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """See the stub."""
    if approximate not in ("none", "tanh"):
        raise ValueError(approximate)
    return _each(lambda v: v * (_phi(v) if approximate == "none" else 0.5 + 0.5 * math.tanh(_inner(v))), x)


def gelu_backward(grad_output: Tensor, x: Tensor, approximate: str = "none") -> Tensor:
    """See the stub."""
    if approximate not in ("none", "tanh"):
        raise ValueError(approximate)
    return grad_output * _each(_slope if approximate == "none" else _tanh_slope, x)


def swish(x: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    return _each(lambda v: v * _sigmoid(beta * v), x)


def swish_backward(grad_output: Tensor, x: Tensor, beta: float = 1.0) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_x = grad_output * _each(
        lambda v: _sigmoid(beta * v) * (1 + beta * v * (1 - _sigmoid(beta * v))),
        x,
    )
    for_beta = _each(lambda v: v * v * _sigmoid(beta * v) * _sigmoid(-beta * v), x)
    return grad_x, torch.sum(for_beta * grad_output)


def _each(function: Callable[[float], float], x: Tensor) -> Tensor:
    return torch.tensor([function(v) for v in x.flatten().tolist()], dtype=x.dtype).reshape(x.shape)


def _phi(v: float) -> float:
    return 0.5 * math.erfc(-v / math.sqrt(2))


def _slope(v: float) -> float:
    return _phi(v) + v * math.exp(-v * v / 2) / math.sqrt(2 * math.pi)


def _inner(v: float) -> float:
    return math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)


def _tanh_slope(v: float) -> float:
    t = math.tanh(_inner(v))
    return 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * math.sqrt(2 / math.pi) * (1 + 0.134145 * v * v)


def _sigmoid(v: float) -> float:
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))
