"""The definition, element by element, in numpy: no padding, only windows that are cut off at the border."""

import numpy as np
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
    plane = x.numpy()
    height, width = x.shape[2:]
    sizes = [(x.shape[2 + a] + 2 * padding[a] - kernel_size[a]) // stride[a] + 1 for a in (0, 1)]
    values = np.full((*x.shape[:2], *sizes), -np.inf, dtype=plane.dtype)
    indices = np.zeros(values.shape, dtype=np.int64)
    for place in np.ndindex(*values.shape):
        n, c, p, q = place
        for i, j in np.ndindex(*kernel_size):
            row, column = p * stride[0] - padding[0] + i, q * stride[1] - padding[1] + j
            if 0 <= row < height and 0 <= column < width and plane[n, c, row, column] > values[place]:
                values[place], indices[place] = plane[n, c, row, column], row * width + column
    return torch.from_numpy(values), torch.from_numpy(indices)


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """See the stub."""
    values, upstream = x.numpy(), grad_output.numpy()
    grad = np.zeros_like(values)
    for n, c, p, q in np.ndindex(*upstream.shape):
        best, place = -np.inf, None
        for row in range(p * stride[0] - padding[0], p * stride[0] - padding[0] + kernel_size[0]):
            for column in range(q * stride[1] - padding[1], q * stride[1] - padding[1] + kernel_size[1]):
                inside = 0 <= row < values.shape[2] and 0 <= column < values.shape[3]
                if inside and values[n, c, row, column] > best:
                    best, place = values[n, c, row, column], (row, column)
        assert place is not None
        grad[n, c, place[0], place[1]] += upstream[n, c, p, q]
    return torch.from_numpy(grad)
