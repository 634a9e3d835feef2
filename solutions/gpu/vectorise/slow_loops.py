"""Element by element: right, and slow."""

import torch
from torch import Tensor


def squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    out = x.new_zeros(len(x), len(y))
    for i in range(len(x)):
        for j in range(len(y)):
            out[i, j] = ((x[i] - y[j]) ** 2).sum()
    return out


def moving_average(x: Tensor, width: int) -> Tensor:
    """See the stub."""
    return torch.stack([x[i : i + width].sum() / width for i in range(len(x) - width + 1)])


def class_means(x: Tensor, labels: Tensor, classes: int) -> Tensor:
    """See the stub."""
    rows = [x[labels == k] for k in range(classes)]
    return torch.stack([row.sum(0) / max(len(row), 1) for row in rows])
