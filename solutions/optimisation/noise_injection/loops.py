"""Sample by sample, in numpy and plain Python."""

import numpy as np
import torch
from torch import Tensor


def noisy_gradient(w: Tensor, x: Tensor, y: Tensor, noise: Tensor, std: float, where: str) -> Tensor:
    """See the stub."""
    if where not in {"input", "weight", "gradient"}:
        raise ValueError(where)
    noise = std * noise
    total = torch.zeros_like(w)
    used = w + noise if where == "weight" else w
    for i, (row, target) in enumerate(zip(x, y, strict=True)):
        seen = row + noise[i] if where == "input" else row
        total = total + 2 * (torch.dot(used, seen) - target) * seen
    return total / len(x) + (noise if where == "gradient" else 0)


def annealed_std(step: int, eta: float, gamma: float) -> float:
    """See the stub."""
    return float(eta**0.5 * (step + 1) ** (-gamma / 2))


def expected_loss(w: Tensor, x: Tensor, y: Tensor, std: float, where: str) -> Tensor:
    """See the stub."""
    if where not in ("input", "weight"):
        raise ValueError(where)
    total = 0.0
    for row, target in zip(x.numpy(), y.numpy(), strict=True):
        other = w.numpy() if where == "input" else row
        total += (np.dot(w.numpy(), row) - target) ** 2 + std * std * np.dot(other, other)
    return torch.tensor(total / len(x), dtype=x.dtype)


def expected_loss_dropout(w: Tensor, x: Tensor, y: Tensor, p: float) -> Tensor:
    """See the stub: E[z²] = E[z]² + Var[z], with the second moment of a mask 1 / (1 − p)."""
    products = x * w
    squares = products.square() / (1 - p)
    z = products.sum(1)
    return ((z - y) ** 2 - products.square().sum(1) + squares.sum(1)).sum() / len(y)


def best_weights(x: Tensor, y: Tensor, std: float) -> Tensor:
    """See the stub: rows of noise, one for each direction."""
    rows = torch.cat([x, std * len(x) ** 0.5 * torch.eye(x.shape[1], dtype=x.dtype)])
    return torch.linalg.lstsq(rows, torch.cat([y, y.new_zeros(x.shape[1])])[:, None]).solution[:, 0]
