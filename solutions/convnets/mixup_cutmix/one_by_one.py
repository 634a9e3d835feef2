"""Sample by sample; the box as a mask of pixels, whose mean is the partner's share."""

import torch
from torch import Tensor


def _targets(labels: Tensor, order: Tensor, lam: float, classes: int, like: Tensor) -> Tensor:
    targets = like.new_zeros(len(labels), classes)
    for n, partner in enumerate(order.tolist()):
        targets[n, labels[n]] += lam
        targets[n, labels[partner]] += 1 - lam
    return targets


def mixup(images: Tensor, labels: Tensor, *, order: Tensor, lam: float, classes: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    mixed = torch.empty_like(images)
    for n, partner in enumerate(order.tolist()):
        mixed[n] = images[partner] + lam * (images[n] - images[partner])
    return mixed, _targets(labels, order, lam, classes, images)


def _stretch(size: int, lam: float, middle: int) -> tuple[int, int]:
    """Where the box begins and ends along one axis."""
    length = int(size * (1 - lam) ** 0.5)
    inside = [k for k in range(middle - length // 2, middle - length // 2 + length) if 0 <= k < size]
    return (inside[0], inside[-1] + 1) if inside else (middle, middle)


def cut_box(height: int, width: int, *, lam: float, row: int, column: int) -> tuple[int, int, int, int]:
    """See the stub."""
    return *_stretch(height, lam, row), *_stretch(width, lam, column)


def cutmix(
    images: Tensor, labels: Tensor, *, order: Tensor, box: tuple[int, int, int, int], classes: int
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    top, bottom, left, right = box
    rows, columns = torch.arange(images.shape[2])[:, None], torch.arange(images.shape[3])
    pasted = (top <= rows) & (rows < bottom) & (left <= columns) & (columns < right)
    lam = (~pasted).double().mean().item()
    return torch.where(pasted, images[order], images), _targets(labels, order, lam, classes, images)


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    losses = []
    for scores, target in zip(logits, targets, strict=True):
        log_probabilities = scores - scores.max()
        log_probabilities = log_probabilities - log_probabilities.exp().sum().log()
        losses.append(-target @ log_probabilities)
    return torch.stack(losses).mean()
