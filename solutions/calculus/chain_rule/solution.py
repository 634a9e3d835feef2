"""The slopes travel beside the values on the way forward, and are kept for the way back."""

from itertools import pairwise

from torch import Tensor


def jvp(x: Tensor, weights: list[Tensor], tangent: Tensor) -> Tensor:
    """See the stub."""
    value, moved = x, tangent
    for weight in weights:
        value = (weight @ value).tanh()
        moved = (1 - value**2) * (weight @ moved)
    return moved


def vjp(x: Tensor, weights: list[Tensor], upstream: Tensor) -> Tensor:
    """See the stub."""
    values = [x]
    for weight in weights:
        values.append((weight @ values[-1]).tanh())
    grad = upstream
    for weight, value in zip(reversed(weights), reversed(values), strict=False):
        grad = weight.T @ ((1 - value**2) * grad)
    return grad


def multiplications(sizes: list[int], order: str) -> int:
    """See the stub."""
    tables = [rows * columns for columns, rows in pairwise(sizes)]
    if order == "forward":
        return sizes[0] * sum(tables[1:])
    if order == "reverse":
        return sizes[-1] * sum(tables[:-1])
    raise ValueError(f"an order is forward or reverse, not {order!r}")
