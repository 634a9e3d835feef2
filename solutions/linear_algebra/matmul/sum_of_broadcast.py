"""All products at once, (m, k, 1) times (k, n), summed over k; lists for the shape rule."""

from itertools import zip_longest

from torch import Tensor


def dot(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 1 or b.dim() != 1 or len(a) != len(b):
        raise ValueError("these are not two vectors of one length")
    return (a * b).sum(dtype=a.dtype)


def matvec(a: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or x.dim() != 1 or a.shape[1] != x.shape[0]:
        raise ValueError("these are not a matrix and a vector that fit")
    return (a * x).sum(dim=1, dtype=a.dtype)


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or b.dim() != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these are not two matrices with the same inner size")
    return (a[:, :, None] * b).sum(dim=1, dtype=a.dtype)


def product_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    if min(len(a), len(b)) == 0 or a[-1] != b[max(len(b) - 2, 0)]:
        raise ValueError("these can't be multiplied")
    batch = []
    for p, q in zip_longest(reversed(a[:-2]), reversed(b[:-2]), fillvalue=1):
        if p != q and p != 1 and q != 1:
            raise ValueError("these batches do not broadcast")
        batch.insert(0, p if q == 1 else q)
    return tuple(batch + list(a[-2:-1]) + (list(b[-1:]) if len(b) > 1 else []))
