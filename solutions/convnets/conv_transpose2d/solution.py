"""One tap of the kernel at a time: it stamps all inputs at once, onto a strided part of the canvas."""

import torch
from torch import Tensor


def _canvas(size: int, kernel: int, stride: int, dilation: int, output_padding: int) -> int:
    return (size - 1) * stride + dilation * (kernel - 1) + 1 + output_padding


def _places(tap: int, size: int, stride: int, dilation: int) -> slice:
    first = tap * dilation
    return slice(first, first + (size - 1) * stride + 1, stride)


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
    n, _, height, width = x.shape
    _, c_out, k_h, k_w = weight.shape
    rows = _canvas(height, k_h, stride[0], dilation[0], output_padding[0])
    columns = _canvas(width, k_w, stride[1], dilation[1], output_padding[1])
    canvas = x.new_zeros(n, c_out, rows, columns)
    for i in range(k_h):
        for j in range(k_w):
            down = _places(i, height, stride[0], dilation[0])
            across = _places(j, width, stride[1], dilation[1])
            canvas[..., down, across] += torch.einsum("nchw,co->nohw", x, weight[..., i, j])
    out = canvas[..., padding[0] : rows - padding[0], padding[1] : columns - padding[1]]
    return out.clone() if bias is None else out + bias[:, None, None]


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
    height, width = x.shape[2:]
    k_h, k_w = weight.shape[2:]
    above, left = padding
    out_h, out_w = grad_output.shape[2:]
    canvas = grad_output.new_zeros(*grad_output.shape[:2], out_h + 2 * above, out_w + 2 * left)
    canvas[..., above : above + out_h, left : left + out_w] = grad_output
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for i in range(k_h):
        for j in range(k_w):
            seen = canvas[..., _places(i, height, stride[0], dilation[0]), _places(j, width, stride[1], dilation[1])]
            grad_x += torch.einsum("nohw,co->nchw", seen, weight[..., i, j])
            grad_weight[..., i, j] = torch.einsum("nchw,nohw->co", x, seen)
    return grad_x, grad_weight, grad_output.sum(dim=(0, 2, 3))


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
    missing = [
        size[axis] - (_canvas(out, kernel, stride[axis], dilation[axis], 0) - 2 * padding[axis])
        for axis, (out, kernel) in enumerate(zip(grad_output.shape[2:], weight.shape[2:], strict=True))
    ]
    return conv_transpose2d(
        grad_output,
        weight,
        None,
        stride=stride,
        padding=padding,
        output_padding=(missing[0], missing[1]),
        dilation=dilation,
    )


def coverage(size: int, kernel: int, stride: int) -> list[int]:
    """See the stub."""
    counts = [0] * ((size - 1) * stride + kernel)
    for place in range(size):
        for tap in range(kernel):
            counts[place * stride + tap] += 1
    return counts
