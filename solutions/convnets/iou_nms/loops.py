"""Plain Python, pair by pair."""

import torch
from torch import Tensor


def _area(box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _iou(a, b) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (_area(a) + _area(b) - width * height)


def box_iou(first: Tensor, second: Tensor) -> Tensor:
    """See the stub."""
    rows = [[_iou(a, b) for b in second.tolist()] for a in first.tolist()]
    return torch.tensor(rows, dtype=first.dtype).reshape(len(first), len(second))


def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """See the stub."""
    rows, kept = boxes.tolist(), []
    for i in sorted(range(len(rows)), key=scores.tolist().__getitem__, reverse=True):
        if not any(_iou(rows[i], rows[k]) > threshold for k in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long)
