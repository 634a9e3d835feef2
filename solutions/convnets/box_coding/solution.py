"""Broadcasting throughout; the second step of the matching goes from the smallest overlap to the largest."""

import math

import torch
from torch import Tensor

LIMIT = math.log(1000 / 16)


def anchor_boxes(height: int, width: int, *, stride: int, sizes: list[float], ratios: list[float]) -> Tensor:
    """See the stub."""
    rows = (torch.arange(height, dtype=torch.float64) + 0.5) * stride
    columns = (torch.arange(width, dtype=torch.float64) + 0.5) * stride
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    centres = torch.stack([x, y, x, y], dim=-1)
    shapes = torch.tensor(
        [[size / math.sqrt(ratio), size * math.sqrt(ratio)] for size in sizes for ratio in ratios], dtype=torch.float64
    )
    around = torch.cat([-shapes, shapes], dim=1) / 2
    return (centres[:, :, None] + around).reshape(-1, 4)


def _centres_and_sizes(boxes: Tensor) -> tuple[Tensor, Tensor]:
    return (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]


def encode(boxes: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)) -> Tensor:
    """See the stub."""
    centres, sizes = _centres_and_sizes(boxes)
    anchor_centres, anchor_sizes = _centres_and_sizes(anchors)
    offsets = torch.cat([(centres - anchor_centres) / anchor_sizes, torch.log(sizes / anchor_sizes)], dim=1)
    return offsets * torch.tensor(weights, dtype=boxes.dtype)


def decode(
    offsets: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
) -> Tensor:
    """See the stub."""
    offsets = offsets / torch.tensor(weights, dtype=offsets.dtype)
    anchor_centres, anchor_sizes = _centres_and_sizes(anchors)
    centres = anchor_centres + offsets[:, :2] * anchor_sizes
    sizes = anchor_sizes * offsets[:, 2:].clamp(max=LIMIT).exp()
    return torch.cat([centres - sizes / 2, centres + sizes / 2], dim=1)


def match(overlaps: Tensor, *, low: float, high: float) -> Tensor:
    """See the stub."""
    if len(overlaps) == 0:
        return torch.full(overlaps.shape[1:], -1)
    best, matches = overlaps.max(dim=0)
    matches = torch.where(best >= high, matches, -2)
    matches[best < low] = -1
    favourite_overlap, favourite = overlaps.max(dim=1)
    for box in favourite_overlap.argsort().tolist():
        if favourite_overlap[box] > 0:
            matches[favourite[box]] = box
    return matches
