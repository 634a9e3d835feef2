"""Losses at the optimal scores, as the game has them, and means over samples."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def optimal_scores(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    return log_p - log_q


def value_at_optimum(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    twice_js = (log_p.exp() * (log_p - log_m)).sum() + (log_q.exp() * (log_q - log_m)).sum()
    return twice_js - 2 * math.log(2)


def generator_value(log_p: Tensor, log_q: Tensor, kind: str) -> Tensor:
    """See the stub."""
    values = _loss_of(optimal_scores(log_p, log_q), kind)
    return (log_q.exp() * values).sum()


def generator_direction(log_p: Tensor, logits_q: Tensor, kind: str) -> Tensor:
    """See the stub."""
    log_q = torch.log_softmax(logits_q, dim=0)
    q, terms = log_q.exp(), _loss_of(optimal_scores(log_p, log_q), kind)
    return q * (terms - (q * terms).sum())


def f_gan_bound(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    _check(kind)
    if kind == "kl":
        return real.mean() - (fake - 1).exp().mean()
    return (-torch.exp(-real)).mean() - (fake - 1).mean()


def f_gan_bound_backward(grad_output: Tensor, real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    _check(kind)
    slope_real = torch.ones_like(real) if kind == "kl" else torch.exp(-real)
    slope_fake = -torch.exp(fake - 1) if kind == "kl" else -torch.ones_like(fake)
    return grad_output * slope_real / len(real), grad_output * slope_fake / len(fake)


def _loss_of(scores: Tensor, kind: str) -> Tensor:
    if kind == "minimax":
        return F.logsigmoid(-scores)
    if kind == "non_saturating":
        return -F.logsigmoid(scores)
    if kind == "wasserstein":
        return -scores
    raise ValueError(f"no loss {kind!r}")


def _check(kind: str) -> None:
    if kind not in ("kl", "reverse_kl"):
        raise ValueError(f"no divergence {kind!r}")
