"""With preallocated results, and other functions."""

import torch
import torch.nn.functional as F
from torch import Tensor


def epoch_metrics(logits: list[Tensor], targets: list[Tensor]) -> Tensor:
    """See the stub."""
    total = logits[0].new_zeros(2)
    count = 0
    for scores, right in zip(logits, targets, strict=True):
        loss = F.cross_entropy(scores, right, reduction="sum")
        total = total + torch.stack([loss, (scores.max(1).indices == right).sum().to(scores.dtype)])
        count += len(right)
    return total / count


def unroll(x: Tensor, weight_x: Tensor, weight_h: Tensor) -> Tensor:
    """See the stub."""
    n, length, _ = x.shape
    states = (x.flatten(0, 1) @ weight_x.T).reshape(n, length, -1)
    recurrent = weight_h.T
    states[:, 0].tanh_()
    for t in range(1, length):
        states[:, t] = torch.addmm(states[:, t], states[:, t - 1], recurrent).tanh_()
    return states


def collect(chunks: list[Tensor]) -> Tensor:
    """See the stub."""
    out = chunks[0].new_empty(sum(len(chunk) for chunk in chunks), *chunks[0].shape[1:])
    place = 0
    for chunk in chunks:
        out[place : place + len(chunk)] = chunk
        place += len(chunk)
    return out


def project(matrix: Tensor, vectors: list[Tensor]) -> Tensor:
    """See the stub."""
    return torch.einsum("kn,nm->km", torch.stack(vectors), matrix)


def lookup(table: Tensor, ids: Tensor, padding: int) -> Tensor:
    """See the stub."""
    rows = table.index_select(0, ids)
    return torch.where((ids == padding)[:, None], torch.zeros_like(rows), rows)


def own_scores(queries: Tensor, keys: Tensor) -> Tensor:
    """See the stub."""
    return torch.bmm(queries.unsqueeze(1), keys.unsqueeze(2)).reshape(-1)
