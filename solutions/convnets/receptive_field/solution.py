"""From the input to the output, with the jump so far."""

from torch import Tensor

Layer = tuple[int, int, int, int]


def receptive_field(layers: list[Layer]) -> tuple[int, int, int]:
    """See the stub."""
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        size += dilation * (kernel - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start


def seen_by(layers: list[Layer], index: int, size: int) -> tuple[int, int]:
    """See the stub."""
    field, jump, start = receptive_field(layers)
    first = start + index * jump
    return max(first, 0), min(first + field - 1, size - 1)


def layers_needed(size: int, kernel: int, stride: int) -> int:
    """See the stub."""
    count = 0
    while receptive_field([(kernel, stride, 0, 1)] * count)[0] < size:
        count += 1
    return count


def measured(grad_input: Tensor) -> tuple[int, int, int, int]:
    """See the stub."""
    touched = (grad_input != 0).any(dim=0).any(dim=0)
    rows = touched.any(dim=1).nonzero()[:, 0].tolist()
    columns = touched.any(dim=0).nonzero()[:, 0].tolist()
    if not rows:
        raise ValueError("the gradient is zero everywhere")
    return rows[0], rows[-1], columns[0], columns[-1]
