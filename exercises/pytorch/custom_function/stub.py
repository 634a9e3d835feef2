"""Operations of your own in torch's graph: torch.autograd.Function.

Read the lesson first (`tutor lesson custom_function`); `tutor hint` helps when you are stuck. All five are used as
`Name.apply(...)`. `forward(ctx, ...)` and `backward(ctx, grad_output)` are static; backward returns as many values as
forward has arguments (without ctx), a single one as it is.
"""

from typing import Any

import torch
from torch import Tensor


class Exp(torch.autograd.Function):
    """`Exp.apply(x)` is eˣ, elementwise; it can be differentiated twice, and more often.

    An output that nobody holds any more is freed at once, without waiting for Python's garbage collector.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Shape and dtype of `x`."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """∂L/∂x."""
        raise NotImplementedError


class ScaledPower(torch.autograd.Function):
    """`ScaledPower.apply(x, exponent, factor)` is factor · x^exponent, elementwise; can be differentiated twice.

    If `x` is changed in place between forward and backward, backward has to raise a RuntimeError (torch does that
    by itself for tensors that were saved as they should be).
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, exponent: int, factor: float) -> Tensor:
        """`exponent` is at least 2. Shape and dtype of `x`."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """∂L/∂x, and None for each argument that is no tensor."""
        raise NotImplementedError


class Linear(torch.autograd.Function):
    """`Linear.apply(x, weight, bias)` is x Wᵀ + b; `Linear.apply(x, weight)` is x Wᵀ. Can be differentiated twice."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """`x` is (N, I), `weight` (O, I), `bias` (O,); the result is (N, O)."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """∂L/∂x, ∂L/∂weight and ∂L/∂bias; what needs no gradient isn't computed, and None stands in its place.

        Without a bias, it may be two values or three."""
        raise NotImplementedError


class RoundStraightThrough(torch.autograd.Function):
    """`RoundStraightThrough.apply(x, low, high)` cuts x off at low and high, then rounds it.

    Its gradient is made up (a straight-through estimator): as if it didn't round. ∂L/∂x is grad_output where
    low ≤ x ≤ high, and zero elsewhere.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, low: float, high: float) -> Tensor:
        """Halves are rounded as by torch.round. Shape and dtype of `x`."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """∂L/∂x as described, and None for each argument that is no tensor."""
        raise NotImplementedError


class ReverseGradient(torch.autograd.Function):
    """`ReverseGradient.apply(x, strength)` has the values of x; the gradient that passes is −strength times itself."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        """The values of `x`, as a view of it or as a copy."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """∂L/∂x = −strength · grad_output, and None for strength."""
        raise NotImplementedError
