"""numpy, and Python's own sort."""

import numpy as np
import torch
from torch import Tensor


def l1_sparsity(code: Tensor, weight: float) -> Tensor:
    """See the stub."""
    return torch.as_tensor(weight * np.abs(code.numpy()).sum() / code.shape[0], dtype=code.dtype)


def l1_sparsity_backward(grad_output: Tensor, code: Tensor, weight: float) -> Tensor:
    """See the stub."""
    sign = (code > 0).to(code.dtype) - (code < 0).to(code.dtype)
    return sign * (weight * grad_output / code.shape[0])


def kl_sparsity(code: Tensor, rho: float) -> Tensor:
    """See the stub."""
    means = code.numpy().mean(0)
    cross = -(rho * np.log(means) + (1 - rho) * np.log1p(-means))
    entropy = -(rho * np.log(rho) + (1 - rho) * np.log(1 - rho))
    return torch.as_tensor((cross - entropy).sum(), dtype=code.dtype)


def kl_sparsity_backward(grad_output: Tensor, code: Tensor, rho: float) -> Tensor:
    """See the stub."""
    means = code.mean(0, keepdim=True)
    slope = (means - rho) / (means * (1 - means))
    return (grad_output / code.shape[0] * slope).repeat(code.shape[0], 1)


def _kept(row: list[float], k: int) -> list[int]:
    return sorted(range(len(row)), key=lambda index: (-row[index], index))[:k]


def _only(values: Tensor, code: Tensor, k: int) -> Tensor:
    out = torch.zeros_like(values)
    for n, row in enumerate(code.tolist()):
        for index in _kept(row, k):
            out[n, index] = values[n, index]
    return out


def k_sparse(code: Tensor, k: int) -> Tensor:
    """See the stub."""
    return _only(code, code, k)


def k_sparse_backward(grad_output: Tensor, code: Tensor, k: int) -> Tensor:
    """See the stub."""
    return _only(grad_output, code, k)
