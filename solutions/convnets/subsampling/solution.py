"""Every linear kind is a list of (offset, weight)."""

import cmath
import math

import torch
from torch import Tensor


def _weights(factor: int, kind: str) -> list[tuple[int, float]]:
    if kind == "stride":
        return [(0, 1.0)]
    if kind == "average":
        return [(k, 1 / factor) for k in range(factor)]
    if kind == "triangle":
        return [(k, (factor - abs(k)) / factor**2) for k in range(1 - factor, factor)]
    raise ValueError(f"{kind} is no weighted sum")


def subsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    if kind == "max":
        return x.reshape(len(x), -1, factor).amax(dim=2)
    out = torch.zeros_like(x[:, ::factor])
    for offset, weight in _weights(factor, kind):
        out += weight * torch.roll(x, -offset, dims=1)[:, ::factor]
    return out


def shift_error(x: Tensor, factor: int, kind: str, shift: int) -> float:
    """See the stub."""
    before = subsample(x, factor, kind)
    after = subsample(torch.roll(x, shift, dims=1), factor, kind)
    return float((after - before).norm() / before.norm())


def alias(frequency: int, length: int, factor: int) -> int:
    """See the stub."""
    kept = length // factor
    folded = frequency % kept
    return min(folded, kept - folded)


def gain(frequency: int, length: int, factor: int, kind: str) -> float:
    """See the stub."""
    turn = 2j * math.pi * frequency / length
    return abs(sum(weight * cmath.exp(turn * offset) for offset, weight in _weights(factor, kind)))
