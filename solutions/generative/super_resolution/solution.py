"""One small matrix for each axis."""

import math

import torch
from torch import Tensor


def _cubic(t: float) -> float:
    a = -0.75
    if t <= 1:
        return (a + 2) * t**3 - (a + 3) * t**2 + 1
    return a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a


def resize_matrix(size: int, factor: int, kind: str) -> Tensor:
    """See the stub."""
    matrix = torch.zeros(size * factor, size, dtype=torch.float64)
    for i in range(size * factor):
        if kind == "nearest":
            matrix[i, i // factor] = 1
            continue
        s = (i + 0.5) / factor - 0.5
        left = math.floor(s)
        for tap in (left, left + 1) if kind == "bilinear" else range(left - 1, left + 3):
            weight = 1 - abs(s - tap) if kind == "bilinear" else _cubic(abs(s - tap))
            matrix[i, min(max(tap, 0), size - 1)] += weight
    return matrix


def _matrices(x: Tensor, factor: int, kind: str) -> tuple[Tensor, Tensor]:
    """For the rows and for the columns."""
    rows, columns = (resize_matrix(size, factor, kind).to(x.dtype) for size in x.shape[2:])
    return rows, columns


def upsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    rows, columns = _matrices(x, factor, kind)
    return rows @ x @ columns.T


def upsample_backward(grad_output: Tensor, x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    rows, columns = _matrices(x, factor, kind)
    return rows.T @ grad_output @ columns


def psnr(output: Tensor, target: Tensor, peak: float = 1.0) -> Tensor:
    """See the stub."""
    error = ((output - target) ** 2).flatten(1).mean(dim=1)
    return 10 * torch.log10(peak**2 / error)


def charbonnier(output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """See the stub."""
    return ((output - target) ** 2 + eps**2).sqrt().mean()


def charbonnier_backward(grad_output: Tensor, output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """See the stub."""
    gap = output - target
    return grad_output * (gap / (gap**2 + eps**2).sqrt()) / gap.numel()
