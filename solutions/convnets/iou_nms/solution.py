"""All pairs by broadcasting; then the best box takes out those that overlap it, again and again."""

import torch
from torch import Tensor


def box_iou(first: Tensor, second: Tensor) -> Tensor:
    """See the stub."""
    a, b = first[:, None], second[None, :]
    low = torch.maximum(a[..., :2], b[..., :2])
    high = torch.minimum(a[..., 2:], b[..., 2:])
    intersection = (high - low).clamp(min=0).prod(dim=-1)
    union = (a[..., 2:] - a[..., :2]).prod(dim=-1) + (b[..., 2:] - b[..., :2]).prod(dim=-1) - intersection
    return torch.where(union > 0, intersection / union, torch.zeros_like(union))


def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """See the stub."""
    left = scores.argsort(descending=True)
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(int(best))
        overlaps = box_iou(boxes[best][None], boxes[left])[0]
        left = left[overlaps <= threshold]
    return torch.tensor(kept, dtype=torch.int64)
