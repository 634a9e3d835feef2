"""All directions drawn at once; the comparisons in numpy, over all of them."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Generator, Tensor


def slopes(
    f: Callable[[Tensor], Tensor], x: Tensor, direction: Tensor, h: float = 1e-5
) -> tuple[float, float, float, float]:
    """See the stub."""
    point = x.to(torch.float64)
    values = [float(f(point - h * direction)), float(f(point)), float(f(point + h * direction))]
    noise = 100 * float(np.finfo(float).eps) * float(np.abs(values).max()) / h
    left, right = np.diff(values) / h
    return float(left), (values[2] - values[0]) / h / 2, float(right), noise


def agree(a: float, b: float, tol: float, noise: float) -> bool:
    """See the stub."""
    return bool(np.abs(a - b) - noise <= tol * np.maximum(np.abs(a), np.abs(b)))


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
    drawn = torch.randn(directions, x.numel(), generator=generator, dtype=torch.float64)
    drawn = drawn / torch.linalg.vector_norm(drawn, dim=1, keepdim=True)
    claimed = (drawn @ grad.reshape(-1)).tolist()
    verdicts = []
    for direction, claim in zip(drawn, claimed, strict=True):
        left, central, right, noise = slopes(f, x, direction.reshape(x.shape), h)
        if agree(left, right, 1e-3, noise):
            verdicts.append(agree(central, claim, 1e-5, noise))
    if not verdicts:
        return "undecided"
    return "right" if all(verdicts) else "wrong"


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
    point = x.to(torch.float64)
    g = torch.empty_like(forward(point)).normal_(generator=generator)

    def loss(z: Tensor) -> Tensor:
        return torch.tensordot(g, forward(z), dims=g.dim())

    return check_gradient(loss, backward(g, point), point, generator, directions=directions, h=h)
