"""One helper for p · (log p − log q), which knows what 0 · (−inf − …) has to be; everything else is built on it."""

import math

import torch
from torch import Tensor


def kl_divergence(log_p: Tensor, log_q: Tensor, reduction: str = "batchmean") -> Tensor:
    """See the stub."""
    each = _terms(log_p, log_q).sum(dim=-1)
    if reduction == "none":
        return each
    return each.sum() / _count(log_p, reduction)


def kl_divergence_backward(
    grad_output: Tensor, log_p: Tensor, log_q: Tensor, reduction: str = "batchmean"
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    each = grad_output.unsqueeze(-1) if reduction == "none" else grad_output / _count(log_p, reduction)
    p = log_p.exp()
    return each * (_terms(log_p, log_q) + p), each * -p


def kl_from_logits(log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """See the stub."""
    log_q = torch.log_softmax(logits, dim=-1)
    if _is_forward(direction):
        return _terms(log_p, log_q).sum(dim=-1)
    return _terms(log_q, log_p).sum(dim=-1)


def kl_from_logits_backward(grad_output: Tensor, log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """See the stub."""
    log_q = torch.log_softmax(logits, dim=-1)
    if _is_forward(direction):
        slope = log_q.exp() - log_p.exp()
    else:
        terms = _terms(log_q, log_p)
        slope = terms - log_q.exp() * terms.sum(dim=-1, keepdim=True)
    return grad_output.unsqueeze(-1) * slope


def jensen_shannon(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return (_terms(log_p, log_m) + _terms(log_q, log_m)).sum(dim=-1) / 2


def _terms(log_p: Tensor, log_q: Tensor) -> Tensor:
    possible = log_p > -math.inf
    return torch.where(possible, log_p.exp() * (log_p - log_q), 0.0)


def _count(log_p: Tensor, reduction: str) -> int:
    if reduction not in ("sum", "batchmean"):
        raise ValueError(f"unknown reduction {reduction!r}")
    return 1 if reduction == "sum" else log_p.shape[0]


def _is_forward(direction: str) -> bool:
    if direction not in ("forward", "reverse"):
        raise ValueError(f"unknown direction {direction!r}")
    return direction == "forward"
