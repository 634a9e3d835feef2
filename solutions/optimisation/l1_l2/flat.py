"""Norms and dot products of the flat weights; the sign from two comparisons; what is left of w when it is clamped."""

import torch
from torch import Tensor


def elastic_net(w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """See the stub."""
    flat = w.reshape(-1)
    return flat.norm(p=1) * l1 + torch.dot(flat, flat) * (l2 / 2)


def elastic_net_backward(grad_output: Tensor, w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """See the stub."""
    slope = (w > 0).to(w.dtype) - (w < 0).to(w.dtype)
    return torch.add(w * l2, slope, alpha=l1).mul_(grad_output)


def step_with_l2(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, l2: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return step_with_decay(w, grad.add(w, alpha=l2), velocity, lr=lr, momentum=momentum, decay=0.0)


def step_with_decay(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, decay: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    velocity = torch.add(grad, velocity, alpha=momentum)
    return w.mul(1 - lr * decay).sub_(velocity, alpha=lr), velocity


def soft_threshold(w: Tensor, amount: float) -> Tensor:
    """See the stub."""
    return w - w.clamp(-amount, amount)


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, l1: float) -> Tensor:
    """See the stub."""
    moved = w.sub(grad, alpha=lr)
    return torch.where(moved.abs() > lr * l1, moved - lr * l1 * moved.sgn(), 0.0)
