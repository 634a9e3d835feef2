"""Element by element, in numpy."""

import numpy as np
import torch
from torch import Tensor


def pairs(index: Tensor, dim: int):
    """(place in index, place in x), one pair after the other."""
    for here in np.ndindex(*index.shape):
        there = list(here)
        there[dim] = int(index[here])
        yield here, tuple(there)


def gather(x: Tensor, dim: int, index: Tensor) -> Tensor:
    """See the stub."""
    out = x.new_zeros(index.shape)
    for here, there in pairs(index, dim):
        out[here] = x[there]
    return out


def gather_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    """See the stub."""
    return scatter_add(x.new_zeros(x.shape), dim, index, grad_output)


def scatter_add(x: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """See the stub."""
    out = x.numpy().copy()
    for here, there in pairs(index, dim):
        out[there] += src[here].item()
    return torch.from_numpy(out)


def scatter_add_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor, src: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return grad_output, gather(grad_output, dim, index)


def put_rows(table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False) -> Tensor:
    """See the stub."""
    out = table.numpy().copy()
    if accumulate:
        np.add.at(out, index.numpy(), rows.numpy())
    else:
        for number in range(len(index)):
            out[int(index[number])] = rows[number].numpy()
    return torch.from_numpy(out)


def put_rows_backward(
    grad_output: Tensor, table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    upstream = grad_output.clone()
    grad_rows = torch.zeros_like(rows)
    for number in reversed(range(len(index))):
        grad_rows[number] = upstream[index[number]]
        if not accumulate:
            upstream[index[number]] = 0.0
    return upstream, grad_rows


def masked_select_backward(grad_output: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    flat = torch.zeros(x.numel(), dtype=x.dtype)
    flat[mask.reshape(-1).nonzero().squeeze(1)] = grad_output
    return flat.reshape(x.shape)
