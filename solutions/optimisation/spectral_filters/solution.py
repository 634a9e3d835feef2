"""The first two without the SVD, the rest with the factors that come out of it."""

import torch
from torch import Tensor


def stopped_weights(x: Tensor, y: Tensor, lr: float, steps: int) -> Tensor:
    """See the stub."""
    w = x.new_zeros(x.shape[1])
    for _ in range(steps):
        w = w - lr * (x @ w - y) @ x
    return w


def ridge_weights(x: Tensor, y: Tensor, ridge: float) -> Tensor:
    """See the stub."""
    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
    return torch.linalg.solve(x.T @ x + penalty, x.T @ y)


def truncated_weights(x: Tensor, y: Tensor, keep: int) -> Tensor:
    """See the stub."""
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    return ((u.T @ y) / s)[:keep] @ vt[:keep]


def filter_factors(singular_values: Tensor, method: str, strength: float) -> Tensor:
    """See the stub."""
    squares = singular_values.square()
    if method == "ridge":
        return squares / (squares + strength)
    if method == "early stopping":
        return 1 - (1 - squares / squares[0]) ** strength
    if method == "truncation":
        return (torch.arange(len(squares)) < strength).to(squares.dtype)
    raise ValueError(f"no such method: {method}")


def effective_parameters(singular_values: Tensor, method: str, strength: float) -> float:
    """See the stub."""
    return filter_factors(singular_values, method, strength).sum().item()


def steps_like_ridge(singular_values: Tensor, ridge: float) -> int:
    """See the stub: the factors grow with the steps, so halve the range in which the answer lies."""
    wanted = effective_parameters(singular_values, "ridge", ridge)
    low, high = 0, 100_000
    while high - low > 1:
        middle = (low + high) // 2
        if effective_parameters(singular_values, "early stopping", middle) >= wanted:
            high = middle
        else:
            low = middle
    return high
