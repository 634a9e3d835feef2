"""The scalars of Adam folded: both corrections go into the step and into eps."""

import torch
from torch import Tensor


def ema_update(average: Tensor, value: Tensor, decay: float) -> None:
    """See the stub."""
    torch.lerp(average, value, 1 - decay, out=average)


def add_bias_relu(x: Tensor, branch: Tensor, scale: float, bias: Tensor) -> Tensor:
    """See the stub."""
    return torch.add(x, branch, alpha=scale).add_(bias).clamp_(min=0)


def adam_update(
    param: Tensor, grad: Tensor, m: Tensor, v: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float
) -> None:
    """See the stub."""
    first, second = 1 - betas[0] ** step, (1 - betas[1] ** step) ** 0.5
    m.lerp_(grad, 1 - betas[0])
    v.mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
    param.addcdiv_(m, v.sqrt().add_(eps * second), value=-lr * second / first)
