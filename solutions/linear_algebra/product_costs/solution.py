"""Counting, one table for all chains, and sums in place of products."""

import math

from torch import Tensor


def multiplications(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """See the stub."""
    *first, m, k = a
    *second, _, n = b
    longest = max(len(first), len(second))
    first = [1] * (longest - len(first)) + first
    second = [1] * (longest - len(second)) + second
    batch = [right if left == 1 else left for left, right in zip(first, second, strict=True)]
    return math.prod(batch) * m * k * n


def left_to_right(sizes: list[int]) -> int:
    """See the stub."""
    return sum(sizes[0] * sizes[i] * sizes[i + 1] for i in range(1, len(sizes) - 1))


def right_to_left(sizes: list[int]) -> int:
    """See the stub."""
    return left_to_right(sizes[::-1])


def cheapest_order(sizes: list[int]) -> tuple[int, tuple]:
    """See the stub."""
    n = len(sizes) - 1
    best = {(i, i): (0, i) for i in range(n)}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            options = []
            for cut in range(i, j):
                (cost_left, left), (cost_right, right) = best[i, cut], best[cut + 1, j]
                last = sizes[i] * sizes[cut + 1] * sizes[j + 1]
                options.append((cost_left + cost_right + last, (left, right)))
            best[i, j] = min(options, key=lambda option: option[0])
    return best[0, n - 1]


def apply_chain(matrices: list[Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    for a in reversed(matrices):
        x = a @ x
    return x


def trace_of_product(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return (a * b.T).sum()


def quadratic_forms(x: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return (x @ a * x).sum(dim=1)


def seconds_at_least(m: int, k: int, n: int, *, itemsize: int, peak: float, bandwidth: float) -> tuple[float, str]:
    """See the stub."""
    arithmetic = 2 * m * k * n / peak
    memory = itemsize * (m * k + k * n + m * n) / bandwidth
    return max(arithmetic, memory), "arithmetic" if arithmetic > memory else "memory"
