"""numpy; the threshold by trying every score, the area from mean ranks."""

import numpy as np
import torch
from torch import Tensor


def reconstruction_score(x: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([(a - b).square().mean() for a, b in zip(x, output, strict=True)])


def latent_score(codes: Tensor, normal: Tensor) -> Tensor:
    """See the stub."""
    precision = torch.linalg.inv(torch.cov(normal.T))
    gap = codes - normal.mean(0)
    return torch.einsum("nd,de,ne->n", gap, precision, gap)


def threshold(scores: Tensor, rate: float) -> Tensor:
    """See the stub."""
    good = [t for t in scores if (scores > t).sum() <= rate * len(scores)]
    return torch.stack(good).min()


def roc_auc(scores: Tensor, anomalous: Tensor) -> float:
    """See the stub."""
    values, positive = scores.numpy(), anomalous.numpy()
    n, m = int(positive.sum()), int((~positive).sum())
    if n == 0 or m == 0:
        raise ValueError("one of the two kinds is missing")
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    rank = (last - (count - 1) / 2)[place]
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * m))
