"""What streams, buffers and graphs gain: timelines that can be worked out on paper.

Read the lesson first (`tutor lesson overlap`); `tutor hint` helps when you are stuck.
"""

Batch = tuple[float, float, float]  # how long its copy to the GPU, its computation and its copy back take


def serial_time(batches: list[Batch]) -> float:
    """When all is done if every step waits for the one before it; 0.0 without batches."""
    raise NotImplementedError


def overlapped_time(batches: list[Batch]) -> float:
    """When all is done if copying in, computing and copying out overlap.

    There are three engines, one for each stage. Each takes the batches in their order, one at a time. A stage of a
    batch begins as soon as that batch's stage before it has ended and its engine is free. Memory is no limit. All
    begins at 0. 0.0 without batches.
    """
    raise NotImplementedError


def buffered_time(batches: list[Batch], buffers: int) -> float:
    """The same with room for a few batches only.

    Args:
        batches: as above.
        buffers: at least 1. A batch holds one from the beginning of its copy in to the end of its copy out; so batch i
            can't begin before batch i − buffers has ended.
    """
    raise NotImplementedError


def queued_time(kernels: list[float], launch: float) -> float:
    """When the last of these kernels has ended, if the CPU launches them one by one.

    The CPU needs `launch` for each, one after the other, without waiting for the GPU; a kernel begins when its launch
    has ended and the kernel before it has. All begins at 0. 0.0 without kernels.
    """
    raise NotImplementedError


def graph_time(kernels: list[float], graph_launch: float, gap: float) -> float:
    """When the last of these kernels has ended, if they were captured as a graph and are launched together.

    Args:
        kernels: at least one duration.
        graph_launch: what the launch of the whole graph takes, before the first kernel begins.
        gap: between the end of a kernel and the beginning of the next.
    """
    raise NotImplementedError


def steps_to_pay(kernels: list[float], launch: float, graph_launch: float, capture: float) -> int | None:
    """After how many steps a graph has saved the time that its capture took.

    A step is all the kernels once. Without a graph it takes queued_time, with one graph_time with a gap of 0.

    Returns:
        The smallest number of steps whose savings are at least `capture` (positive); None if a step saves nothing.
    """
    raise NotImplementedError
