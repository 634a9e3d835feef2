"""The cache is the list of what went into each layer; its sign is the mask of the ReLU before it."""

import itertools
from typing import Any

import torch
from torch import Tensor


def mlp_forward(x: Tensor, weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Any]:
    """See the stub."""
    inputs = []
    last = len(weights) - 1
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        inputs.append(x)
        x = x @ weight.T + bias
        if k < last:
            x = x.clamp(min=0)
    return x, inputs


def mlp_backward(grad_output: Tensor, weights: list[Tensor], cache: Any) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """See the stub."""
    grad, grad_weights, grad_biases = grad_output, [], []
    for k in reversed(range(len(weights))):
        grad_weights.append(grad.T @ cache[k])
        grad_biases.append(grad.sum(dim=0))
        grad = grad @ weights[k]
        if k > 0:
            grad = torch.where(cache[k] > 0, grad, torch.zeros_like(grad))
    return grad, grad_weights[::-1], grad_biases[::-1]


def parameters_of_mlp(sizes: tuple[int, ...]) -> int:
    """See the stub."""
    return sum((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes))
