"""The step is chosen by torch.where, so that a GPU is not waited for."""

import math

import torch
from torch import Tensor


def largest_scale(grads: list[Tensor]) -> float:
    """See the stub."""
    largest = torch.cat([grad.reshape(-1) for grad in grads]).abs().max().double()
    _, exponent = math.frexp(65504.0 / float(largest))
    return math.ldexp(1.0, exponent - 1)


def unscale(grads: list[Tensor], scale: float) -> tuple[list[Tensor], Tensor]:
    """See the stub."""
    unscaled = [grad.to(torch.float32) / scale for grad in grads]
    return unscaled, sum((~torch.isfinite(grad)).sum() for grad in unscaled) == torch.tensor(0)


def next_scale(
    scale: float, good_steps: int, finite: bool, *, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000
) -> tuple[float, int]:
    """See the stub."""
    count = good_steps + 1 if finite else 0
    grows = count == interval
    return scale * (backoff if not finite else growth if grows else 1.0), 0 if grows else count


def master_step(
    master: list[Tensor], grads: list[Tensor], scale: float, lr: float
) -> tuple[list[Tensor], list[Tensor]]:
    """See the stub."""
    unscaled, finite = unscale(grads, scale)
    new = [torch.where(finite, w - lr * grad, w) for w, grad in zip(master, unscaled, strict=True)]
    return new, [w.to(torch.float16) for w in new]
