"""In place, with the operations that torch has for two steps in one."""

import torch
from torch import Tensor


def ema_update(average: Tensor, value: Tensor, decay: float) -> None:
    """See the stub."""
    average.lerp_(value, 1 - decay)


def add_bias_relu(x: Tensor, branch: Tensor, scale: float, bias: Tensor) -> Tensor:
    """See the stub."""
    out = torch.add(x, branch, alpha=scale)
    out.add_(bias)
    return out.relu_()


def adam_update(
    param: Tensor, grad: Tensor, m: Tensor, v: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float
) -> None:
    """See the stub."""
    m.mul_(betas[0]).add_(grad, alpha=1 - betas[0])
    v.mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
    root = v.sqrt()
    root.div_((1 - betas[1] ** step) ** 0.5).add_(eps)
    param.addcdiv_(m, root, value=-lr / (1 - betas[0] ** step))
