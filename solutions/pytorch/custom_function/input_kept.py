"""The input is kept rather than the output, and all arguments at once."""

from typing import Any

import torch
from torch import Tensor


class Exp(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """See the stub."""
        ctx.save_for_backward(x)
        return torch.exp(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """See the stub."""
        return grad_output * torch.exp(ctx.saved_tensors[0])


class ScaledPower(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, exponent: int, factor: float) -> Tensor:
        """See the stub."""
        ctx.save_for_backward(x)
        ctx.numbers = exponent, factor
        return x.pow(exponent).mul(factor)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        exponent, factor = ctx.numbers
        return grad_output * (factor * exponent) * ctx.saved_tensors[0].pow(exponent - 1), None, None


class Linear(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """See the stub."""
        ctx.save_for_backward(x, weight)
        return torch.nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        x, weight = ctx.saved_tensors
        needs = ctx.needs_input_grad
        return (
            torch.einsum("no,oi->ni", grad_output, weight) if needs[0] else None,
            torch.einsum("no,ni->oi", grad_output, x) if needs[1] else None,
            torch.einsum("no->o", grad_output) if len(needs) > 2 and needs[2] else None,
        )


class RoundStraightThrough(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, low: float, high: float) -> Tensor:
        """See the stub."""
        ctx.low, ctx.high = low, high
        ctx.save_for_backward(x)
        return torch.round(torch.clip(x, low, high))

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        (x,) = ctx.saved_tensors
        outside = (x < ctx.low) | (x > ctx.high)
        return grad_output.masked_fill(outside, 0.0), None, None


class ReverseGradient(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        """See the stub."""
        ctx.strength = strength
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        return grad_output.mul(ctx.strength).neg(), None
