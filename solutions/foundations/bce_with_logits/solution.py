"""Everything through softplus(z) = log(1 + e^z), written so that only e^(−|z|) is ever taken."""

import torch
from torch import Tensor


def _softplus(z: Tensor) -> Tensor:
    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))


def _sigmoid(z: Tensor) -> Tensor:
    small = torch.exp(-z.abs())
    return torch.where(z >= 0, torch.ones_like(z), small) / (1 + small)


def bce_with_logits(
    logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    weight = 1.0 if pos_weight is None else pos_weight
    losses = weight * targets * _softplus(-logits) + (1 - targets) * _softplus(logits)
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def bce_with_logits_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    weight = 1.0 if pos_weight is None else pos_weight
    slope = (1 - targets) * _sigmoid(logits) - weight * targets * _sigmoid(-logits)
    each = grad_output / logits.numel() if reduction == "mean" else grad_output
    return each * slope
