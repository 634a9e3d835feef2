"""A table of which pixel every entry comes from, made by im2col of the pixels' numbers; then gather and scatter."""

import torch
from torch import Tensor


def _table(size, kernel_size, stride, padding, dilation) -> tuple[Tensor, int]:
    """For each (tap, window) the number of its pixel in the padded image, and that image's width."""
    rows, cols = (
        (s + 2 * p - d * (k - 1) - 1) // t + 1
        for s, k, t, p, d in zip(size, kernel_size, stride, padding, dilation, strict=True)
    )
    width = size[1] + 2 * padding[1]
    y = torch.arange(kernel_size[0])[:, None, None, None] * dilation[0] + torch.arange(rows)[:, None] * stride[0]
    x = torch.arange(kernel_size[1])[:, None, None] * dilation[1] + torch.arange(cols) * stride[1]
    return (y * width + x).reshape(kernel_size[0] * kernel_size[1], rows * cols), width


def im2col(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    table, _ = _table(x.shape[2:], kernel_size, stride, padding, dilation)
    padded = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0])).flatten(2)
    return padded[:, :, table].flatten(1, 2)


def col2im(
    columns: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    table, width = _table(size, kernel_size, stride, padding, dilation)
    n, channels = columns.shape[0], columns.shape[1] // len(table)
    padded = columns.new_zeros(n, channels, (size[0] + 2 * padding[0]) * width)
    padded.index_add_(2, table.flatten(), columns.reshape(n, channels, -1))
    image = padded.reshape(n, channels, -1, width)
    return image[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]].contiguous()


def conv2d_by_im2col(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """See the stub."""
    columns = im2col(x, tuple(weight.shape[2:]), stride=stride, padding=padding)
    out_w = (x.shape[3] + 2 * padding[1] - weight.shape[3]) // stride[1] + 1
    return torch.einsum("ok,nkl->nol", weight.flatten(1), columns).unflatten(2, (-1, out_w))
