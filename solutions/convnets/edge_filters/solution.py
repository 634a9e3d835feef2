"""One shifted copy of the image for each element of a kernel; kernels from one-dimensional pieces."""

import torch
from torch import Tensor


def _extended(x: Tensor, rows: int, columns: int) -> Tensor:
    height, width = x.shape[-2:]
    down = torch.arange(-rows, height + rows).clamp(0, height - 1)
    across = torch.arange(-columns, width + columns).clamp(0, width - 1)
    return x[..., down, :][..., across]


def filter2d(x: Tensor, kernel: Tensor) -> Tensor:
    """See the stub."""
    k_h, k_w = kernel.shape
    height, width = x.shape[-2:]
    extended = _extended(x, k_h // 2, k_w // 2)
    out = torch.zeros_like(x)
    for i in range(k_h):
        for j in range(k_w):
            out += kernel[i, j] * extended[..., i : i + height, j : j + width]
    return out


def gaussian_kernel(sigma: float, radius: int) -> Tensor:
    """See the stub."""
    at = torch.arange(-radius, radius + 1, dtype=torch.float64)
    bell = torch.exp(-(at**2) / (2 * sigma**2))
    return bell / bell.sum()


def gaussian_blur(x: Tensor, sigma: float, radius: int) -> Tensor:
    """See the stub."""
    bell = gaussian_kernel(sigma, radius).to(x.dtype)
    across = filter2d(x, bell[None, :])
    return filter2d(across, bell[:, None])


def separate(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    largest = int(kernel.abs().argmax())
    i, j = divmod(largest, kernel.shape[1])
    column, row = kernel[:, j] / kernel[i, j], kernel[i].clone()
    if (torch.outer(column, row) - kernel).abs().max() > 1e-10 * kernel.abs().max():
        raise ValueError("this kernel is not a column times a row")
    return column, row


def sobel(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    difference = torch.tensor([-1.0, 0.0, 1.0], dtype=x.dtype)
    smooth = torch.tensor([1.0, 2.0, 1.0], dtype=x.dtype)
    g_x = filter2d(x, torch.outer(smooth, difference) / 8)
    g_y = filter2d(x, torch.outer(difference, smooth) / 8)
    return g_x, g_y, torch.sqrt(g_x**2 + g_y**2)


def laplacian(x: Tensor, *, diagonals: bool = False) -> Tensor:
    """See the stub."""
    kernel = torch.ones(3, 3, dtype=x.dtype)
    if not diagonals:
        kernel[::2, ::2] = 0
    kernel[1, 1] -= kernel.sum()
    return filter2d(x, kernel)


def sharpening_kernel(sigma: float, radius: int, amount: float) -> Tensor:
    """See the stub."""
    bell = gaussian_kernel(sigma, radius)
    kernel = -amount * torch.outer(bell, bell)
    kernel[radius, radius] += 1 + amount
    return kernel


def what_it_finds(kernel: Tensor) -> str:
    """See the stub."""
    down = torch.arange(kernel.shape[0], dtype=kernel.dtype) - kernel.shape[0] // 2
    across = torch.arange(kernel.shape[1], dtype=kernel.dtype) - kernel.shape[1] // 2
    small = 1e-9 * kernel.abs().sum()
    if kernel.sum().abs() > small:
        return "blur" if (kernel >= 0).all() else "sharpening"
    to_right = (kernel * across).sum().abs() > small
    downwards = (kernel * down[:, None]).sum().abs() > small
    if to_right and downwards:
        return "slanted edges"
    if to_right:
        return "vertical edges"
    return "horizontal edges" if downwards else "spots"
