"""A column at a time: take off what earlier columns explain, then divide by the root of the pivot."""

import math

import torch
from torch import Tensor


def cholesky(a: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or a.shape[0] != a.shape[1]:
        raise ValueError(f"a square matrix is needed, not {tuple(a.shape)}")
    lower = torch.zeros_like(a)
    for j in range(len(a)):
        rest = a[j:, j] - lower[j:, :j] @ lower[j, :j]
        if not rest[0] > 0:
            raise ValueError(f"not positive definite: pivot {j} is {rest[0].item():.3g}")
        lower[j:, j] = rest / rest[0].sqrt()
    return lower


def forward(lower: Tensor, b: Tensor) -> Tensor:
    """Solve lower · y = b from the first unknown down; b has shape (n, k)."""
    y = torch.zeros_like(b)
    for i in range(len(b)):
        y[i] = (b[i] - lower[i, :i] @ y[:i]) / lower[i, i]
    return y


def backward(lower: Tensor, y: Tensor) -> Tensor:
    """Solve lowerᵀ · x = y from the last unknown up; y has shape (n, k)."""
    x = torch.zeros_like(y)
    for i in reversed(range(len(y))):
        x[i] = (y[i] - lower[i + 1 :, i] @ x[i + 1 :]) / lower[i, i]
    return x


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    lower = cholesky(a)
    columns = b.reshape(len(b), -1)
    y = forward(lower, columns)
    x = backward(lower, y)
    return x.reshape(b.shape)


def log_determinant(a: Tensor) -> Tensor:
    """See the stub."""
    return 2 * cholesky(a).diagonal().log().sum()


def correlate(noise: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """See the stub."""
    lower = cholesky(covariance)
    return mean + noise @ lower.T


def log_density(x: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """See the stub."""
    lower = cholesky(covariance)
    white = forward(lower, (x - mean).T)
    squared = white.square().sum(dim=0)
    constant = 2 * lower.diagonal().log().sum() + len(mean) * math.log(2 * math.pi)
    return -(squared + constant) / 2
