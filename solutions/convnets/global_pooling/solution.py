"""Means and maxima over slices; gradients go back through the index of the first maximum."""

import torch
from torch import Tensor


def global_avgpool(x: Tensor) -> Tensor:
    """See the stub."""
    return x.mean(dim=(2, 3))


def global_avgpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    area = x.shape[2] * x.shape[3]
    return (grad_output / area)[:, :, None, None].expand(x.shape).clone()


def global_maxpool(x: Tensor) -> Tensor:
    """See the stub."""
    return x.amax(dim=(2, 3))


def _first_largest(window: Tensor) -> Tensor:
    """One 1.0 in each map, zeros elsewhere."""
    flat = window.flatten(2)
    order = torch.arange(flat.shape[2])
    largest = flat == flat.amax(dim=2, keepdim=True)
    first = torch.where(largest, order, flat.shape[2]).amin(dim=2, keepdim=True)
    return (order == first).reshape(window.shape).to(window.dtype)


def global_maxpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return _first_largest(x) * grad_output[:, :, None, None]


def _range(number: int, size: int, count: int) -> slice:
    return slice(number * size // count, -(-(number + 1) * size // count))


def adaptive_maxpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """See the stub."""
    out = x.new_zeros(*x.shape[:2], *output_size)
    for p in range(output_size[0]):
        for q in range(output_size[1]):
            rows, columns = _range(p, x.shape[2], output_size[0]), _range(q, x.shape[3], output_size[1])
            out[:, :, p, q] = x[:, :, rows, columns].amax(dim=(2, 3))
    return out


def adaptive_maxpool2d_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    out_h, out_w = grad_output.shape[2:]
    grad_x = torch.zeros_like(x)
    for p in range(out_h):
        for q in range(out_w):
            window = (..., _range(p, x.shape[2], out_h), _range(q, x.shape[3], out_w))
            grad_x[window] += _first_largest(x[window]) * grad_output[:, :, p, q, None, None]
    return grad_x


def class_activation(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maps = torch.einsum("nchw,kc->nkhw", features, weight)
    return maps.mean(dim=(2, 3)) + bias, maps
