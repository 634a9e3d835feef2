"""The rule as it stands, with early stopping."""

import torch
from torch import Tensor


def predict(x: Tensor, w: Tensor, b: float) -> Tensor:
    """See the stub."""
    return torch.where(x @ w + b > 0, 1.0, -1.0).to(x.dtype)


def fit(x: Tensor, y: Tensor, epochs: int, lr: float = 1.0) -> tuple[Tensor, float, list[int]]:
    """See the stub."""
    w, b = torch.zeros(x.shape[1], dtype=x.dtype), 0.0
    mistakes: list[int] = []
    for _ in range(epochs):
        count = 0
        for point, label in zip(x, y, strict=True):
            if label * (w @ point + b) <= 0:
                w = w + lr * label * point
                b = b + lr * label.item()
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes


def mistake_bound(x: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    """See the stub."""
    radius = (x.pow(2).sum(dim=1) + 1).sqrt().max()
    length = (w.pow(2).sum() + b**2).sqrt()
    margin = (y * (x @ w + b)).min() / length
    return float((radius / margin) ** 2)
