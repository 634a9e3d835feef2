"""A column of numbers from 0 to 1, and one formula for each walk."""

import torch
from torch import Tensor


def _times(steps: int, dtype: torch.dtype) -> Tensor:
    return torch.linspace(0, 1, steps, dtype=dtype)[:, None]


def lerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """See the stub."""
    t = _times(steps, start.dtype)
    return (1 - t) * start + t * end


def slerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """See the stub."""
    cosine = (start / start.norm()) @ (end / end.norm())
    angle = torch.acos(cosine.clamp(-1, 1))
    if angle.sin() < 1e-6:
        return lerp(start, end, steps)
    t = _times(steps, start.dtype)
    return (torch.sin((1 - t) * angle) * start + torch.sin(t * angle) * end) / torch.sin(angle)


def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """See the stub."""
    return codes[has].mean(dim=0) - codes[~has].mean(dim=0)


def with_attribute(code: Tensor, direction: Tensor, amount: float) -> Tensor:
    """See the stub."""
    unit = direction / direction.norm()
    return code + (amount - code @ unit) * unit


def truncate(codes: Tensor, psi: float) -> Tensor:
    """See the stub."""
    mean = codes.mean(dim=0)
    return mean + psi * (codes - mean)
