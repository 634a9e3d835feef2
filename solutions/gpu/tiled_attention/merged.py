"""Each block's attention by itself, normalised; two results are averaged with weights from their log-sum-exps."""

import math

import torch
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, block: int, *, causal: bool = False) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n, m = len(q), len(k)
    out, lse = q.new_zeros(n, v.shape[1]), q.new_full((n,), -math.inf)
    for start in range(0, m, block):
        part, part_lse = _one(q, k, v, start, min(start + block, m), causal)
        new = torch.logaddexp(lse, part_lse)
        out = out * (lse - new).exp()[:, None] + part * (part_lse - new).exp()[:, None]
        lse = new
    return out, lse


def _one(q: Tensor, k: Tensor, v: Tensor, start: int, stop: int, causal: bool) -> tuple[Tensor, Tensor]:
    s = _masked(q, k, start, stop, causal)
    lse = torch.logsumexp(s, 1)
    safe = torch.where(torch.isinf(lse), torch.zeros_like(lse), lse)
    return (s - safe[:, None]).exp() @ v[start:stop], lse


def _masked(q: Tensor, k: Tensor, start: int, stop: int, causal: bool) -> Tensor:
    s = torch.einsum("id,jd->ij", q, k[start:stop]) / math.sqrt(q.shape[1])
    if not causal:
        return s
    seen = torch.ones(len(q), stop - start, dtype=torch.bool).tril(len(k) - len(q) - start)
    return torch.where(seen, s, -math.inf)


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
    grad_q, grad_k, grad_v = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
    for start in range(0, len(k), block):
        stop = min(start + block, len(k))
        p = (_masked(q, k, start, stop, causal) - log_sum_exp[:, None]).exp()
        grad_v[start:stop] = p.T @ grad_output
        grad_p = grad_output @ v[start:stop].T
        grad_s = p * (grad_p - (grad_output * output).sum(1)[:, None]) / math.sqrt(q.shape[1])
        grad_q += grad_s @ k[start:stop]
        grad_k[start:stop] = grad_s.T @ q
    return grad_q, grad_k, grad_v
