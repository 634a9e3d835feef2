"""The formulas as they stand: right, with a new tensor at every sign."""

import torch
from torch import Tensor


def ema_update(average: Tensor, value: Tensor, decay: float) -> None:
    """See the stub."""
    average.copy_(decay * average + (1 - decay) * value)


def add_bias_relu(x: Tensor, branch: Tensor, scale: float, bias: Tensor) -> Tensor:
    """See the stub."""
    return torch.relu(x + scale * branch + bias)


def adam_update(
    param: Tensor, grad: Tensor, m: Tensor, v: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float
) -> None:
    """See the stub."""
    m.copy_(betas[0] * m + (1 - betas[0]) * grad)
    v.copy_(betas[1] * v + (1 - betas[1]) * grad**2)
    m_hat, v_hat = m / (1 - betas[0] ** step), v / (1 - betas[1] ** step)
    param.copy_(param - lr * m_hat / (v_hat.sqrt() + eps))
