"""As a convolution of the spread-out input with the turned kernel; coverage and gradients by windows."""

import torch
import torch.nn.functional as F
from torch import Tensor


def _spread(x: Tensor, stride: tuple[int, int]) -> Tensor:
    n, channels, height, width = x.shape
    out = x.new_zeros(n, channels, (height - 1) * stride[0] + 1, (width - 1) * stride[1] + 1)
    out[..., :: stride[0], :: stride[1]] = x
    return out


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    reach = [dilation[axis] * (weight.shape[2 + axis] - 1) for axis in (0, 1)]
    wide = F.pad(
        _spread(x, stride),
        (reach[1], reach[1] + output_padding[1], reach[0], reach[0] + output_padding[0]),
    )
    turned = weight.flip(-1, -2)
    windows = wide.unfold(2, reach[0] + 1, 1).unfold(3, reach[1] + 1, 1)[..., :: dilation[0], :: dilation[1]]
    out = torch.einsum("nchwij,coij->nohw", windows, turned)
    out = out[..., padding[0] : out.shape[2] - padding[0], padding[1] : out.shape[3] - padding[1]]
    return out.contiguous() if bias is None else out + bias.reshape(1, -1, 1, 1)


def conv_transpose2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    reach = [dilation[axis] * (weight.shape[2 + axis] - 1) + 1 for axis in (0, 1)]
    padded = F.pad(grad_output, (padding[1], padding[1], padding[0], padding[0]))
    windows = padded.unfold(2, reach[0], stride[0]).unfold(3, reach[1], stride[1])
    windows = windows[:, :, : x.shape[2], : x.shape[3], :: dilation[0], :: dilation[1]]
    grad_x = torch.einsum("nohwij,coij->nchw", windows, weight)
    grad_weight = torch.einsum("nohwij,nchw->coij", windows, x)
    return grad_x, grad_weight, grad_output.sum(3).sum(2).sum(0)


def conv2d_grad_input(
    grad_output: Tensor,
    weight: Tensor,
    size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    rest = [
        (size[axis] + 2 * padding[axis] - dilation[axis] * (weight.shape[2 + axis] - 1) - 1) % stride[axis]
        for axis in (0, 1)
    ]
    extra = (rest[0], rest[1])
    return conv_transpose2d(
        grad_output, weight, None, stride=stride, padding=padding, output_padding=extra, dilation=dilation
    )


def coverage(size: int, kernel: int, stride: int) -> list[int]:
    """See the stub."""
    length = (size - 1) * stride + kernel
    return [sum(0 <= at - place * stride < kernel for place in range(size)) for at in range(length)]
