"""Forwards tap by tap, the best so far of all windows at once; backwards window by window, adding to each winner."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def maxpool2d(
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    height, width = x.shape[2:]
    out_h = (height + 2 * padding[0] - kernel_size[0]) // stride[0] + 1
    out_w = (width + 2 * padding[1] - kernel_size[1]) // stride[1] + 1
    border = (padding[1], padding[1], padding[0], padding[0])
    surrounded = F.pad(x, border, value=-math.inf)
    places = F.pad(torch.arange(height * width).reshape(height, width), border)

    values = x.new_full((*x.shape[:2], out_h, out_w), -math.inf)
    indices = torch.zeros(values.shape, dtype=torch.int64)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            rows = slice(i, i + (out_h - 1) * stride[0] + 1, stride[0])
            columns = slice(j, j + (out_w - 1) * stride[1] + 1, stride[1])
            better = surrounded[..., rows, columns] > values
            values = torch.where(better, surrounded[..., rows, columns], values)
            indices = torch.where(better, places[rows, columns], indices)
    return values, indices


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
