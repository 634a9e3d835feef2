"""One pass over the output positions: a window of the padded input at each, all samples and channels at once."""

import torch
from torch import Tensor


def conv2d_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """See the stub."""
    span = dilation * (kernel_size - 1) + 1
    if size + 2 * padding < span:
        raise ValueError(f"a kernel that spans {span} does not fit into {size} + 2 · {padding}")
    return (size + 2 * padding - span) // stride + 1


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
    n, _, height, width = x.shape
    c_out, c_group, kernel_h, kernel_w = weight.shape
    out_h = conv2d_output_size(height, kernel_h, stride=stride[0], padding=padding[0], dilation=dilation[0])
    out_w = conv2d_output_size(width, kernel_w, stride=stride[1], padding=padding[1], dilation=dilation[1])

    padded = x.new_zeros(n, groups, c_group, height + 2 * padding[0], width + 2 * padding[1])
    rows = slice(padding[0], padding[0] + height)
    columns = slice(padding[1], padding[1] + width)
    padded[..., rows, columns] = x.reshape(n, groups, c_group, height, width)
    kernels = weight.reshape(groups, c_out // groups, c_group, kernel_h, kernel_w)

    out = x.new_zeros(n, groups, c_out // groups, out_h, out_w)
    for p in range(out_h):
        for q in range(out_w):
            top, left = p * stride[0], q * stride[1]
            bottom, right = top + dilation[0] * (kernel_h - 1) + 1, left + dilation[1] * (kernel_w - 1) + 1
            window = padded[..., top : bottom : dilation[0], left : right : dilation[1]]
            out[..., p, q] = torch.einsum("ngcij,gocij->ngo", window, kernels)
    out = out.reshape(n, c_out, out_h, out_w)
    return out if bias is None else out + bias[:, None, None]
