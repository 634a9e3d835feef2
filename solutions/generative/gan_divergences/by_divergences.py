"""Divergences instead of losses, the softmax's whole Jacobian, and T and f* as functions of their own."""

import math

import torch
from torch import Tensor

LOG_2 = math.log(2)


def optimal_scores(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    return -(log_q - log_p)


def value_at_optimum(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    log_m = _mean(log_p, log_q)
    return _kl(log_p, log_m) + _kl(log_q, log_m) - 2 * LOG_2


def generator_value(log_p: Tensor, log_q: Tensor, kind: str) -> Tensor:
    """See the stub."""
    log_m = _mean(log_p, log_q)
    match kind:
        case "minimax":
            return _kl(log_q, log_m) - LOG_2
        case "non_saturating":
            return _kl(log_q, log_p) - _kl(log_q, log_m) + LOG_2
        case "wasserstein":
            return _kl(log_q, log_p)
    raise ValueError(kind)


def generator_direction(log_p: Tensor, logits_q: Tensor, kind: str) -> Tensor:
    """See the stub."""
    log_q = logits_q - logits_q.logsumexp(dim=0)
    log_m = _mean(log_p, log_q)
    if kind not in ("minimax", "non_saturating", "wasserstein"):
        raise ValueError(kind)
    slopes = {"minimax": log_q - log_m, "non_saturating": log_m - log_p, "wasserstein": log_q - log_p}
    q = log_q.exp()
    return (torch.diag(q) - torch.outer(q, q)) @ slopes[kind]


def f_gan_bound(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    if kind not in ("kl", "reverse_kl"):
        raise ValueError(kind)
    t_real, t_fake = (v if kind == "kl" else -((-v).exp()) for v in (real, fake))
    conjugate = (t_fake - 1).exp() if kind == "kl" else -1 - (-t_fake).log()
    return t_real.sum() / t_real.numel() - conjugate.sum() / conjugate.numel()


def f_gan_bound_backward(grad_output: Tensor, real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if kind not in ("kl", "reverse_kl"):
        raise ValueError(kind)
    share_real, share_fake = grad_output / real.numel(), grad_output / fake.numel()
    if kind == "kl":
        return share_real.expand(real.shape).clone(), -share_fake * (fake - 1).exp()
    return share_real * (-real).exp(), -share_fake.expand(fake.shape)


def _mean(log_p: Tensor, log_q: Tensor) -> Tensor:
    return torch.stack([log_p, log_q]).logsumexp(dim=0) - LOG_2


def _kl(log_a: Tensor, log_b: Tensor) -> Tensor:
    return (log_a.exp() * (log_a - log_b)).sum()
