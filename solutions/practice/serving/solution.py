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
    factor = gamma / torch.sqrt(var + eps)
    shape = (-1,) + (1,) * (weight.dim() - 1)
    return weight * factor.reshape(shape), (bias - mean) * factor + beta


def quantise_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    largest = weight.abs().amax(dim=1)
    scale = torch.where(largest > 0, largest / 127, torch.ones_like(largest))
    q = torch.round(weight / scale[:, None]).to(torch.int8)
    return q, scale


def quantise(x: Tensor) -> tuple[Tensor, float, int]:
    low = min(x.min().item(), 0.0)
    high = max(x.max().item(), 0.0)
    scale = (high - low) / 255 if high > low else 1.0
    zero = round(-128 - low / scale)
    q = (torch.round(x / scale) + zero).clamp(-128, 127).to(torch.int8)
    return q, scale, zero


def int8_linear(qx: Tensor, x_scale: float, x_zero: int, qw: Tensor, w_scale: Tensor, bias: Tensor) -> Tensor:
    total = (qx.long() - x_zero) @ qw.long().T
    return total.to(bias.dtype) * (x_scale * w_scale) + bias


def schedule(arrivals: list[float], most: int, patience: float, duration: float) -> list[tuple[float, list[int]]]:
    batches = []
    first, free = 0, 0.0
    while first < len(arrivals):
        full = arrivals[first + most - 1] if first + most <= len(arrivals) else float("inf")
        start = max(free, min(full, arrivals[first] + patience))
        last = first
        while last < len(arrivals) and last - first < most and arrivals[last] <= start:
            last += 1
        batches.append((start, list(range(first, last))))
        free = start + duration
        first = last
    return batches
