"""Columns are images of basis vectors; everything else is a product."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def matrix_of(f: Callable[[Tensor], Tensor], n: int) -> Tensor:
    """See the stub."""
    return torch.stack([f(axis) for axis in torch.eye(n, dtype=torch.float64)], dim=1)


def as_affine(f: Callable[[Tensor], Tensor], n: int) -> tuple[Tensor, Tensor] | None:
    """See the stub."""
    b = f(torch.zeros(n, dtype=torch.float64)).clone()
    a = matrix_of(lambda x: f(x) - b, n)
    points = torch.randn(30, n, dtype=torch.float64)
    values = torch.stack([f(point) for point in points])
    largest = max(values.abs().max(), b.abs().max(), (a + b[:, None]).abs().max())
    difference = (values - (points @ a.T + b)).abs().max()
    return (a, b) if difference <= 1e-9 * largest else None


def compose(maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """See the stub."""
    a, b = maps[0]
    for weight, bias in maps[1:]:
        a, b = weight @ a, weight @ b + bias
    return a, b


def from_pairs(x: Tensor, y: Tensor) -> Tensor:
    """See the stub: A · x = y, transposed, is a linear system."""
    s = torch.linalg.svdvals(x)
    if s[-1] <= 1e-9 * s[0]:
        raise ValueError("the vectors are dependent")
    return torch.linalg.solve(x.T, y.T).T


def convolution_matrix(kernel: Tensor, n: int, stride: int = 1) -> Tensor:
    """See the stub."""
    rows = torch.zeros((n - len(kernel)) // stride + 1, n, dtype=kernel.dtype)
    for i, row in enumerate(rows):
        row[i * stride : i * stride + len(kernel)] = kernel
    return rows


def plane_transform(angle: float, scale: tuple[float, float], shift: tuple[float, float]) -> Tensor:
    """See the stub."""
    c, s = math.cos(angle), math.sin(angle)
    turn = torch.tensor([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]], dtype=torch.float64)
    stretch = torch.diag(torch.tensor([scale[0], scale[1], 1.0], dtype=torch.float64))
    move = torch.eye(3, dtype=torch.float64)
    move[:2, 2] = torch.tensor(shift, dtype=torch.float64)
    return move @ stretch @ turn
