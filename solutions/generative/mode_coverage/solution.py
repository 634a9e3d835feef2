"""Distances by broadcasting, and the symmetric form of the Fréchet distance."""

import math

import torch
from torch import Tensor


def assign(samples: Tensor, centres: Tensor, radius: float) -> Tensor:
    """See the stub."""
    distances = (samples[:, None] - centres[None]).square().sum(dim=-1).sqrt()
    nearest = distances.argmin(dim=1)
    good = distances.gather(1, nearest[:, None])[:, 0] <= radius
    return torch.where(good, nearest, -1)


def coverage(assigned: Tensor, modes: int, least: int) -> tuple[Tensor, int, float]:
    """See the stub."""
    good = assigned[assigned >= 0]
    counts = torch.bincount(good, minlength=modes)
    return counts, int((counts >= least).sum()), len(good) / len(assigned)


def entropy(counts: Tensor) -> float:
    """See the stub."""
    present = counts[counts > 0].double()
    p = present / present.sum()
    return -(p * p.log()).sum().item()


def mode_kl(counts: Tensor, target: Tensor) -> float:
    """See the stub."""
    p = counts.double() / counts.sum()
    there = p > 0
    return (p[there] * (p[there] / target[there]).log()).sum().item()


def first_collapse(history: Tensor, share: float, patience: int) -> int | None:
    """See the stub."""
    row = 0
    for t, counts in enumerate(history):
        effective = math.exp(entropy(counts)) if counts.sum() > 0 else 0.0
        row = row + 1 if effective < share * len(counts) else 0
        if row == patience:
            return t - patience + 1
    return None


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    mean = features.mean(dim=0)
    centred = features - mean
    return mean, centred.T @ centred / (len(features) - 1)


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T


def frechet_distance(mean1: Tensor, cov1: Tensor, mean2: Tensor, cov2: Tensor) -> Tensor:
    """See the stub."""
    root = _root(cov1)
    cross = torch.linalg.eigvalsh(root @ cov2 @ root).clamp(min=0).sqrt().sum()
    return (mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * cross
