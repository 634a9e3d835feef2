"""Each side is brought to the common maximum; where there is none yet, 0 stands in for it."""

import torch
from torch import Tensor

State = tuple[Tensor, Tensor]


def start(rows: int, dtype: torch.dtype) -> State:
    """See the stub."""
    return torch.full((rows,), -torch.inf, dtype=dtype), torch.zeros(rows, dtype=dtype)


def absorb(state: State, block: Tensor) -> State:
    """See the stub."""
    maximum, total = state
    top = torch.maximum(maximum, block.amax(1))
    shift = torch.where(top == -torch.inf, 0.0, top)
    return top, total * (maximum - shift).exp() + (block - shift[:, None]).exp().sum(1)


def merge(a: State, b: State) -> State:
    """See the stub."""
    top = torch.maximum(a[0], b[0])
    shift = torch.where(top == -torch.inf, 0.0, top)
    return top, a[1] * (a[0] - shift).exp() + b[1] * (b[0] - shift).exp()


def log_sum_exp(state: State) -> Tensor:
    """See the stub."""
    maximum, total = state
    return maximum + total.log()
