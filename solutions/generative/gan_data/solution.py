import torch
from torch import Tensor
from torch.nn import functional as F


def to_tanh_range(images: Tensor, noise: Tensor) -> Tensor:
    return 2 * ((images.to(noise.dtype) + noise) / 256) - 1


def to_pixels(x: Tensor) -> Tensor:
    return torch.floor((x + 1) / 2 * 256).clamp(0, 255).to(torch.uint8)


def truncated(noise: Tensor, limit: float, spare: Tensor) -> Tensor:
    beyond = noise.abs() > limit
    fit = spare[spare.abs() <= limit]
    out = noise.clone()
    out[beyond] = fit[: int(beyond.sum())]
    return out


def augment(images: Tensor, flips: Tensor, shifts: Tensor, brightness: Tensor) -> Tensor:
    height, width = images.shape[2:]
    mirrored = torch.where(flips[:, None, None, None], images.flip(3), images)
    moved = []
    for image, (down, right) in zip(mirrored, shifts.tolist(), strict=True):
        padded = F.pad(image, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))
        top, left = max(-down, 0), max(-right, 0)
        moved.append(padded[:, top : top + height, left : left + width])
    return torch.stack(moved) + brightness[:, None, None, None]


def mixed_batches(real: int, synthetic: int, size: int, share: float, order: Tensor) -> list[Tensor]:
    made = round(share * size)
    own = size - made
    batches = []
    for number in range(real // own):
        turn = torch.arange(number * made, (number + 1) * made) % synthetic
        batches.append(torch.cat([order[number * own : (number + 1) * own], real + turn]))
    return batches
