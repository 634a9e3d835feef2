"""Formulas."""

import math
from typing import Any

Shape = tuple[int, ...]


def conv_output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """See the stub."""
    room = size + 2 * padding - (dilation * (kernel - 1) + 1)
    if room < 0:
        raise ValueError("the kernel is longer than the padded input")
    return room // stride + 1


def pool_output_size(
    size: int,
    kernel: int,
    *,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """See the stub."""
    step = stride or kernel
    room = size + 2 * padding - (dilation * (kernel - 1) + 1)
    if not ceil_mode:
        return room // step + 1
    count = -(-room // step) + 1
    return count - 1 if (count - 1) * step >= size + padding else count


def conv_transpose_output_size(
    size: int, kernel: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """See the stub."""
    extent = dilation * (kernel - 1) + 1
    return (size - 1) * stride + extent - 2 * padding + output_padding


def same_padding(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """See the stub."""
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


def stack_report(layers: list[dict[str, Any]], shape: tuple[int, int, int]) -> list[tuple[Shape, int, int]]:
    """See the stub."""
    current: Shape = shape
    report = []
    for layer in layers:
        parameters = cost = 0
        kind = layer["kind"]
        if kind == "conv":
            taps = math.prod(layer["kernel"]) * (current[0] // layer["groups"])
            parameters = layer["out_channels"] * taps + layer["bias"] * layer["out_channels"]
            keys = ("kernel", "stride", "padding", "dilation")
            rows, columns = (
                conv_output_size(current[1 + axis], **dict(zip(keys, (layer[key][axis] for key in keys), strict=True)))
                for axis in (0, 1)
            )
            current = (layer["out_channels"], rows, columns)
            cost = math.prod(current) * taps
        elif kind == "maxpool":
            rows, columns = (
                pool_output_size(
                    current[1 + axis],
                    layer["kernel"][axis],
                    stride=layer["stride"][axis],
                    padding=layer["padding"][axis],
                )
                for axis in (0, 1)
            )
            current = (current[0], rows, columns)
        elif kind == "batchnorm":
            parameters = 2 * current[0]
        elif kind == "flatten":
            current = (math.prod(current),)
        elif kind == "linear":
            cost = current[0] * layer["out_features"]
            parameters = cost + layer["bias"] * layer["out_features"]
            current = (layer["out_features"],)
        report.append((current, parameters, cost))
    return report
