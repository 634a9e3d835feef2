"""Derivatives by the product and the chain rule; a dictionary of classes."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Parameters = list[tuple[Tensor, Tensor]]
_classes: dict[str, type] = {}


def _softplus(x: Tensor) -> Tensor:
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def mish(x: Tensor) -> Tensor:
    """See the stub."""
    return x * torch.tanh(_softplus(x))


def mish_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    t = torch.tanh(_softplus(x))
    slope = t + x * (1 - t.square()) * torch.sigmoid(x)
    return grad_output * slope


def snake(x: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return x + torch.sin(a * x).square() / a


def snake_backward(grad_output: Tensor, x: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub: d sin²(u)/du = sin(2u)."""
    double = torch.sin(2 * a * x)
    slope_a = x * double / a - torch.sin(a * x).square() / a.square()
    return grad_output * (1 + double), (grad_output * slope_a).sum(dim=0)


def register(name: str) -> Callable[[type], type]:
    """See the stub."""

    def remember(cls: type) -> type:
        if name in _classes:
            raise ValueError(f"{name} is taken")
        _classes[name] = cls
        return cls

    return remember


def create(name: str, *args: Any) -> Any:
    """See the stub."""
    if name not in _classes:
        raise ValueError(f"no activation {name}; there are {', '.join(_classes)}")
    return _classes[name](*args)


@register("mish")
class Mish:
    """See the stub."""

    def __init__(self) -> None:
        pass

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        self._x = x
        return mish(x)

    def backward(self, grad_output: Tensor) -> Tensor:
        """See the stub."""
        return mish_backward(grad_output, self._x)

    def parameters(self) -> Parameters:
        """See the stub."""
        return []

    def zero_grad(self) -> None:
        """See the stub."""


@register("snake")
class Snake:
    """See the stub."""

    def __init__(self, a: Tensor) -> None:
        self.a, self.grad_a = a, torch.zeros_like(a)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        self._x = x
        return snake(x, self.a)

    def backward(self, grad_output: Tensor) -> Tensor:
        """See the stub."""
        grad_x, grad_a = snake_backward(grad_output, self._x, self.a)
        self.grad_a += grad_a
        return grad_x

    def parameters(self) -> Parameters:
        """See the stub."""
        return [(self.a, self.grad_a)]

    def zero_grad(self) -> None:
        """See the stub."""
        self.grad_a.zero_()
