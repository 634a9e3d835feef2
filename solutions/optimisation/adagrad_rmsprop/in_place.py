"""Averages by lerp, quotients by addcdiv."""

import torch
from torch import Tensor


def adagrad_step(
    param: Tensor, grad: Tensor, square_sum: Tensor, *, lr: float = 1e-2, eps: float = 1e-10
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    square_sum = torch.addcmul(square_sum, grad, grad)
    return torch.addcdiv(param, grad, square_sum.sqrt().add_(eps), value=-lr), square_sum


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
    square_avg = square_avg.lerp(grad * grad, 1 - alpha)
    root = square_avg.clone()
    if grad_avg is not None:
        grad_avg = grad_avg.lerp(grad, 1 - alpha)
        root.addcmul_(grad_avg, grad_avg, value=-1)
    return torch.addcdiv(param, grad, root.sqrt_().add_(eps), value=-lr), square_avg, grad_avg


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
    square_avg = square_avg.lerp(grad * grad, 1 - rho)
    delta = ((delta_avg + eps) / (square_avg + eps)).sqrt() * grad
    return param.sub(delta, alpha=lr), square_avg, delta_avg.lerp(delta * delta, 1 - rho)
