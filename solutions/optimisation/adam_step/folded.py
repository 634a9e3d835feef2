"""The bias corrections folded into the step size and eps; copies updated in place."""

import math

from torch import Tensor


def adam_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    step: int,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    param, exp_avg, exp_avg_sq = param.clone(), exp_avg.clone(), exp_avg_sq.clone()
    if weight_decay and decoupled:
        param -= lr * weight_decay * param
    elif weight_decay:
        grad = grad.add(param, alpha=weight_decay)
    exp_avg.mul_(betas[0]).add_(grad, alpha=1 - betas[0])
    exp_avg_sq.mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
    root = math.sqrt(1 - betas[1] ** step)
    param.addcdiv_(exp_avg, exp_avg_sq.sqrt() + eps * root, value=-lr * root / (1 - betas[0] ** step))
    return param, exp_avg, exp_avg_sq
