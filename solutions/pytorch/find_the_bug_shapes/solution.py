"""All seven repaired; each repair is a line."""

import torch.nn.functional as F
from torch import Tensor


def regression_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return ((outputs.squeeze(1) - targets) ** 2).mean()


def accuracy(logits: Tensor, targets: Tensor) -> float:
    """See the stub."""
    predicted = logits.argmax(dim=1)
    return (predicted == targets).double().mean().item()


def pixel_probabilities(logits: Tensor) -> Tensor:
    """See the stub."""
    return F.softmax(logits, dim=1)


def sequence_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return F.cross_entropy(logits.transpose(1, 2), targets)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """See the stub."""
    n, length, width = x.shape
    return x.reshape(n, length, heads, width // heads).transpose(1, 2)


def normalise_images(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """See the stub."""
    return (images - mean.reshape(-1, 1, 1)) / std.reshape(-1, 1, 1)


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    kept = x * mask.unsqueeze(2)
    return kept.sum(dim=1) / mask.sum(dim=1, keepdim=True)
