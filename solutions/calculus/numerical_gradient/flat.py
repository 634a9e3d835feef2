"""Rows of a flattened identity matrix as nudges."""

from collections.abc import Callable

import torch
from torch import Tensor


def numerical_gradient(f: Callable[[Tensor], Tensor | float], x: Tensor, h: float = 1e-5) -> Tensor:
    """See the stub."""
    nudges = h * torch.eye(x.numel(), dtype=x.dtype)
    slopes = []
    for nudge in nudges:
        step = nudge.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return torch.tensor([float(slope) for slope in slopes], dtype=x.dtype).reshape(x.shape)
