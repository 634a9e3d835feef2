"""By masked_fill and division."""

import torch
from torch import Tensor


def dropout_forward(x: Tensor, uniform: Tensor, p: float = 0.5, training: bool = True) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if p < 0 or p > 1:
        raise ValueError("p has to lie between 0 and 1")
    mask = torch.ge(uniform, p) if training else torch.full_like(uniform, True, dtype=torch.bool)
    return dropout_backward(x, mask, p, training), mask


def dropout_backward(grad_output: Tensor, mask: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """See the stub."""
    kept = grad_output.masked_fill(~mask, 0)
    return kept / (1 - p) if training and p < 1 else kept
