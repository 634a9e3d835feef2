"""A block is a state of its own, merged with what was there."""

import torch
from torch import Tensor

State = tuple[Tensor, Tensor]


def start(rows: int, dtype: torch.dtype) -> State:
    """See the stub."""
    nothing = torch.zeros(rows, dtype=dtype)
    return nothing - torch.inf, nothing


def absorb(state: State, block: Tensor) -> State:
    """See the stub."""
    top = block.max(1).values
    weights = (block - top[:, None]).exp().nan_to_num(0.0)
    return merge(state, (top, weights.sum(1)))


def merge(a: State, b: State) -> State:
    """See the stub."""
    tops, totals = torch.stack([a[0], b[0]]), torch.stack([a[1], b[1]])
    top = tops.max(0).values
    return top, (totals * (tops - top).exp().nan_to_num(0.0)).sum(0)


def log_sum_exp(state: State) -> Tensor:
    """See the stub."""
    return torch.where(state[1] > 0, state[0] + state[1].log(), -torch.inf)
