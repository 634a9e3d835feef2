"""Slices for pixels, arithmetic on corners for boxes."""

import torch
import torch.nn.functional as F
from torch import Tensor


def flip(image: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    width = image.shape[-1]
    x1, y1, x2, y2 = boxes.unbind(dim=1)
    return image.flip(-1), torch.stack([width - x2, y1, width - x1, y2], dim=1)


def crop(
    image: Tensor,
    boxes: Tensor,
    *,
    top: int,
    left: int,
    height: int,
    width: int,
    padding: int = 0,
    min_visible: float = 0.0,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    padded = F.pad(image, (padding, padding, padding, padding))
    window = padded[:, top : top + height, left : left + width].clone()
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    shift_x, shift_y = padding - left, padding - top
    moved = boxes + torch.tensor([shift_x, shift_y, shift_x, shift_y], dtype=boxes.dtype)
    x = moved[:, 0::2].clamp(0, width)
    y = moved[:, 1::2].clamp(0, height)
    visible = (x[:, 1] - x[:, 0]) * (y[:, 1] - y[:, 0])
    kept = ((visible > 0) & (visible >= min_visible * areas)).nonzero()[:, 0]
    clipped = torch.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], dim=1)
    return window, clipped[kept], kept


def augment(images: Tensor, *, padding: int, generator: torch.Generator) -> Tensor:
    """See the stub."""
    n, _, height, width = images.shape
    flipped = torch.rand(n, generator=generator) < 0.5
    tops = torch.randint(0, 2 * padding + 1, (n,), generator=generator)
    lefts = torch.randint(0, 2 * padding + 1, (n,), generator=generator)
    mirrored = torch.where(flipped[:, None, None, None], images.flip(-1), images)
    padded = F.pad(mirrored, (padding, padding, padding, padding))
    windows = [
        image[:, top : top + height, left : left + width]
        for image, top, left in zip(padded, tops.tolist(), lefts.tolist(), strict=True)
    ]
    return torch.stack(windows)
