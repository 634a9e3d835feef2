"""Tap by tap, as in a convolution's gradients: which tap holds the largest number so far, in all windows at once."""

import torch
import torch.nn.functional as F
from torch import Tensor


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """See the stub."""
    height, width = x.shape[2:]
    out_h, out_w = grad_output.shape[2:]
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=float("-inf"))

    def seen_by(tap: int) -> tuple[slice, ...]:
        top, left = divmod(tap, kernel_size[1])
        rows = slice(top, top + (out_h - 1) * stride[0] + 1, stride[0])
        return slice(None), slice(None), rows, slice(left, left + (out_w - 1) * stride[1] + 1, stride[1])

    best = torch.full_like(grad_output, float("-inf"))
    winner = torch.zeros_like(grad_output, dtype=torch.int64)
    for tap in range(kernel_size[0] * kernel_size[1]):
        better = padded[seen_by(tap)] > best  # not >=, so that of equals the first stays
        best = torch.where(better, padded[seen_by(tap)], best)
        winner = torch.where(better, tap, winner)

    grad = torch.zeros_like(padded)
    for tap in range(kernel_size[0] * kernel_size[1]):
        grad[seen_by(tap)] += (winner == tap) * grad_output
    return grad[..., padding[0] : padding[0] + height, padding[1] : padding[1] + width].contiguous()
