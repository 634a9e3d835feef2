"""Class by class, with masks."""

import torch
from torch import Tensor


def _groups(probs: Tensor, per_sample: bool) -> list[tuple[slice, int]]:
    """What shares one coefficient: samples and a class."""
    samples = [slice(n, n + 1) for n in range(len(probs))] if per_sample else [slice(None)]
    return [(rows, channel) for rows in samples for channel in range(probs.shape[1])]


def dice_loss(probs: Tensor, targets: Tensor, *, eps: float = 1.0, per_sample: bool = True) -> Tensor:
    """See the stub."""
    losses = []
    for rows, channel in _groups(probs, per_sample):
        p, t = probs[rows, channel], targets[rows, channel]
        losses.append(1 - (2 * torch.sum(p * t) + eps) / (torch.sum(p) + torch.sum(t) + eps))
    return torch.stack(losses).mean()


def dice_loss_backward(
    grad_output: Tensor, probs: Tensor, targets: Tensor, *, eps: float = 1.0, per_sample: bool = True
) -> Tensor:
    """See the stub."""
    grad = torch.zeros_like(probs)
    groups = _groups(probs, per_sample)
    for rows, channel in groups:
        p, t = probs[rows, channel], targets[rows, channel]
        below = p.sum() + t.sum() + eps
        coefficient = (2 * torch.sum(p * t) + eps) / below
        grad[rows, channel] = grad_output * (coefficient - 2 * t) / below / len(groups)
    return grad


def mask_overlaps(predicted: Tensor, target: Tensor, classes: int, ignore: int = 255) -> tuple[Tensor, Tensor]:
    """See the stub."""
    intersection, union = torch.zeros(classes, dtype=torch.int64), torch.zeros(classes, dtype=torch.int64)
    for label in range(classes):
        mine, true = (predicted == label) & (target != ignore), target == label
        intersection[label] = (mine & true).sum()
        union[label] = (mine | true).sum()
    return intersection, union


def mean_iou(intersection: Tensor, union: Tensor) -> float:
    """See the stub."""
    shares = [i / u for i, u in zip(intersection.tolist(), union.tolist(), strict=True) if u]
    return sum(shares) / max(1, len(shares))


def balanced_weights(target: Tensor, classes: int) -> Tensor:
    """See the stub."""
    counts = [int((target == label).sum()) for label in range(classes)]
    occurring = sum(count > 0 for count in counts)
    weights = [target.numel() / occurring / count if count else 0.0 for count in counts]
    return torch.tensor(weights, dtype=torch.float64)
