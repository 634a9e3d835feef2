"""Pooling is linear and separable: a matrix for the rows, one for the columns, and their transposes backward."""

import torch
from torch import Tensor


def _fixed(size: int, kernel: int, stride: int, padding: int) -> Tensor:
    """Row i has ones where window i lies in the image."""
    start = torch.arange((size + 2 * padding - kernel) // stride + 1)[:, None] * stride - padding
    place = torch.arange(size)
    return ((place >= start) & (place < start + kernel)).double()


def _adaptive(size: int, count: int) -> Tensor:
    i, place = torch.arange(count)[:, None], torch.arange(size)
    ones = (place >= (i * size).div(count, rounding_mode="floor")) & (place * count < (i + 1) * size)
    return ones / ones.sum(1, keepdim=True).double()


def _pair(size, kernel_size, stride, padding, count_include_pad) -> list[Tensor]:
    found = []
    for s, k, t, p in zip(size, kernel_size, stride or kernel_size, padding, strict=True):
        ones = _fixed(s, k, t, p)
        found.append(ones / (k if count_include_pad else ones.sum(1, keepdim=True)))
    return found


def _apply(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    return rows.to(x.dtype) @ x @ columns.T.to(x.dtype)


def avgpool2d(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """See the stub."""
    return _apply(x, *_pair(x.shape[2:], kernel_size, stride, padding, count_include_pad))


def avgpool2d_backward(
    grad_output: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """See the stub."""
    rows, columns = _pair(size, kernel_size, stride, padding, count_include_pad)
    return _apply(grad_output, rows.T, columns.T)


def global_avgpool2d(x: Tensor) -> Tensor:
    """See the stub."""
    return adaptive_avgpool2d(x, (1, 1))


def adaptive_avgpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """See the stub."""
    return _apply(x, _adaptive(x.shape[2], output_size[0]), _adaptive(x.shape[3], output_size[1]))


def adaptive_avgpool2d_backward(grad_output: Tensor, size: tuple[int, int]) -> Tensor:
    """See the stub."""
    rows, columns = _adaptive(size[0], grad_output.shape[2]), _adaptive(size[1], grad_output.shape[3])
    return _apply(grad_output, rows.T, columns.T)
