"""As an optimizer does it, in place, but on copies."""

import torch
from torch import Tensor


def sgd_step(
    param: Tensor,
    grad: Tensor,
    velocity: Tensor | None,
    *,
    lr: float,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """See the stub."""
    new, step = param.clone(), torch.add(grad, param, alpha=weight_decay)
    if momentum != 0:
        buffer = step.clone() if velocity is None else velocity.clone().mul_(momentum).add_(step, alpha=1 - dampening)
        step = step.add_(buffer, alpha=momentum) if nesterov else buffer
        return new.sub_(step, alpha=lr), buffer
    return new.sub_(step, alpha=lr), None
