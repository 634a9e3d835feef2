"""The definition, one product at a time."""

from torch import Tensor


def dot(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 1 or a.shape != b.shape:
        raise ValueError(f"dot takes two vectors of one length, not shapes {tuple(a.shape)} and {tuple(b.shape)}")
    total = a.new_zeros(())
    for k in range(len(a)):
        total += a[k] * b[k]
    return total


def matvec(a: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or x.dim() != 1 or len(x) != a.shape[1]:
        raise ValueError(f"matvec can't multiply the shapes {tuple(a.shape)} and {tuple(x.shape)}")
    result = a.new_zeros(len(a))
    for i in range(len(a)):
        result[i] = dot(a[i], x)
    return result


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    if a.dim() != 2 or b.dim() != 2:
        raise ValueError(f"matmul takes two matrices, not shapes {tuple(a.shape)} and {tuple(b.shape)}")
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"inner sizes differ: {tuple(a.shape)} and {tuple(b.shape)}")
    rows, inner, columns = a.shape[0], a.shape[1], b.shape[1]
    out = a.new_zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            for k in range(inner):
                out[i, j] += a[i, k] * b[k, j]
    return out


def product_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """See the stub."""
    if not a or not b:
        raise ValueError("a number has no matrix product")
    inner_b, columns = (b[-2], b[-1:]) if len(b) > 1 else (b[0], ())
    if a[-1] != inner_b:
        raise ValueError(f"inner sizes differ: {a[-1]} and {inner_b}")
    return (*_broadcast(a[:-2], b[:-2]), *a[-2:-1], *columns)


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    length = max(len(a), len(b))
    a = (1,) * (length - len(a)) + a
    b = (1,) * (length - len(b)) + b
    if any(p != q and 1 not in (p, q) for p, q in zip(a, b, strict=True)):
        raise ValueError(f"batches {a} and {b} do not broadcast")
    return tuple(q if p == 1 else p for p, q in zip(a, b, strict=True))
