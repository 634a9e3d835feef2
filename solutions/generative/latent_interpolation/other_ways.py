"""Point by point, with the angle from an arctangent, and means as products with weights."""

import math

import torch
from torch import Tensor


def lerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """See the stub."""
    between = [start + (end - start) * (k / (steps - 1)) for k in range(1, steps - 1)]
    return torch.stack([start, *between, end])


def slerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """See the stub."""
    u, v = start / start.norm(), end / end.norm()
    angle = 2 * math.atan2((u - v).norm().item(), (u + v).norm().item())
    if math.sin(angle) < 1e-6:
        return lerp(start, end, steps)
    points = []
    for k in range(steps):
        t = k / (steps - 1)
        points.append((math.sin((1 - t) * angle) * start + math.sin(t * angle) * end) / math.sin(angle))
    return torch.stack(points)


def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """See the stub."""
    those, others = has.to(codes.dtype), (~has).to(codes.dtype)
    return (those / those.sum() - others / others.sum()) @ codes


def with_attribute(code: Tensor, direction: Tensor, amount: float) -> Tensor:
    """See the stub."""
    squared = (direction * direction).sum()
    without = code - (code * direction).sum() / squared * direction
    return without + amount / squared.sqrt() * direction


def truncate(codes: Tensor, psi: float) -> Tensor:
    """See the stub."""
    return psi * codes + (1 - psi) * codes.sum(dim=0) / len(codes)
