"""Plain loops for what is counted; the eigenvalues of the product itself for the distance."""

import math

import torch
from torch import Tensor


def assign(samples: Tensor, centres: Tensor, radius: float) -> Tensor:
    """See the stub."""
    found = []
    for sample in samples:
        distances = [math.sqrt(((sample - centre) ** 2).sum().item()) for centre in centres]
        best = min(range(len(distances)), key=distances.__getitem__)
        found.append(best if distances[best] <= radius else -1)
    return torch.tensor(found)


def coverage(assigned: Tensor, modes: int, least: int) -> tuple[Tensor, int, float]:
    """See the stub."""
    listed = assigned.tolist()
    counts = [listed.count(mode) for mode in range(modes)]
    return torch.tensor(counts), sum(count >= least for count in counts), sum(counts) / len(listed)


def entropy(counts: Tensor) -> float:
    """See the stub."""
    total = sum(counts.tolist())
    return -sum(n / total * math.log(n / total) for n in counts.tolist() if n)


def mode_kl(counts: Tensor, target: Tensor) -> float:
    """See the stub."""
    p = counts.double() / counts.sum()
    return float(torch.special.xlogy(p, p / target).sum())


def first_collapse(history: Tensor, share: float, patience: int) -> int | None:
    """See the stub."""
    bad = []
    for counts in history:
        empty = int(counts.sum()) == 0
        bad.append(empty or math.exp(entropy(counts)) < share * history.shape[1])
    for start in range(len(bad) - patience + 1):
        if all(bad[start : start + patience]):
            return start
    return None


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return features.mean(0), torch.cov(features.T).reshape(features.shape[1], features.shape[1])


def frechet_distance(mean1: Tensor, cov1: Tensor, mean2: Tensor, cov2: Tensor) -> Tensor:
    """See the stub."""
    values = torch.linalg.eigvals(cov1 @ cov2).real.clamp(min=0)
    return torch.dist(mean1, mean2) ** 2 + torch.trace(cov1 + cov2) - 2 * values.sqrt().sum()
