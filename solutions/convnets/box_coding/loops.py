"""One anchor and one box at a time."""

import math

import torch
from torch import Tensor


def anchor_boxes(height: int, width: int, *, stride: int, sizes: list[float], ratios: list[float]) -> Tensor:
    """See the stub."""
    out = []
    for row in range(height):
        for column in range(width):
            x, y = (column + 0.5) * stride, (row + 0.5) * stride
            for size in sizes:
                for ratio in ratios:
                    w = (size**2 / ratio) ** 0.5
                    h = ratio * w
                    out.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(out, dtype=torch.float64)


def encode(boxes: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)) -> Tensor:
    """See the stub."""
    out = torch.zeros(len(boxes), 4, dtype=boxes.dtype)
    for i, (box, anchor) in enumerate(zip(boxes.tolist(), anchors.tolist(), strict=True)):
        for axis in (0, 1):
            size, anchor_size = box[axis + 2] - box[axis], anchor[axis + 2] - anchor[axis]
            shift = (box[axis] + box[axis + 2] - anchor[axis] - anchor[axis + 2]) / 2
            out[i, axis] = weights[axis] * shift / anchor_size
            out[i, axis + 2] = weights[axis + 2] * (math.log(size) - math.log(anchor_size))
    return out


def decode(
    offsets: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
) -> Tensor:
    """See the stub."""
    out = torch.zeros(len(offsets), 4, dtype=offsets.dtype)
    for i, (offset, anchor) in enumerate(zip(offsets.tolist(), anchors.tolist(), strict=True)):
        for axis in (0, 1):
            anchor_size = anchor[axis + 2] - anchor[axis]
            centre = (anchor[axis] + anchor[axis + 2]) / 2 + offset[axis] / weights[axis] * anchor_size
            stretch = offset[axis + 2] / weights[axis + 2]
            size = anchor_size * (62.5 if stretch > math.log(62.5) else math.exp(stretch))
            out[i, axis], out[i, axis + 2] = centre - size / 2, centre + size / 2
    return out


def match(overlaps: Tensor, *, low: float, high: float) -> Tensor:
    """See the stub."""
    table = overlaps.tolist()
    out = []
    for anchor in range(overlaps.shape[1]):
        column = [row[anchor] for row in table]
        best = max(column, default=0.0)
        out.append(-1 if best < low else column.index(best) if best >= high else -2)
    wishes: dict[int, tuple[float, int]] = {}
    for box, row in enumerate(table):
        best = max(row)
        if best > 0:
            anchor = row.index(best)
            wishes[anchor] = max(wishes.get(anchor, (0.0, -1)), (best, box))
    for anchor, (_, box) in wishes.items():
        out[anchor] = box
    return torch.tensor(out, dtype=torch.int64)
