"""Gradients to compare with: torch's autograd, and central differences where torch has no such function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Reference:
    """A torch function at some inputs: its output, and its gradients for any upstream gradient."""

    def __init__(self, function: Callable[..., Any], inputs: tuple[Any, ...], parameters: dict[str, Any]) -> None:
        self._leaves = [
            value.detach().clone().requires_grad_()
            if isinstance(value, torch.Tensor) and value.is_floating_point()
            else value
            for value in inputs
        ]
        self._output = function(*self._leaves, **parameters)
        self.output: torch.Tensor = self._output.detach()

    def gradients(self, grad_output: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The gradient for each floating-point input, in their order; zeros where the output doesn't depend on it.

        Args:
            grad_output: the upstream gradient, in the output's shape. Draw it: ones let wrong answers pass.
        """
        leaves = [leaf for leaf in self._leaves if isinstance(leaf, torch.Tensor) and leaf.requires_grad]
        # As a scalar's gradient: with an upstream gradient, torch.autograd.grad first imports sympy for 0.5 s.
        loss = (self._output * grad_output).sum()
        found = torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True)
        return tuple(torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found, strict=True))


def reference(function: Callable[..., Any], *inputs: Any, **parameters: Any) -> Reference:
    """`function` at copies of `inputs`; floating-point tensors among the positional ones get gradients."""
    return Reference(function, inputs, parameters)


def central_difference(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, h: float = 1e-6) -> Any:
    """The gradient of a scalar function at `x` (float64) by (f(x+h) - f(x-h)) / 2h, one element at a time."""
    grad = torch.zeros_like(x)
    for index in range(x.numel()):
        step = torch.zeros_like(x).view(-1)
        step[index] = h
        step = step.view(x.shape)
        grad.view(-1)[index] = (function(x + step) - function(x - step)) / (2 * h)
    return grad
