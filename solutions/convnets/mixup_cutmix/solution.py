"""One function for the labels, which both need."""

import math

import torch
from torch import Tensor


def _mixed_labels(labels: Tensor, order: Tensor, lam: float, classes: int, like: Tensor) -> Tensor:
    one_hot = torch.nn.functional.one_hot(labels, classes).to(like.dtype)
    return lam * one_hot + (1 - lam) * one_hot[order]


def mixup(images: Tensor, labels: Tensor, *, order: Tensor, lam: float, classes: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return lam * images + (1 - lam) * images[order], _mixed_labels(labels, order, lam, classes, images)


def cut_box(height: int, width: int, *, lam: float, row: int, column: int) -> tuple[int, int, int, int]:
    """See the stub."""
    share = math.sqrt(1 - lam)
    h, w = int(height * share), int(width * share)
    top, left = row - h // 2, column - w // 2
    return max(top, 0), min(top + h, height), max(left, 0), min(left + w, width)


def cutmix(
    images: Tensor, labels: Tensor, *, order: Tensor, box: tuple[int, int, int, int], classes: int
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    top, bottom, left, right = box
    out = images.clone()
    out[:, :, top:bottom, left:right] = images[order][:, :, top:bottom, left:right]
    lam = 1 - (bottom - top) * (right - left) / (images.shape[2] * images.shape[3])
    return out, _mixed_labels(labels, order, lam, classes, images)


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return -(targets * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
