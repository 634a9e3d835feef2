"""Three values of f along each direction give the central slope, and tell whether it can be trusted."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def slopes(
    f: Callable[[Tensor], Tensor], x: Tensor, direction: Tensor, h: float = 1e-5
) -> tuple[float, float, float, float]:
    """See the stub."""
    x = x.double()
    below, here, above = (f(x + step * direction).item() for step in (-h, 0.0, h))
    noise = 100 * torch.finfo(torch.float64).eps * max(abs(below), abs(here), abs(above)) / h
    return (here - below) / h, (above - below) / (2 * h), (above - here) / h, noise


def agree(a: float, b: float, tol: float, noise: float) -> bool:
    """See the stub."""
    return abs(a - b) <= tol * max(abs(a), abs(b)) + noise


def check_gradient(
    f: Callable[[Tensor], Tensor],
    grad: Tensor,
    x: Tensor,
    generator: Generator,
    *,
    directions: int = 8,
    h: float = 1e-5,
) -> str:
    """See the stub."""
    compared = 0
    for _ in range(directions):
        direction = torch.randn(x.shape, generator=generator, dtype=torch.float64)
        direction = direction / direction.square().sum().sqrt()
        left, central, right, noise = slopes(f, x, direction, h)
        if not agree(left, right, 1e-3, noise):
            continue
        compared += 1
        if not agree(central, (grad * direction).sum().item(), 1e-5, noise):
            return "wrong"
    return "right" if compared else "undecided"


def check_backward(
    forward: Callable[[Tensor], Tensor],
    backward: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    generator: Generator,
    *,
    directions: int = 8,
    h: float = 1e-5,
) -> str:
    """See the stub."""
    x = x.double()
    upstream = torch.randn(forward(x).shape, generator=generator, dtype=torch.float64)
    grad = backward(upstream, x)
    return check_gradient(lambda z: (upstream * forward(z)).sum(), grad, x, generator, directions=directions, h=h)
