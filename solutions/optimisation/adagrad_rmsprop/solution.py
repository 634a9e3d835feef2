"""The formulas in their order."""

import torch
from torch import Tensor


def adagrad_step(
    param: Tensor, grad: Tensor, square_sum: Tensor, *, lr: float = 1e-2, eps: float = 1e-10
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    square_sum = square_sum + grad**2
    return param - lr * grad / (torch.sqrt(square_sum) + eps), square_sum


def rmsprop_step(
    param: Tensor,
    grad: Tensor,
    square_avg: Tensor,
    grad_avg: Tensor | None,
    *,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor | None]:
    """See the stub."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    spread = square_avg
    if grad_avg is not None:
        grad_avg = alpha * grad_avg + (1 - alpha) * grad
        spread = square_avg - grad_avg**2
    return param - lr * grad / (torch.sqrt(spread) + eps), square_avg, grad_avg


def adadelta_step(
    param: Tensor,
    grad: Tensor,
    square_avg: Tensor,
    delta_avg: Tensor,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    square_avg = rho * square_avg + (1 - rho) * grad**2
    delta = torch.sqrt(delta_avg + eps) / torch.sqrt(square_avg + eps) * grad
    delta_avg = rho * delta_avg + (1 - rho) * delta**2
    return param - lr * delta, square_avg, delta_avg
