"""Each registration said in full."""

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """See the stub."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.layers = nn.Module()
        self.depth = len(sizes) - 1
        for number in range(self.depth):
            self.layers.add_module(str(number), nn.Linear(sizes[number], sizes[number + 1]))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        for number in range(self.depth):
            x = self.layers.get_submodule(str(number))(x)
            if number + 1 < self.depth:
                x = x.tanh()
        return x


class Residual(nn.Module):
    """See the stub."""

    def __init__(self, inner: nn.Module, gain: float = 1.0) -> None:
        super().__init__()
        self.add_module("inner", inner)
        self.register_parameter("gain", nn.Parameter(torch.full((), gain)))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.inner(x).mul(self.gain).add(x)


class Standardise(nn.Module):
    """See the stub."""

    mean: Tensor
    std: Tensor

    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        for name, value in (("mean", 0.0), ("std", 1.0)):
            self.register_buffer(name, torch.full((features,), value))
        self.momentum = momentum
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        if self.training:
            batch = x.detach()
            mean = batch.sum(0) / len(batch)
            std = ((batch - mean) ** 2).mean(0) ** 0.5
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
            self.std = (1 - self.momentum) * self.std + self.momentum * std
        return (x - self.mean) / (self.std + self.eps)


class TiedAutoencoder(nn.Module):
    """See the stub."""

    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.encoder = nn.Linear(features, hidden)
        self.decoder_bias = nn.Parameter(torch.zeros(features))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        code = self.encoder(x).clamp(min=0)
        return nn.functional.linear(code, self.encoder.weight.T, self.decoder_bias)


def find_unregistered(net: nn.Module) -> list[str]:
    """See the stub."""
    known = list(net.modules()) + list(net.parameters())
    found = set()
    for prefix, module in net.named_modules():
        start = prefix + "." if prefix else ""
        for name in [name for name in module.__dict__ if name[0] != "_"]:
            value = module.__dict__[name]
            if isinstance(value, dict):
                parts = {f"{start}{name}[{key!r}]": part for key, part in value.items()}
            elif isinstance(value, (list, tuple)):
                parts = {f"{start}{name}[{i}]": part for i, part in enumerate(value)}
            else:
                parts = {start + name: value} if isinstance(value, Tensor) else {}
            for path, part in parts.items():
                learns = isinstance(part, nn.Module) or (isinstance(part, Tensor) and part.requires_grad)
                if learns and not any(part is other for other in known):
                    found.add(path)
    return sorted(found)
