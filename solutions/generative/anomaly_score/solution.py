"""A linear solve for the distance, an order statistic for the threshold, all pairs for the area."""

import torch
from torch import Tensor


def reconstruction_score(x: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return ((output - x) ** 2).flatten(1).mean(dim=1)


def latent_score(codes: Tensor, normal: Tensor) -> Tensor:
    """See the stub."""
    mean = normal.mean(dim=0)
    spread = (normal - mean).T @ (normal - mean) / (len(normal) - 1)
    centred = codes - mean
    return (centred * torch.linalg.solve(spread, centred.T).T).sum(dim=1)


def threshold(scores: Tensor, rate: float) -> Tensor:
    """See the stub."""
    ordered = scores.sort().values
    return ordered[len(scores) - 1 - int(rate * len(scores))]


def roc_auc(scores: Tensor, anomalous: Tensor) -> float:
    """See the stub."""
    if anomalous.all() or not anomalous.any():
        raise ValueError("the area needs both anomalies and normal samples")
    gaps = scores[anomalous][:, None] - scores[~anomalous]
    return ((gaps > 0).double() + 0.5 * (gaps == 0).double()).mean().item()
