"""|x − y|² = |x|² − 2 x·y + |y|², a cumulative sum, and index_add."""

import torch
from torch import Tensor


def squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    return ((x * x).sum(1)[:, None] - 2 * (x @ y.T) + (y * y).sum(1)).clamp(min=0)


def moving_average(x: Tensor, width: int) -> Tensor:
    """See the stub."""
    total = torch.cat([x.new_zeros(1), x.cumsum(0)])
    return (total[width:] - total[:-width]) / width


def class_means(x: Tensor, labels: Tensor, classes: int) -> Tensor:
    """See the stub."""
    sums = x.new_zeros(classes, x.shape[1]).index_add(0, labels, x)
    counts = torch.bincount(labels, minlength=classes)
    return sums / counts.clamp(min=1)[:, None]
