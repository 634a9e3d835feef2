"""One sum of squares over everything, one factor for everything."""

import torch
from torch import Tensor


def clip_grad_norm(grads: list[Tensor | None], max_norm: float) -> tuple[list[Tensor | None], Tensor]:
    """See the stub."""
    squares = [(grad**2).sum() for grad in grads if grad is not None]
    norm = torch.stack(squares).sum().sqrt() if squares else torch.tensor(0.0)
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    return [None if grad is None else grad * factor for grad in grads], norm


def clip_grad_value(grads: list[Tensor | None], clip_value: float) -> list[Tensor | None]:
    """See the stub."""
    return [None if grad is None else grad.clamp(-clip_value, clip_value) for grad in grads]
