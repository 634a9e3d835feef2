"""The end of each stage is the later of two ends, plus its own duration."""

import math

Batch = tuple[float, float, float]


def serial_time(batches: list[Batch]) -> float:
    """See the stub."""
    return float(sum(sum(batch) for batch in batches))


def overlapped_time(batches: list[Batch]) -> float:
    """See the stub."""
    return buffered_time(batches, len(batches) + 1)


def buffered_time(batches: list[Batch], buffers: int) -> float:
    """See the stub."""
    free = [0.0, 0.0, 0.0]  # when each engine is
    ended: list[float] = []
    for i, batch in enumerate(batches):
        now = ended[i - buffers] if i >= buffers else 0.0
        for engine, duration in enumerate(batch):
            now = max(now, free[engine]) + duration
            free[engine] = now
        ended.append(now)
    return ended[-1] if ended else 0.0


def queued_time(kernels: list[float], launch: float) -> float:
    """See the stub."""
    end = 0.0
    for number, duration in enumerate(kernels, 1):
        end = max(end, number * launch) + duration
    return end


def graph_time(kernels: list[float], graph_launch: float, gap: float) -> float:
    """See the stub."""
    return graph_launch + sum(kernels) + gap * (len(kernels) - 1)


def steps_to_pay(kernels: list[float], launch: float, graph_launch: float, capture: float) -> int | None:
    """See the stub."""
    saved = queued_time(kernels, launch) - graph_time(kernels, graph_launch, 0.0)
    return math.ceil(capture / saved) if saved > 0 else None
