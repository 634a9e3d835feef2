"""The same results from fewer operations, fewer bytes, and no waiting."""

import torch
import torch.nn.functional as F
from torch import Tensor


def epoch_metrics(logits: list[Tensor], targets: list[Tensor]) -> Tensor:
    """See the stub."""
    everything, right = torch.cat(logits), torch.cat(targets)
    hits = (everything.argmax(dim=1) == right).to(everything.dtype)
    return torch.stack([F.cross_entropy(everything, right), hits.mean()])


def unroll(x: Tensor, weight_x: Tensor, weight_h: Tensor) -> Tensor:
    """See the stub."""
    from_x = x @ weight_x.T
    hidden = x.new_zeros(len(x), len(weight_h))
    states = []
    for step in from_x.unbind(dim=1):
        hidden = torch.tanh(step + hidden @ weight_h.T)
        states.append(hidden)
    return torch.stack(states, dim=1)


def collect(chunks: list[Tensor]) -> Tensor:
    """See the stub."""
    return torch.cat(chunks)


def project(matrix: Tensor, vectors: list[Tensor]) -> Tensor:
    """See the stub."""
    return torch.stack(vectors) @ matrix


def lookup(table: Tensor, ids: Tensor, padding: int) -> Tensor:
    """See the stub."""
    return table[ids] * (ids != padding).to(table.dtype).unsqueeze(1)


def own_scores(queries: Tensor, keys: Tensor) -> Tensor:
    """See the stub."""
    return (queries * keys).sum(dim=1)
