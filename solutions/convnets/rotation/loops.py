"""One position at a time; the image gets a frame of zeros, so that no corner needs a question."""

import cmath
import math

import torch
from torch import Tensor


def affine_grid(theta: Tensor, height: int, width: int, *, align_corners: bool = False) -> Tensor:
    """See the stub."""
    grid = torch.zeros(height, width, 2, dtype=theta.dtype)
    (a, b, c), (d, e, f) = theta.tolist()
    for row in range(height):
        for column in range(width):
            if align_corners:
                x, y = -1 + 2 * column / (width - 1), -1 + 2 * row / (height - 1)
            else:
                x, y = -1 + (column + 0.5) * 2 / width, -1 + (row + 0.5) * 2 / height
            grid[row, column, 0] = a * x + b * y + c
            grid[row, column, 1] = d * x + e * y + f
    return grid


def grid_sample(image: Tensor, grid: Tensor, *, align_corners: bool = False) -> Tensor:
    """See the stub."""
    channels, height, width = image.shape
    framed = torch.zeros(channels, height + 4, width + 4, dtype=image.dtype)
    framed[:, 2:-2, 2:-2] = image
    shrink = 1 if align_corners else 0
    out = torch.zeros(channels, *grid.shape[:2], dtype=image.dtype)
    for i in range(grid.shape[0]):
        for j in range(grid.shape[1]):
            x, y = grid[i, j].tolist()
            column = (x + 1) * (width - shrink) / 2 - (1 - shrink) / 2
            row = (y + 1) * (height - shrink) / 2 - (1 - shrink) / 2
            if not (-1 < column < width and -1 < row < height):
                continue
            c, r = math.floor(column), math.floor(row)
            s, t = column - c, row - r
            upper = framed[:, r + 2, c + 2] * (1 - s) + framed[:, r + 2, c + 3] * s
            lower = framed[:, r + 3, c + 2] * (1 - s) + framed[:, r + 3, c + 3] * s
            out[:, i, j] = upper * (1 - t) + lower * t
    return out


def rotation_matrix(degrees: float, height: int, width: int, *, align_corners: bool = False) -> list[list[float]]:
    """See the stub."""
    turn = cmath.rect(1, math.radians(degrees))
    half_h, half_w = ((height - 1) / 2, (width - 1) / 2) if align_corners else (height / 2, width / 2)
    return [[turn.real, -turn.imag * half_h / half_w, 0.0], [turn.imag * half_w / half_h, turn.real, 0.0]]


def rotate(image: Tensor, degrees: float) -> Tensor:
    """See the stub."""
    height, width = image.shape[1:]
    theta = torch.tensor(rotation_matrix(degrees, height, width, align_corners=True), dtype=image.dtype)
    return grid_sample(image, affine_grid(theta, height, width, align_corners=True), align_corners=True)
