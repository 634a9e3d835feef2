"""The bias as the weight of an input that is always 1; numpy; a gate is found by training."""

import numpy as np
import torch
from torch import Tensor


def _longer(x: Tensor) -> np.ndarray:
    return np.hstack([x.numpy(), np.ones((len(x), 1))])


def _split(v: np.ndarray) -> tuple[Tensor, float]:
    return torch.from_numpy(v[:-1].copy()), float(v[-1])


def gate(table: list[int]) -> tuple[Tensor, float] | None:
    """See the stub."""
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    y = 2 * torch.tensor(table, dtype=torch.float64) - 1
    w, b, _ = margin_fit(x, y, 200, 0.5)
    return (w, b) if bool((y * (x @ w + b) > 0.5).all()) else None


def averaged_fit(x: Tensor, y: Tensor, epochs: int) -> tuple[Tensor, float]:
    """See the stub."""
    points, v = _longer(x), np.zeros(x.shape[1] + 1)
    states = []
    for _ in range(epochs):
        for point, label in zip(points, y.numpy(), strict=True):
            v = v + label * point if label * np.dot(point, v) <= 0 else v
            states.append(v)
    return _split(np.mean(states, axis=0))


def margin_fit(x: Tensor, y: Tensor, epochs: int, margin: float) -> tuple[Tensor, float, int]:
    """See the stub."""
    points, v, updates = _longer(x), np.zeros(x.shape[1] + 1), []
    for _ in range(epochs):
        learned = 0
        for point, label in zip(points, y.numpy(), strict=True):
            if label * np.dot(point, v) <= margin:
                v, learned = v + label * point, learned + 1
        updates.append(learned)
        if not learned:
            break
    return *_split(v), sum(updates)


def multiclass_fit(x: Tensor, labels: Tensor, classes: int, epochs: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    points, v = _longer(x), np.zeros((classes, x.shape[1] + 1))
    for point, right in list(zip(points, labels.numpy(), strict=True)) * epochs:
        signs = np.eye(classes)[right] - np.eye(classes)[np.argmax(v @ point)]
        v = v + np.outer(signs, point)
    return torch.from_numpy(v[:, :-1].copy()), torch.from_numpy(v[:, -1].copy())


def adaline_step(x: Tensor, y: Tensor, w: Tensor, b: float, lr: float) -> tuple[Tensor, float]:
    """See the stub."""
    points, v = _longer(x), np.append(w.numpy(), b)
    return _split(v - lr * np.mean((points @ v - y.numpy())[:, None] * points, axis=0))


def sigmoid_neuron_gradients(x: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[float, Tensor, float]:
    """See the stub."""
    loss, grad_w, grad_b = 0.0, torch.zeros_like(w), 0.0
    for point, target in zip(x, y.tolist(), strict=True):
        out = 1 / (1 + float(torch.exp(-(torch.dot(w, point) + b))))
        delta = (out - target) * out * (1 - out)
        loss += (out - target) ** 2 / 2 / len(x)
        grad_w = grad_w + delta / len(x) * point
        grad_b += delta / len(x)
    return loss, grad_w, grad_b
