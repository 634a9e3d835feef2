"""Cast first, then divide; and skip a step as a whole."""

import math

import torch
from torch import Tensor


def largest_scale(grads: list[Tensor]) -> float:
    """See the stub."""
    largest = max(grad.abs().max().item() for grad in grads if grad.numel())
    return 2.0 ** math.floor(math.log2(65504.0 / largest))


def unscale(grads: list[Tensor], scale: float) -> tuple[list[Tensor], Tensor]:
    """See the stub."""
    unscaled = [grad.float() / scale for grad in grads]
    return unscaled, torch.stack([torch.isfinite(grad).all() for grad in grads]).all()


def next_scale(
    scale: float, good_steps: int, finite: bool, *, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000
) -> tuple[float, int]:
    """See the stub."""
    if not finite:
        return scale * backoff, 0
    if good_steps + 1 == interval:
        return scale * growth, 0
    return scale, good_steps + 1


def master_step(
    master: list[Tensor], grads: list[Tensor], scale: float, lr: float
) -> tuple[list[Tensor], list[Tensor]]:
    """See the stub."""
    unscaled, finite = unscale(grads, scale)
    new = [weight - lr * grad for weight, grad in zip(master, unscaled, strict=True)] if finite else master
    return new, [weight.half() for weight in new]
