"""The triangle is two averages in a row; their gain has a closed form."""

import math

import torch
from torch import Tensor


def subsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    if kind == "stride":
        return x[:, ::factor].clone()
    if kind == "triangle":
        ahead = torch.stack([torch.roll(x, -k, 1) for k in range(factor)]).mean(0)
        return torch.stack([torch.roll(ahead, k, 1) for k in range(factor)]).mean(0)[:, ::factor]
    windows = x.unfold(1, factor, factor)
    return windows.max(dim=-1).values if kind == "max" else windows.mean(dim=-1)


def shift_error(x: Tensor, factor: int, kind: str, shift: int) -> float:
    """See the stub."""
    shift %= x.shape[1]
    moved = torch.cat([x[:, x.shape[1] - shift :], x[:, : x.shape[1] - shift]], dim=1)
    here, there = subsample(x, factor, kind), subsample(moved, factor, kind)
    return math.sqrt(float(((there - here) ** 2).sum() / (here**2).sum()))


def alias(frequency: int, length: int, factor: int) -> int:
    """See the stub."""
    kept = length // factor
    at = range(kept)
    wave = [math.cos(2 * math.pi * frequency * p * factor / length) for p in at]
    for candidate in at:
        if all(abs(math.cos(2 * math.pi * candidate * p / kept) - wave[p]) < 1e-9 for p in at):
            return candidate
    raise AssertionError("there always is one")


def gain(frequency: int, length: int, factor: int, kind: str) -> float:
    """See the stub."""
    if kind == "max":
        raise ValueError("a maximum isn't linear")
    if kind == "stride" or frequency == 0:
        return 1.0
    half = math.pi * frequency / length
    box = abs(math.sin(factor * half) / (factor * math.sin(half)))
    return box if kind == "average" else box**2
