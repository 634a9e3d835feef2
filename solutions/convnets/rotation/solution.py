"""Positions in pixels, four gathered corners, and a mask for those outside."""

import math

import torch
from torch import Tensor


def _centres(size: int, align_corners: bool, like: Tensor) -> Tensor:
    """The positions of a row's pixels, from −1 to 1."""
    index = torch.arange(size, dtype=like.dtype)
    return 2 * index / (size - 1) - 1 if align_corners else (2 * index + 1) / size - 1


def affine_grid(theta: Tensor, height: int, width: int, *, align_corners: bool = False) -> Tensor:
    """See the stub."""
    y = _centres(height, align_corners, theta)[:, None].expand(height, width)
    x = _centres(width, align_corners, theta).expand(height, width)
    return torch.stack([x, y, torch.ones_like(x)], dim=-1) @ theta.T


def grid_sample(image: Tensor, grid: Tensor, *, align_corners: bool = False) -> Tensor:
    """See the stub."""
    height, width = image.shape[1:]
    if align_corners:
        column, row = (grid[..., 0] + 1) / 2 * (width - 1), (grid[..., 1] + 1) / 2 * (height - 1)
    else:
        column, row = ((grid[..., 0] + 1) * width - 1) / 2, ((grid[..., 1] + 1) * height - 1) / 2
    left, top = column.floor(), row.floor()
    right_share, lower_share = column - left, row - top
    out = image.new_zeros(image.shape[0], *grid.shape[:2])
    for down in (0, 1):
        for across in (0, 1):
            r, c = top + down, left + across
            inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
            weight = (lower_share if down else 1 - lower_share) * (right_share if across else 1 - right_share)
            values = image[:, r.clamp(0, height - 1).long(), c.clamp(0, width - 1).long()]
            out += torch.where(inside, weight * values, 0)
    return out


def rotation_matrix(degrees: float, height: int, width: int, *, align_corners: bool = False) -> list[list[float]]:
    """See the stub."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ratio = (height - 1) / (width - 1) if align_corners else height / width
    return [[cos, -sin * ratio, 0.0], [sin / ratio, cos, 0.0]]


def rotate(image: Tensor, degrees: float) -> Tensor:
    """See the stub."""
    height, width = image.shape[1:]
    theta = torch.tensor(rotation_matrix(degrees, height, width), dtype=image.dtype)
    return grid_sample(image, affine_grid(theta, height, width))
