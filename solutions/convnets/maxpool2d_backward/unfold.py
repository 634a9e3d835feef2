"""All windows as columns; the winner's tap of each is marked, and fold adds the marks up where windows overlap."""

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
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=float("-inf"))
    windows = padded.unfold(2, kernel_size[0], stride[0]).unfold(3, kernel_size[1], stride[1])
    values, tap = windows.flatten(4).max(dim=4)
    row = torch.arange(values.shape[2])[:, None] * stride[0] - padding[0] + tap // kernel_size[1]
    column = torch.arange(values.shape[3]) * stride[1] - padding[1] + tap % kernel_size[1]
    return values, row * x.shape[3] + column


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
    taps = kernel_size[0] * kernel_size[1]
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=float("-inf"))
    windows = F.unfold(padded, kernel_size, stride=stride).reshape(n, channels, taps, -1)
    winner = windows.argmax(dim=2, keepdim=True)
    marks = torch.zeros_like(windows).scatter(2, winner, grad_output.reshape(n, channels, 1, -1))
    grad = F.fold(marks.reshape(n, channels * taps, -1), padded.shape[2:], kernel_size, stride=stride)
    return grad[:, :, padding[0] : padding[0] + height, padding[1] : padding[1] + width].contiguous()
