"""One sample after the other; the variance from the covariance of two draws."""

import random

import torch
from torch import Tensor


def batches(order: Tensor, batch_size: int, *, drop_last: bool = False) -> list[Tensor]:
    """See the stub."""
    parts = list(order.split(batch_size))
    if drop_last and parts and len(parts[-1]) < batch_size:
        parts.pop()
    return parts


def shuffled_batches(n: int, batch_size: int, epochs: int, *, seed: int) -> list[list[Tensor]]:
    """See the stub."""
    source, result = random.Random(seed), []
    for _ in range(epochs):
        order = list(range(n))
        source.shuffle(order)
        result.append([torch.tensor(order[i : i + batch_size]) for i in range(0, n, batch_size)])
    return result


def place_of(iteration: int, n: int, batch_size: int, *, drop_last: bool = False) -> tuple[int, int, int]:
    """See the stub."""
    sizes = [len(part) for part in batches(torch.arange(n), batch_size, drop_last=drop_last)]
    return iteration // len(sizes), iteration % len(sizes), sizes[iteration % len(sizes)]


def sgd_epoch(x: Tensor, y: Tensor, w: Tensor, parts: list[Tensor], lr: float) -> tuple[Tensor, list[float], float]:
    """See the stub."""
    losses, of_samples, w = [], [], w.clone()
    for part in parts:
        squares, gradient = [], torch.zeros_like(w)
        for i in part.tolist():
            error = torch.dot(x[i], w) - y[i]
            squares.append(error.item() ** 2)
            gradient += 2 * error * x[i] / len(part)
        w -= lr * gradient
        losses.append(sum(squares) / len(squares))
        of_samples += squares
    return w, losses, sum(of_samples) / len(of_samples)


def gradient_noise(gradients: Tensor, batch_size: int, *, replacement: bool = False) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n = len(gradients)
    mean = gradients.sum(dim=0) / n
    deviations = gradients - mean
    variance = (deviations**2).sum(dim=0) / n
    # Two different samples of a finite set are negatively correlated: all n deviations add up to zero.
    together = 0 * variance if replacement else -variance / (n - 1)
    return mean, (batch_size * variance + batch_size * (batch_size - 1) * together) / batch_size**2
