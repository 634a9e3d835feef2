"""numpy, with the bias as one more weight of a constant input."""

import numpy as np
import torch
from torch import Tensor


def _longer(x: Tensor) -> np.ndarray:
    return np.hstack([x.numpy(), np.ones((len(x), 1))])


def predict(x: Tensor, w: Tensor, b: float) -> Tensor:
    """See the stub."""
    return torch.from_numpy(2.0 * (_longer(x) @ np.append(w.numpy(), b) > 0) - 1)


def fit(x: Tensor, y: Tensor, epochs: int, lr: float = 1.0) -> tuple[Tensor, float, list[int]]:
    """See the stub."""
    points, labels = _longer(x), y.numpy()
    weights, mistakes = np.zeros(points.shape[1]), []
    while len(mistakes) < epochs and (not mistakes or mistakes[-1] > 0):
        wrong = 0
        for point, label in zip(points, labels, strict=True):
            if label * (weights[:-1] @ point[:-1] + weights[-1]) <= 0:
                weights += lr * label * point
                wrong += 1
        mistakes.append(wrong)
    return torch.from_numpy(weights[:-1].copy()), float(weights[-1]), mistakes


def mistake_bound(x: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    """See the stub."""
    points, both = _longer(x), np.append(w.numpy(), b)
    margins = y.numpy() * (points @ both) / np.sqrt(both @ both)
    return float((points**2).sum(1).max() / margins.min() ** 2)
