"""Repaired in other ways."""

import torch
import torch.nn.functional as F
from torch import Tensor


def regression_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return F.mse_loss(outputs, targets.unsqueeze(-1))


def accuracy(logits: Tensor, targets: Tensor) -> float:
    """See the stub."""
    hits = [int(row.argmax()) == int(target) for row, target in zip(logits, targets, strict=True)]
    return sum(hits) / len(hits)


def pixel_probabilities(logits: Tensor) -> Tensor:
    """See the stub."""
    exponentials = (logits - logits.amax(1, keepdim=True)).exp()
    return exponentials / exponentials.sum(1, keepdim=True)


def sequence_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def split_heads(x: Tensor, heads: int) -> Tensor:
    """See the stub."""
    return torch.stack(x.chunk(heads, dim=2), dim=1)


def normalise_images(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """See the stub."""
    return ((images.movedim(1, -1) - mean) / std).movedim(-1, 1)


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([rows[kept].mean(0) for rows, kept in zip(x, mask, strict=True)])
