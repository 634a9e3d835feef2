"""The definition, one multiplication at a time, in numpy."""

import numpy as np
import torch
from torch import Tensor


def conv2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    g, inputs, kernels = grad_output.numpy(), x.numpy(), weight.numpy()
    height, width = inputs.shape[2:]
    c_out, c_group, _, _ = kernels.shape
    grad_x, grad_weight = np.zeros_like(inputs), np.zeros_like(kernels)
    grad_bias = np.zeros(c_out, dtype=inputs.dtype)
    for sample, channel_out, row, column in np.ndindex(*g.shape):
        upstream = g[sample, channel_out, row, column]
        grad_bias[channel_out] += upstream
        first = channel_out // (c_out // groups) * c_group
        for channel, i, j in np.ndindex(*kernels.shape[1:]):
            y = row * stride[0] + i * dilation[0] - padding[0]
            z = column * stride[1] + j * dilation[1] - padding[1]
            if 0 <= y < height and 0 <= z < width:
                grad_weight[channel_out, channel, i, j] += upstream * inputs[sample, first + channel, y, z]
                grad_x[sample, first + channel, y, z] += upstream * kernels[channel_out, channel, i, j]
    return torch.from_numpy(grad_x), torch.from_numpy(grad_weight), torch.from_numpy(grad_bias)
