"""Formulas: what noise adds to the loss is a variance."""

import math

import torch
from torch import Tensor


def _gradient(w: Tensor, x: Tensor, y: Tensor) -> Tensor:
    return 2 * (x @ w - y) @ x / len(y)


def noisy_gradient(w: Tensor, x: Tensor, y: Tensor, noise: Tensor, std: float, where: str) -> Tensor:
    """See the stub."""
    if where == "input":
        return _gradient(w, x + std * noise, y)
    if where == "weight":
        return _gradient(w + std * noise, x, y)
    if where == "gradient":
        return _gradient(w, x, y) + std * noise
    raise ValueError(f"noise where? {where}")


def annealed_std(step: int, eta: float, gamma: float) -> float:
    """See the stub."""
    return math.sqrt(eta / (1 + step) ** gamma)


def expected_loss(w: Tensor, x: Tensor, y: Tensor, std: float, where: str) -> Tensor:
    """See the stub."""
    clean = (x @ w - y).square().mean()
    if where == "input":
        return clean + std**2 * w.square().sum()
    if where == "weight":
        return clean + std**2 * x.square().sum(dim=1).mean()
    raise ValueError(f"noise where? {where}")


def expected_loss_dropout(w: Tensor, x: Tensor, y: Tensor, p: float) -> Tensor:
    """See the stub."""
    clean = (x @ w - y).square().mean()
    return clean + p / (1 - p) * (w.square() * x.square()).sum(dim=1).mean()


def best_weights(x: Tensor, y: Tensor, std: float) -> Tensor:
    """See the stub."""
    samples, features = x.shape
    penalty = samples * std**2 * torch.eye(features, dtype=x.dtype)
    return torch.linalg.solve(x.T @ x + penalty, x.T @ y)
