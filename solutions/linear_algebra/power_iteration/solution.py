"""Multiply, divide by the length, and once more."""

import torch
from torch import Tensor


def rayleigh_quotient(a: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    return torch.dot(v, a @ v) / torch.dot(v, v)


def unit(v: Tensor) -> Tensor:
    """v at length 1; the largest entry goes first, so that no square under- or overflows."""
    largest = v.abs().max()
    if largest == 0:
        raise ValueError("the zero vector has no direction")
    v = v / largest
    return v / v.norm()


def power_iteration(a: Tensor, start: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    v = unit(start)
    for _ in range(steps):
        v = unit(a @ v)
    return rayleigh_quotient(a, v), v


def top_eigenpairs(a: Tensor, starts: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    values, vectors = [], []
    rest = a
    for start in starts:
        value, v = power_iteration(rest, start, steps=steps)
        rest = rest - value * torch.outer(v, v)
        values.append(value)
        vectors.append(v)
    return torch.stack(values), torch.stack(vectors, dim=1)


def after_layers(values: Tensor, vectors: Tensor, x: Tensor, depth: int) -> Tensor:
    """See the stub."""
    coordinates = vectors.T @ x
    return vectors @ (values**depth * coordinates)
