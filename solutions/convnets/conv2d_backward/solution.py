"""One pass over the taps of the kernel: every tap multiplies a strided window of the padded input."""

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
    n, _, height, width = x.shape
    c_out, c_group, kernel_h, kernel_w = weight.shape
    out_h, out_w = grad_output.shape[2:]

    inside = (..., slice(padding[0], padding[0] + height), slice(padding[1], padding[1] + width))
    padded = x.new_zeros(n, groups, c_group, height + 2 * padding[0], width + 2 * padding[1])
    padded[inside] = x.reshape(n, groups, c_group, height, width)
    upstream = grad_output.reshape(n, groups, c_out // groups, out_h, out_w)
    kernels = weight.reshape(groups, c_out // groups, c_group, kernel_h, kernel_w)

    grad_padded = torch.zeros_like(padded)
    grad_kernels = torch.zeros_like(kernels)
    for i in range(kernel_h):
        for j in range(kernel_w):
            top, left = i * dilation[0], j * dilation[1]
            rows = slice(top, top + (out_h - 1) * stride[0] + 1, stride[0])
            columns = slice(left, left + (out_w - 1) * stride[1] + 1, stride[1])
            window = padded[..., rows, columns]
            grad_kernels[..., i, j] = torch.einsum("ngohw,ngchw->goc", upstream, window)
            grad_padded[..., rows, columns] += torch.einsum("ngohw,goc->ngchw", upstream, kernels[..., i, j])

    grad_x = grad_padded[inside].reshape(x.shape)
    return grad_x, grad_kernels.reshape(weight.shape), grad_output.sum(dim=(0, 2, 3))
