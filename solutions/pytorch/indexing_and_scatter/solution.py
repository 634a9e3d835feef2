"""One helper writes down the place of every element; reading from and adding to these places is all the rest."""

import torch
from torch import Tensor


def places(index: Tensor, dim: int) -> tuple[Tensor, ...]:
    """For every element of index, the coordinates that it stands for: its own, save along dim."""
    axes = list(torch.meshgrid(*(torch.arange(size) for size in index.shape), indexing="ij"))
    axes[dim] = index
    return tuple(axes)


def gather(x: Tensor, dim: int, index: Tensor) -> Tensor:
    """See the stub."""
    return x[places(index, dim)]


def gather_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    """See the stub."""
    grad_x = torch.zeros_like(x)
    return grad_x.index_put_(places(index, dim), grad_output, accumulate=True)


def scatter_add(x: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """See the stub."""
    out = x.clone()
    out.index_put_(places(index, dim), src, accumulate=True)
    return out


def scatter_add_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor, src: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_x = grad_output.clone()
    return grad_x, gather(grad_output, dim, index)


def put_rows(table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False) -> Tensor:
    """See the stub."""
    out = table.clone()
    for row, place in zip(rows, index.tolist(), strict=True):
        out[place] = out[place] + row if accumulate else row
    return out


def put_rows_backward(
    grad_output: Tensor, table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if accumulate:
        return grad_output.clone(), grad_output[index]
    grad_table = grad_output.clone()
    grad_table[index] = 0
    last = {place: number for number, place in enumerate(index.tolist())}
    grad_rows = torch.zeros_like(rows)
    for place, number in last.items():
        grad_rows[number] = grad_output[place]
    return grad_table, grad_rows


def masked_select_backward(grad_output: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    grad_x = torch.zeros_like(x)
    grad_x[mask] = grad_output
    return grad_x
