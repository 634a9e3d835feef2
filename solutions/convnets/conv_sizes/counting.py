"""Every position is counted, one by one."""

import itertools
from typing import Any

Shape = tuple[int, ...]


def conv_output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """See the stub."""
    end = size + 2 * padding
    starts = [start for start in range(0, end, stride) if start + dilation * (kernel - 1) < end]
    if not starts:
        raise ValueError("no position")
    return len(starts)


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
    step = kernel if stride is None else stride
    count, start, end = 0, 0, size + 2 * padding
    while start + dilation * (kernel - 1) < end:
        count, start = count + 1, start + step
    last_was_exact = start - step + dilation * (kernel - 1) + 1 == end
    return count + (ceil_mode and not last_was_exact and start < size + padding)


def conv_transpose_output_size(
    size: int, kernel: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """See the stub."""
    for candidate in itertools.count(-2 * padding + 1):
        room = candidate + 2 * padding - dilation * (kernel - 1) - 1
        if room >= 0 and room // stride + 1 == size:
            return candidate + output_padding
    raise AssertionError


def same_padding(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """See the stub."""
    left = right = 0
    while left + right < dilation * (kernel - 1):
        if left < right:
            left += 1
        else:
            right += 1
    return left, right


def stack_report(layers: list[dict[str, Any]], shape: tuple[int, int, int]) -> list[tuple[Shape, int, int]]:
    """See the stub."""
    report: list[tuple[Shape, int, int]] = []
    for layer in layers:
        before: Shape = report[-1][0] if report else shape
        match layer:
            case {"kind": "conv", "kernel": (kh, kw), "stride": (sh, sw), "padding": (ph, pw), "dilation": (dh, dw)}:
                h = conv_output_size(before[1], kh, stride=sh, padding=ph, dilation=dh)
                w = conv_output_size(before[2], kw, stride=sw, padding=pw, dilation=dw)
                c = layer["out_channels"]
                weights = c * (before[0] // layer["groups"]) * kh * kw
                report.append(((c, h, w), weights + (c if layer["bias"] else 0), weights * h * w))
            case {"kind": "maxpool", "kernel": (kh, kw), "stride": (sh, sw), "padding": (ph, pw)}:
                h = pool_output_size(before[1], kh, stride=sh, padding=ph)
                w = pool_output_size(before[2], kw, stride=sw, padding=pw)
                report.append(((before[0], h, w), 0, 0))
            case {"kind": "relu"}:
                report.append((before, 0, 0))
            case {"kind": "batchnorm"}:
                report.append((before, before[0] + before[0], 0))
            case {"kind": "flatten"}:
                report.append(((before[0] * before[1] * before[2],), 0, 0))
            case {"kind": "linear", "out_features": features, "bias": bias}:
                weights = before[0] * features
                report.append(((features,), weights + (features if bias else 0), weights))
    return report
