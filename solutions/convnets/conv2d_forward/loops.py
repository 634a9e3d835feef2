"""The definition, one multiplication at a time, in numpy."""

import numpy as np
import torch
from torch import Tensor


def conv2d_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """See the stub."""
    count = 0
    while count * stride + dilation * (kernel_size - 1) < size + 2 * padding:
        count += 1
    if not count:
        raise ValueError("no window fits")
    return count


def conv2d_forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """See the stub."""
    inputs, kernels = x.numpy(), weight.numpy()
    n, _, height, width = inputs.shape
    c_out, c_group, kernel_h, kernel_w = kernels.shape
    out_h = conv2d_output_size(height, kernel_h, stride=stride[0], padding=padding[0], dilation=dilation[0])
    out_w = conv2d_output_size(width, kernel_w, stride=stride[1], padding=padding[1], dilation=dilation[1])
    out = np.zeros((n, c_out, out_h, out_w), dtype=inputs.dtype)
    for sample, o, p, q in np.ndindex(*out.shape):
        first = o // (c_out // groups) * c_group
        total = bias[o].item() if bias is not None else 0.0
        for c, i, j in np.ndindex(c_group, kernel_h, kernel_w):
            row = p * stride[0] + i * dilation[0] - padding[0]
            column = q * stride[1] + j * dilation[1] - padding[1]
            if 0 <= row < height and 0 <= column < width:
                total += kernels[o, c, i, j] * inputs[sample, first + c, row, column]
        out[sample, o, p, q] = total
    return torch.from_numpy(out)
