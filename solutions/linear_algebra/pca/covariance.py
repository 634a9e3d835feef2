"""Through the eigenvectors of the covariance matrix; sums in loops."""

import torch
from torch import Tensor


def pca(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    mean = x.sum(dim=0) / x.shape[0]
    return mean, *pca_of_covariance(covariance(x), k)


def covariance(x: Tensor) -> Tensor:
    """See the stub."""
    n = x.shape[0]
    products = torch.einsum("ni,nj->ij", x - x[0], x - x[0])  # from the first sample, then moved to the mean
    away = (x - x[0]).sum(dim=0)
    return (products - torch.outer(away, away) / n) / (n - 1)


def pca_of_covariance(c: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, s, _ = torch.linalg.svd(c)  # of a symmetric matrix without negative eigenvalues: its eigenvectors, sorted
    return u[:, :k].T, s[:k]


def transform(x: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([((x - mean) * direction).sum(dim=1) for direction in components], dim=1)


def inverse_transform(z: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """See the stub."""
    return mean + torch.einsum("nk,kd->nd", z, components)


def whiten(z: Tensor, variances: Tensor) -> Tensor:
    """See the stub."""
    return z @ torch.diag(variances**-0.5)


def components_needed(variances: Tensor, share: float) -> int:
    """See the stub."""
    total, so_far = sum(variances.tolist()), 0.0
    for k, variance in enumerate(variances.tolist(), 1):
        so_far += variance
        if so_far / total >= share:
            return k
    return len(variances)
