"""One helper for both directions: dropout is linear in x, so its gradient is the same dropout."""

import torch
from torch import Tensor


def _apply(values: Tensor, mask: Tensor, p: float) -> Tensor:
    scale = 1 / (1 - p) if p < 1 else 0.0
    return torch.where(mask, values * scale, torch.zeros_like(values))


def dropout_forward(x: Tensor, uniform: Tensor, p: float = 0.5, training: bool = True) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if not 0 <= p <= 1:
        raise ValueError(f"p is a probability, and {p} is none")
    if not training:
        return x.clone(), torch.ones_like(x, dtype=torch.bool)
    mask = uniform >= p
    return _apply(x, mask, p), mask


def dropout_backward(grad_output: Tensor, mask: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """See the stub."""
    return _apply(grad_output, mask, p) if training else grad_output.clone()
