"""Numpy inside, new gradient tensors at every step, recursion in place of loops."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

Layer = "Linear | ReLU | Sequential"


class Linear:
    """See the stub."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.weight, self.bias = weight, bias
        self.zero_grad()

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        self._x = x.numpy().copy()
        return torch.from_numpy(np.einsum("ni,oi->no", self._x, self.weight.numpy()) + self.bias.numpy())

    def backward(self, grad_output: Tensor) -> Tensor:
        """See the stub."""
        upstream = grad_output.numpy()
        self.grad_weight = self.grad_weight + torch.from_numpy(np.einsum("no,ni->oi", upstream, self._x))
        self.grad_bias = self.grad_bias + torch.from_numpy(upstream.sum(axis=0))
        return torch.from_numpy(np.einsum("no,oi->ni", upstream, self.weight.numpy()))

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """See the stub."""
        return [(self.weight, self.grad_weight), (self.bias, self.grad_bias)]

    def zero_grad(self) -> None:
        """See the stub."""
        self.grad_weight = torch.zeros(self.weight.shape, dtype=torch.float64)
        self.grad_bias = torch.zeros(self.bias.shape, dtype=torch.float64)


class ReLU:
    """See the stub."""

    def __init__(self) -> None:
        self._mask = torch.zeros(0)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        output = torch.clamp(x, min=0)
        self._mask = (output != 0).to(x.dtype)
        return output

    def backward(self, grad_output: Tensor) -> Tensor:
        """See the stub."""
        return self._mask * grad_output

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """See the stub."""
        return list[tuple[Tensor, Tensor]]()

    def zero_grad(self) -> None:
        """See the stub."""
        return


class Sequential:
    """See the stub."""

    def __init__(self, *layers: Layer) -> None:
        self._first = layers[0] if layers else None
        self._rest = Sequential(*layers[1:]) if layers else None

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self._rest.forward(self._first.forward(x)) if self._first else x

    def backward(self, grad_output: Tensor) -> Tensor:
        """See the stub."""
        return self._first.backward(self._rest.backward(grad_output)) if self._first else grad_output

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """See the stub."""
        return self._first.parameters() + self._rest.parameters() if self._first else []

    def zero_grad(self) -> None:
        """See the stub."""
        if self._first:
            self._first.zero_grad()
            self._rest.zero_grad()


def train_step(network: Layer, x: Tensor, target: Tensor, lr: float) -> float:
    """See the stub."""
    network.zero_grad()
    output = network.forward(x)
    n = output.shape[0] * output.shape[1]
    network.backward((output - target) * (2 / n))
    for parameter, gradient in network.parameters():
        parameter.sub_(gradient, alpha=lr)
    return float(((output - target) ** 2).sum() / n)
