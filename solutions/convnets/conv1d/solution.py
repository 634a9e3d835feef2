"""One pass over the taps: each meets one strided slice of the padded series."""

import torch
from torch import Tensor


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> Tensor:
    """See the stub."""
    n, c_in, length = x.shape
    taps = weight.shape[2]
    left, right = padding
    padded = x.new_zeros(n, c_in, left + length + right)
    padded[..., left : left + length] = x
    room = left + length + right - (dilation * (taps - 1) + 1)
    if room < 0:
        raise ValueError("the kernel is longer than the padded series")
    steps = room // stride + 1
    out = x.new_zeros(n, weight.shape[0], steps)
    for k in range(taps):
        seen = padded[..., k * dilation : k * dilation + (steps - 1) * stride + 1 : stride]
        out += torch.einsum("nct,oc->not", seen, weight[..., k])
    return out if bias is None else out + bias[:, None]


def conv1d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    start, length, steps = padding[0], x.shape[2], grad_output.shape[2]
    padded = x.new_zeros(x.shape[0], x.shape[1], length + sum(padding))
    padded[..., start : start + length] = x
    grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros_like(weight)
    for k in range(weight.shape[2]):
        first = k * dilation
        places = slice(first, first + (steps - 1) * stride + 1, stride)
        grad_weight[..., k] = torch.einsum("not,nct->oc", grad_output, padded[..., places])
        grad_padded[..., places] += torch.einsum("not,oc->nct", grad_output, weight[..., k])
    return grad_padded[..., start : start + length].clone(), grad_weight, grad_output.sum(dim=(0, 2))


def causal_padding(kernel: int, dilation: int) -> tuple[int, int]:
    """See the stub."""
    return dilation * (kernel - 1), 0
