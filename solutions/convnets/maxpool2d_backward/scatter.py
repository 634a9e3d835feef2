"""Rows, then columns of windows by index; and with the winners' places the gradient is one scatter_add."""

import torch
from torch import Tensor


def maxpool2d(
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    (height, width), ends = x.shape[2:], []
    for size, kernel, step, border in zip((height, width), kernel_size, stride, padding, strict=True):
        starts = torch.arange(-border, size + border - kernel + 1, step)
        ends.append(starts[:, None] + torch.arange(kernel))
    rows, columns = ends[0][:, None, :, None], ends[1][None, :, None, :]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    places = (rows.clamp(0, height - 1) * width + columns.clamp(0, width - 1)).flatten(2)
    seen = x.flatten(2)[:, :, places].masked_fill(~inside.flatten(2), float("-inf"))
    winner = seen.argmax(dim=4, keepdim=True)
    indices = places.expand(seen.shape).gather(4, winner).squeeze(4)
    return seen.gather(4, winner).squeeze(4), indices


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """See the stub."""
    _, indices = maxpool2d(x, kernel_size=kernel_size, stride=stride, padding=padding)
    grad = torch.zeros(x.shape, dtype=x.dtype).flatten(2)
    return grad.scatter_add(2, indices.flatten(2), grad_output.flatten(2)).reshape(x.shape)
