"""The formulas as they stand."""

import torch
from torch import Tensor


def elastic_net(w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """See the stub."""
    return l1 * w.abs().sum() + 0.5 * l2 * (w**2).sum()


def elastic_net_backward(grad_output: Tensor, w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """See the stub."""
    return grad_output * (l1 * torch.sign(w) + l2 * w)


def step_with_l2(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, l2: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    velocity = momentum * velocity + grad + l2 * w
    return w - lr * velocity, velocity


def step_with_decay(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, decay: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    velocity = momentum * velocity + grad
    return (1 - lr * decay) * w - lr * velocity, velocity


def soft_threshold(w: Tensor, amount: float) -> Tensor:
    """See the stub."""
    return torch.sign(w) * (w.abs() - amount).clamp(min=0)


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, l1: float) -> Tensor:
    """See the stub."""
    return soft_threshold(w - lr * grad, lr * l1)
