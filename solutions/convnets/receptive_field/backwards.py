"""From the output to the input: an interval of one element that each layer widens."""

import numpy as np
from torch import Tensor

Layer = tuple[int, int, int, int]


def _interval(layers: list[Layer], index: int) -> tuple[int, int]:
    first = last = index
    for kernel, stride, padding, dilation in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + dilation * (kernel - 1)
    return first, last


def receptive_field(layers: list[Layer]) -> tuple[int, int, int]:
    """See the stub."""
    first, last = _interval(layers, 0)
    return last - first + 1, _interval(layers, 1)[0] - first, first


def seen_by(layers: list[Layer], index: int, size: int) -> tuple[int, int]:
    """See the stub."""
    first, last = _interval(layers, index)
    return int(np.clip(first, 0, size - 1)), int(np.clip(last, 0, size - 1))


def layers_needed(size: int, kernel: int, stride: int) -> int:
    """See the stub."""
    count, seen, jump = 0, 1, 1
    while seen < size:
        seen, jump, count = seen + (kernel - 1) * jump, jump * stride, count + 1
    return count


def measured(grad_input: Tensor) -> tuple[int, int, int, int]:
    """See the stub."""
    places = grad_input.nonzero().tolist()
    if not places:
        raise ValueError("nothing but zeros")
    rows, columns = [place[2] for place in places], [place[3] for place in places]
    return min(rows), max(rows), min(columns), max(columns)
