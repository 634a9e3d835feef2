"""Closed forms for the penalties; a mask from a stable sort for the hard limit."""

import torch
from torch import Tensor


def l1_sparsity(code: Tensor, weight: float) -> Tensor:
    """See the stub."""
    return weight * code.abs().sum(dim=1).mean()


def l1_sparsity_backward(grad_output: Tensor, code: Tensor, weight: float) -> Tensor:
    """See the stub."""
    return grad_output * weight * code.sign() / len(code)


def _divergence(mean: Tensor, rho: float) -> Tensor:
    return rho * torch.log(rho / mean) + (1 - rho) * torch.log((1 - rho) / (1 - mean))


def kl_sparsity(code: Tensor, rho: float) -> Tensor:
    """See the stub."""
    return _divergence(code.mean(dim=0), rho).sum()


def kl_sparsity_backward(grad_output: Tensor, code: Tensor, rho: float) -> Tensor:
    """See the stub."""
    mean = code.mean(dim=0)
    slope = (1 - rho) / (1 - mean) - rho / mean
    return grad_output * slope.expand_as(code) / len(code)


def _largest(code: Tensor, k: int) -> Tensor:
    """Ones where a value stays."""
    order = code.argsort(dim=1, descending=True, stable=True)
    return torch.zeros_like(code).scatter(1, order[:, :k], 1)


def k_sparse(code: Tensor, k: int) -> Tensor:
    """See the stub."""
    return code * _largest(code, k)


def k_sparse_backward(grad_output: Tensor, code: Tensor, k: int) -> Tensor:
    """See the stub."""
    return grad_output * _largest(code, k)
