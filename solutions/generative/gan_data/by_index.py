"""Shifting by gathering from computed places; everything else number by number."""

import itertools

import torch
from torch import Tensor


def to_tanh_range(images: Tensor, noise: Tensor) -> Tensor:
    return (images + noise) / 128 - 1


def to_pixels(x: Tensor) -> Tensor:
    return torch.clamp((x + 1) * 128, 0, 255).type(torch.uint8)


def truncated(noise: Tensor, limit: float, spare: Tensor) -> Tensor:
    supply = (value for value in spare.tolist() if abs(value) <= limit)
    numbers = [value if abs(value) <= limit else next(supply) for value in noise.flatten().tolist()]
    return torch.tensor(numbers, dtype=noise.dtype).reshape(noise.shape)


def augment(images: Tensor, flips: Tensor, shifts: Tensor, brightness: Tensor) -> Tensor:
    n, _, height, width = images.shape
    rows = torch.arange(height)[None, :] - shifts[:, :1]
    columns = torch.arange(width)[None, :] - shifts[:, 1:]
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    source = torch.where(flips[:, None], width - 1 - columns, columns).clamp(0, width - 1)
    picked = images[torch.arange(n)[:, None, None], :, rows.clamp(0, height - 1)[:, :, None], source[:, None, :]]
    return picked.permute(0, 3, 1, 2) * inside[:, None] + brightness.reshape(-1, 1, 1, 1)


def mixed_batches(real: int, synthetic: int, size: int, share: float, order: Tensor) -> list[Tensor]:
    own = size - round(share * size)
    turn = itertools.cycle(range(real, real + synthetic))
    batches, used = [], 0
    while used + own <= real:
        made = [next(turn) for _ in range(size - own)]
        batches.append(torch.tensor(order[used : used + own].tolist() + made, dtype=torch.int64))
        used += own
    return batches
