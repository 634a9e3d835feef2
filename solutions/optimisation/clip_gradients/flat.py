"""All elements in one long vector; the factor as a plain number."""

import torch
from torch import Tensor


def clip_grad_norm(grads: list[Tensor | None], max_norm: float) -> tuple[list[Tensor | None], Tensor]:
    """See the stub."""
    there = [grad.reshape(-1) for grad in grads if grad is not None]
    if not there:
        return list(grads), torch.zeros(())
    norm = torch.cat(there).norm()
    factor = min(1.0, max_norm / (norm.item() + 1e-6))
    return [grad if grad is None else factor * grad for grad in grads], norm


def clip_grad_value(grads: list[Tensor | None], clip_value: float) -> list[Tensor | None]:
    """See the stub."""
    limits = [None if grad is None else torch.full_like(grad, clip_value) for grad in grads]
    pairs = zip(grads, limits, strict=True)
    return [g if g is None else torch.minimum(torch.maximum(g, -limit), limit) for g, limit in pairs]
