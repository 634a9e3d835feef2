"""What backward needs goes through save_for_backward; what nobody asks for isn't computed."""

from typing import Any

import torch
from torch import Tensor


class Exp(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """See the stub."""
        out = x.exp()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """See the stub."""
        (out,) = ctx.saved_tensors
        return grad_output * out


class ScaledPower(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, exponent: int, factor: float) -> Tensor:
        """See the stub."""
        ctx.save_for_backward(x)
        ctx.exponent, ctx.factor = exponent, factor
        return factor * x**exponent

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        (x,) = ctx.saved_tensors
        return grad_output * ctx.factor * ctx.exponent * x ** (ctx.exponent - 1), None, None


class Linear(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """See the stub."""
        ctx.save_for_backward(x, weight)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        x, weight = ctx.saved_tensors
        grad_x = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_x = grad_output @ weight
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.T @ x
        if len(ctx.needs_input_grad) > 2 and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(dim=0)
        return grad_x, grad_weight, grad_bias


class RoundStraightThrough(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, low: float, high: float) -> Tensor:
        """See the stub."""
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.clamp(low, high).round()

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        (inside,) = ctx.saved_tensors
        return grad_output * inside, None, None


class ReverseGradient(torch.autograd.Function):
    """See the stub."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        """See the stub."""
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """See the stub."""
        return -ctx.strength * grad_output, None
