"""Window by window: find the winner of every sample and channel at once, and add what it earned."""

import torch
from torch import Tensor


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """See the stub."""
    n, channels, height, width = x.shape
    padded_h, padded_w = height + 2 * padding[0], width + 2 * padding[1]
    inside = (..., slice(padding[0], padding[0] + height), slice(padding[1], padding[1] + width))
    padded = x.new_full((n, channels, padded_h, padded_w), float("-inf"))
    padded[inside] = x
    grad_padded = torch.zeros_like(padded)
    samples, planes = torch.arange(n)[:, None], torch.arange(channels)

    for p in range(grad_output.shape[2]):
        for q in range(grad_output.shape[3]):
            top, left = p * stride[0], q * stride[1]
            window = padded[..., top : top + kernel_size[0], left : left + kernel_size[1]]
            columns = window.shape[3]
            winner = window.flatten(2).argmax(dim=2)
            row, column = top + winner // columns, left + winner % columns
            grad_padded[samples, planes, row, column] += grad_output[..., p, q]
    return grad_padded[inside].clone()
