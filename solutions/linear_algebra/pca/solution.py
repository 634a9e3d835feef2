"""Through the singular value decomposition of the centred data, without a covariance matrix."""

import torch
from torch import Tensor


def pca(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    mean = x.mean(dim=0)
    centred = x - mean
    _, s, vh = torch.linalg.svd(centred, full_matrices=False)
    components = vh[:k]
    variances = s[:k].square() / (len(x) - 1)
    return mean, components, variances


def covariance(x: Tensor) -> Tensor:
    """See the stub."""
    deviations = x - x.mean(dim=0)
    return deviations.T @ deviations / (len(x) - 1)


def pca_of_covariance(c: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    values, vectors = torch.linalg.eigh(c)
    largest = values.argsort(descending=True)[:k]
    return vectors.T[largest], values[largest]


def transform(x: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """See the stub."""
    return (x - mean) @ components.T


def inverse_transform(z: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """See the stub."""
    return z @ components + mean


def whiten(z: Tensor, variances: Tensor) -> Tensor:
    """See the stub."""
    return z / variances.sqrt()


def components_needed(variances: Tensor, share: float) -> int:
    """See the stub."""
    reached = variances.cumsum(dim=0) >= share * variances.sum()
    return 1 + int((~reached).sum())
