"""A broadcast difference, differences of a cumulative sum, and a product with one-hot labels."""

import torch
from torch import Tensor


def squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    difference = x[:, None, :] - y[None, :, :]
    return (difference * difference).sum(2)


def moving_average(x: Tensor, width: int) -> Tensor:
    """See the stub."""
    windows = x.unfold(0, width, 1)
    return windows.sum(1) / width


def class_means(x: Tensor, labels: Tensor, classes: int) -> Tensor:
    """See the stub."""
    one_hot = (labels[:, None] == torch.arange(classes)).to(x.dtype)
    counts = one_hot.sum(0)
    return (one_hot.T @ x) / counts.clamp(min=1)[:, None]
