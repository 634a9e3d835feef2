"""The gradient is A x − b; the rates come from the smallest and the largest eigenvalue."""

import torch
from torch import Tensor


def descend(A: Tensor, b: Tensor, x0: Tensor, *, lr: float, steps: int) -> Tensor:
    """See the stub."""
    x = x0
    path = [x]
    for _ in range(steps):
        x = x - lr * (A @ x - b)
        path.append(x)
    return torch.stack(path)


def largest_rate(A: Tensor) -> float:
    """See the stub."""
    eigenvalues = torch.linalg.eigvalsh(A)
    return 2 / eigenvalues.max().item()


def best_rate(A: Tensor) -> tuple[float, float]:
    """See the stub."""
    eigenvalues = torch.linalg.eigvalsh(A)
    low, high = eigenvalues.min().item(), eigenvalues.max().item()
    return 2 / (low + high), (high - low) / (high + low)
