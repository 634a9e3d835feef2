"""Every end is the longest path of durations that leads to it."""

import math
from functools import cache

Batch = tuple[float, float, float]


def serial_time(batches: list[Batch]) -> float:
    """See the stub."""
    return math.fsum(copy_in + compute + copy_out for copy_in, compute, copy_out in batches)


def overlapped_time(batches: list[Batch]) -> float:
    """See the stub."""
    return buffered_time(batches, 10**6)


def buffered_time(batches: list[Batch], buffers: int) -> float:
    """See the stub."""

    @cache
    def end(i: int, stage: int) -> float:
        if i < 0:
            return 0.0
        earlier = end(i, stage - 1) if stage else end(i - buffers, 2)
        return max(earlier, end(i - 1, stage)) + batches[i][stage]

    return end(len(batches) - 1, 2)


def queued_time(kernels: list[float], launch: float) -> float:
    """See the stub."""
    return max([(first + 1) * launch + sum(kernels[first:]) for first in range(len(kernels))], default=0.0)


def graph_time(kernels: list[float], graph_launch: float, gap: float) -> float:
    """See the stub."""
    return graph_launch + kernels[0] + sum(gap + kernel for kernel in kernels[1:])


def steps_to_pay(kernels: list[float], launch: float, graph_launch: float, capture: float) -> int | None:
    """See the stub."""
    saved = queued_time(kernels, launch) - graph_time(kernels, graph_launch, 0.0)
    if saved <= 0:
        return None
    return int(-(-capture // saved))
