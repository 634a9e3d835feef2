"""Slices, and the two textbook formulas for the variance of a sample's mean."""

import torch
from torch import Tensor


def batches(order: Tensor, batch_size: int, *, drop_last: bool = False) -> list[Tensor]:
    """See the stub."""
    stop = len(order) // batch_size * batch_size if drop_last else len(order)
    return [order[start : min(start + batch_size, stop)] for start in range(0, stop, batch_size)]


def shuffled_batches(n: int, batch_size: int, epochs: int, *, seed: int) -> list[list[Tensor]]:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    return [batches(torch.randperm(n, generator=generator), batch_size) for _ in range(epochs)]


def place_of(iteration: int, n: int, batch_size: int, *, drop_last: bool = False) -> tuple[int, int, int]:
    """See the stub."""
    steps = n // batch_size if drop_last else -(-n // batch_size)
    epoch, batch = divmod(iteration, steps)
    return epoch, batch, min(batch_size, n - batch * batch_size)


def sgd_epoch(x: Tensor, y: Tensor, w: Tensor, parts: list[Tensor], lr: float) -> tuple[Tensor, list[float], float]:
    """See the stub."""
    losses, total, seen = [], 0.0, 0
    for part in parts:
        residual = x[part] @ w - y[part]
        loss = residual.square().mean().item()
        w = w - lr * 2 * (residual @ x[part]) / len(part)
        losses.append(loss)
        total, seen = total + loss * len(part), seen + len(part)
    return w, losses, total / seen


def gradient_noise(gradients: Tensor, batch_size: int, *, replacement: bool = False) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n = len(gradients)
    mean = gradients.mean(dim=0)
    variance = (gradients - mean).square().mean(dim=0) / batch_size
    if not replacement:
        variance = variance * (n - batch_size) / (n - 1)
    return mean, variance
