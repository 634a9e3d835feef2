"""A running maximum, sum and output; backward from the recomputed probabilities of each block."""

import torch
from torch import Tensor


def _scores(q: Tensor, k: Tensor, begin: int, keys: int, causal: bool) -> Tensor:
    """The scores of one block of keys, the first of which is number `begin` of all."""
    scores = q @ k.T * q.shape[1] ** -0.5
    if causal:
        last = torch.arange(len(q))[:, None] + keys - len(q)
        scores = scores.masked_fill(torch.arange(begin, begin + len(k)) > last, -torch.inf)
    return scores


def attention(q: Tensor, k: Tensor, v: Tensor, block: int, *, causal: bool = False) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maximum = q.new_full((len(q), 1), -torch.inf)
    total = q.new_zeros(len(q), 1)
    out = q.new_zeros(len(q), v.shape[1])
    for begin in range(0, len(k), block):
        scores = _scores(q, k[begin : begin + block], begin, len(k), causal)
        top = torch.maximum(maximum, scores.amax(1, keepdim=True))
        weights = (scores - top).exp()
        correction = (maximum - top).exp()
        total = total * correction + weights.sum(1, keepdim=True)
        out = out * correction + weights @ v[begin : begin + block]
        maximum = top
    return out / total, (maximum + total.log())[:, 0]


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
    scale = q.shape[1] ** -0.5
    inner = (grad_output * output).sum(1, keepdim=True)
    grad_q, grad_k, grad_v = torch.zeros_like(q), [], []
    for begin in range(0, len(k), block):
        keys, values = k[begin : begin + block], v[begin : begin + block]
        p = (_scores(q, keys, begin, len(k), causal) - log_sum_exp[:, None]).exp()
        grad_v.append(p.T @ grad_output)
        grad_scores = p * (grad_output @ values.T - inner)
        grad_q = grad_q + grad_scores @ keys * scale
        grad_k.append(grad_scores.T @ q * scale)
    return grad_q, torch.cat(grad_k), torch.cat(grad_v)
