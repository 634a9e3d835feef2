"""Recursion with a memory for the chains, einsum for the rest."""

from functools import cache
from itertools import pairwise

import torch
from torch import Tensor


def multiplications(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """See the stub: one multiplication for each element of the product, times the length of its sum."""
    batch = torch.zeros(a[:-2]) + torch.zeros(b[:-2])
    return batch.numel() * a[-2] * b[-1] * a[-1]


def left_to_right(sizes: list[int]) -> int:
    """See the stub."""
    rows, columns, *rest = sizes
    total = 0
    for size in rest:
        total, columns = total + rows * columns * size, size
    return total


def right_to_left(sizes: list[int]) -> int:
    """See the stub."""
    total, columns = 0, sizes[-1]
    for rows, inner in pairwise(sizes[:-1]):
        total += rows * inner * columns
    return total


def cheapest_order(sizes: list[int]) -> tuple[int, tuple]:
    """See the stub."""

    @cache
    def best(i: int, j: int) -> tuple[int, int | tuple]:
        if j - i == 1:
            return 0, i
        found = None
        for cut in range(i + 1, j):
            left, right = best(i, cut), best(cut, j)
            cost = left[0] + right[0] + sizes[i] * sizes[cut] * sizes[j]
            if found is None or cost < found[0]:
                found = cost, (left[1], right[1])
        return found

    return best(0, len(sizes) - 1)


def apply_chain(matrices: list[Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    *rest, last = matrices
    product = last.mv(x)
    return apply_chain(rest, product) if rest else product


def trace_of_product(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("ij,ji->", a, b)


def quadratic_forms(x: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("bi,bi->b", x @ a, x)


def seconds_at_least(m: int, k: int, n: int, *, itemsize: int, peak: float, bandwidth: float) -> tuple[float, str]:
    """See the stub."""
    moved = sum(rows * columns for rows, columns in ((m, k), (k, n), (m, n))) * itemsize
    times = {"arithmetic": m * k * n * 2 / peak, "memory": moved / bandwidth}
    bound = max(times, key=times.get)
    return times[bound], bound
