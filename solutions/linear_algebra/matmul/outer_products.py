"""Python's own sum, sums of columns and of outer products; the shape by letting torch broadcast."""

import torch
from torch import Tensor


def dot(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if not (a.ndim == b.ndim == 1 and len(a) == len(b)):
        raise ValueError("these are not two vectors of one length")
    return sum((p * q for p, q in zip(a, b, strict=True)), torch.zeros((), dtype=a.dtype))


def matvec(a: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    if not (a.ndim == 2 and x.ndim == 1 and a.size(1) == x.size(0)):
        raise ValueError("these are not a matrix and a vector that fit")
    out = torch.zeros(a.size(0), dtype=a.dtype)
    for column, number in zip(a.T, x, strict=True):
        out = out + column * number
    return out


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if not (a.ndim == b.ndim == 2 and a.size(1) == b.size(0)):
        raise ValueError("these are not two matrices with the same inner size")
    out = torch.zeros(a.size(0), b.size(1), dtype=a.dtype)
    for column, row in zip(a.T, b, strict=True):
        out = out + column[:, None] * row
    return out


def product_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    if len(a) == 0 or len(b) == 0:
        raise ValueError("no axes")
    left, right = ((1, *a) if len(a) == 1 else a), ((*b, 1) if len(b) == 1 else b)
    if left[-1] != right[-2]:
        raise ValueError("inner sizes differ")
    try:
        batch = torch.broadcast_shapes(left[:-2], right[:-2])
    except RuntimeError as error:
        raise ValueError("batches do not broadcast") from error
    rows = () if len(a) == 1 else (left[-2],)
    columns = () if len(b) == 1 else (right[-1],)
    return (*batch, *rows, *columns)
