"""numpy's logaddexp is a stable softplus: log(e⁰ + e^z)."""

import numpy as np
import torch
from torch import Tensor


def _weight(pos_weight: Tensor | None):
    return 1 if pos_weight is None else pos_weight.numpy()


def bce_with_logits(
    logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    z, y = logits.numpy(), targets.numpy()
    losses = y * _weight(pos_weight) * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    reduced = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](losses)
    return torch.as_tensor(reduced, dtype=logits.dtype)


def bce_with_logits_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, pos_weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    z, y = logits.numpy(), targets.numpy()
    probability = np.exp(-np.logaddexp(0, -z))
    weight = y * _weight(pos_weight)
    slope = (1 - y + weight) * probability - weight
    scale = logits.numel() if reduction == "mean" else 1
    return torch.as_tensor(grad_output.numpy() * slope / scale, dtype=logits.dtype)
