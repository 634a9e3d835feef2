"""The zero point taken out of the sum, and the batches found by a walk through the events."""

import numpy as np
import torch
from torch import Tensor


def fold_batchnorm(
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    var: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: float,
) -> tuple[Tensor, Tensor]:
    factor = gamma * (var + eps) ** -0.5
    return torch.einsum("o...,o->o...", weight, factor), beta + factor * bias - factor * mean


def quantise_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    scale = weight.abs().max(dim=1).values / 127
    scale[scale == 0] = 1
    return (weight / scale.unsqueeze(1)).round().type(torch.int8), scale


def quantise(x: Tensor) -> tuple[Tensor, float, int]:
    low, high = float(torch.clamp(x.min(), max=0)), float(torch.clamp(x.max(), min=0))
    scale = (high - low) / 255 or 1.0
    zero = int(np.rint(-128 - low / scale))
    q = torch.clamp(torch.round(x / scale) + zero, -128, 127)
    return q.to(torch.int8), scale, zero


def int8_linear(qx: Tensor, x_scale: float, x_zero: int, qw: Tensor, w_scale: Tensor, bias: Tensor) -> Tensor:
    whole = qx.int() @ qw.int().T - x_zero * qw.int().sum(dim=1)
    return whole.to(bias.dtype) * x_scale * w_scale + bias


def schedule(arrivals: list[float], most: int, patience: float, duration: float) -> list[tuple[float, list[int]]]:
    waiting: list[int] = []
    batches: list[tuple[float, list[int]]] = []
    coming = list(range(len(arrivals)))
    free = 0.0
    while waiting or coming:
        if not waiting:
            waiting.append(coming.pop(0))
        due = arrivals[waiting[0]] + patience
        while coming and len(waiting) < most and arrivals[coming[0]] <= max(due, free):
            waiting.append(coming.pop(0))
        ready = arrivals[waiting[-1]] if len(waiting) == most else due
        start = max(free, ready)
        batches.append((start, waiting))
        waiting, free = [], start + duration
    return batches
