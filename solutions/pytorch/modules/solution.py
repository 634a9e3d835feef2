"""What is assigned as a Parameter, a Module or a buffer is registered; what lies in a list is not."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """See the stub."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in itertools.pairwise(sizes))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


class Residual(nn.Module):
    """See the stub."""

    def __init__(self, inner: nn.Module, gain: float = 1.0) -> None:
        super().__init__()
        self.inner = inner
        self.gain = nn.Parameter(torch.tensor(gain))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return x + self.gain * self.inner(x)


class Standardise(nn.Module):
    """See the stub."""

    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        if self.training:
            with torch.no_grad():
                self.mean.lerp_(x.mean(dim=0), self.momentum)
                self.std.lerp_(x.std(dim=0, correction=0), self.momentum)
        return (x - self.mean) / (self.std + self.eps)


class TiedAutoencoder(nn.Module):
    """See the stub."""

    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.encoder = nn.Linear(features, hidden)
        self.decoder_bias = nn.Parameter(torch.zeros(features))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        code = torch.relu(self.encoder(x))
        return code @ self.encoder.weight + self.decoder_bias


def _elements(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list | tuple):
        yield from ((f"{name}[{place}]", element) for place, element in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{name}[{key!r}]", element) for key, element in value.items())
    elif isinstance(value, Tensor) and value.requires_grad:
        yield name, value


def find_unregistered(net: nn.Module) -> list[str]:
    """See the stub."""
    registered = {id(known) for known in (*net.modules(), *net.parameters())}
    found = []
    for prefix, module in net.named_modules():
        for name, value in vars(module).items():
            if name.startswith("_"):
                continue
            for path, element in _elements(f"{prefix}.{name}" if prefix else name, value):
                learns = isinstance(element, nn.Module) or (isinstance(element, Tensor) and element.requires_grad)
                if learns and id(element) not in registered:
                    found.append(path)
    return sorted(found)
