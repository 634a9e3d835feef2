"""All scores at once: right, and too large."""

import torch
from torch import Tensor


def _probabilities(q: Tensor, k: Tensor, causal: bool) -> tuple[Tensor, Tensor]:
    scores = q @ k.T / q.shape[1] ** 0.5
    if causal:
        n, m = scores.shape
        scores = scores.masked_fill(torch.arange(m) > torch.arange(n)[:, None] + m - n, -torch.inf)
    return torch.softmax(scores, 1), torch.logsumexp(scores, 1)


def attention(q: Tensor, k: Tensor, v: Tensor, block: int, *, causal: bool = False) -> tuple[Tensor, Tensor]:
    """See the stub."""
    p, log_sum_exp = _probabilities(q, k, causal)
    return p @ v, log_sum_exp


def attention_backward(
    grad_output: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    output: Tensor,
    log_sum_exp: Tensor,
    block: int,
    *,
    causal: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    p, _ = _probabilities(q, k, causal)
    grad_p = grad_output @ v.T
    grad_scores = p * (grad_p - (p * grad_p).sum(1, keepdim=True)) / q.shape[1] ** 0.5
    return grad_scores @ k, grad_scores.T @ q, p.T @ grad_output
