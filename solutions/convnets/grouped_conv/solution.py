"""The channels as (channel, filter of it): no axis is ever mixed with another but in the pointwise product."""

import torch
from torch import Tensor


def pointwise(x: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("nchw,oc->nohw", x, weight)


def pointwise_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_x = torch.einsum("nohw,oc->nchw", grad_output, weight)
    grad_weight = torch.einsum("nohw,nchw->oc", grad_output, x)
    return grad_x, grad_weight


def _padded(x: Tensor, padding: tuple[int, int]) -> Tensor:
    n, channels, height, width = x.shape
    out = x.new_zeros(n, channels, height + 2 * padding[0], width + 2 * padding[1])
    out[..., padding[0] : padding[0] + height, padding[1] : padding[1] + width] = x
    return out


def depthwise(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """See the stub."""
    padded = _padded(x, padding)
    n, channels, height, width = padded.shape
    k_h, k_w = weight.shape[2:]
    rows, columns = (height - k_h) // stride[0] + 1, (width - k_w) // stride[1] + 1
    filters = weight.reshape(channels, -1, k_h, k_w)
    out = x.new_zeros(n, channels, filters.shape[1], rows, columns)
    for i in range(k_h):
        for j in range(k_w):
            down = slice(i, i + (rows - 1) * stride[0] + 1, stride[0])
            across = slice(j, j + (columns - 1) * stride[1] + 1, stride[1])
            out += padded[:, :, None, down, across] * filters[:, :, i, j, None, None]
    return out.reshape(n, -1, rows, columns)


def depthwise_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    padded = _padded(x, padding)
    n, channels, height, width = x.shape
    k_h, k_w = weight.shape[2:]
    rows, columns = grad_output.shape[2:]
    upstream = grad_output.reshape(n, channels, -1, rows, columns)
    filters = weight.reshape(channels, -1, k_h, k_w)
    grad_padded, grad_filters = torch.zeros_like(padded), torch.zeros_like(filters)
    for i in range(k_h):
        for j in range(k_w):
            bottom, right = i + (rows - 1) * stride[0] + 1, j + (columns - 1) * stride[1] + 1
            window = (..., slice(i, bottom, stride[0]), slice(j, right, stride[1]))
            grad_filters[..., i, j] = torch.einsum("ncmhw,nchw->cm", upstream, padded[window])
            grad_padded[window] += (upstream * filters[:, :, i, j, None, None]).sum(dim=2)
    grad_x = grad_padded[..., padding[0] : padding[0] + height, padding[1] : padding[1] + width].clone()
    return grad_x, grad_filters.reshape(weight.shape)


def dense_kernel(weight: Tensor, groups: int) -> Tensor:
    """See the stub."""
    c_out, c_group, k_h, k_w = weight.shape
    dense = weight.new_zeros(c_out, c_group * groups, k_h, k_w)
    for o in range(c_out):
        group = o // (c_out // groups)
        dense[o, group * c_group : (group + 1) * c_group] = weight[o]
    return dense


def channel_shuffle(x: Tensor, groups: int) -> Tensor:
    """See the stub."""
    n, channels, height, width = x.shape
    cards = x.reshape(n, groups, channels // groups, height, width)
    return cards.transpose(1, 2).reshape(x.shape)


def channel_shuffle_backward(grad_output: Tensor, groups: int) -> Tensor:
    """See the stub."""
    return channel_shuffle(grad_output, grad_output.shape[1] // groups)


def conv_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, groups: int = 1
) -> tuple[int, int]:
    """See the stub."""
    if c_in % groups or c_out % groups:
        raise ValueError("groups has to divide both numbers of channels")
    weights = c_out * (c_in // groups) * kernel[0] * kernel[1]
    return weights, weights * out_size[0] * out_size[1]


def separable_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, multiplier: int = 1
) -> tuple[int, int]:
    """See the stub."""
    middle = c_in * multiplier
    depth = conv_costs(c_in, middle, kernel, out_size, groups=c_in)
    point = conv_costs(middle, c_out, (1, 1), out_size)
    return depth[0] + point[0], depth[1] + point[1]
