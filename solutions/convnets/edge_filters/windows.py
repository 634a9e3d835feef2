"""Windows by unfold and einsum, the factors of a kernel by its singular values, Laplacians by differences."""

import torch
import torch.nn.functional as F
from torch import Tensor


def filter2d(x: Tensor, kernel: Tensor) -> Tensor:
    """See the stub."""
    up, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = F.pad(x, (left, left, up, up), mode="replicate")
    windows = padded.unfold(2, kernel.shape[0], 1).unfold(3, kernel.shape[1], 1)
    return torch.einsum("nchwij,ij->nchw", windows, kernel)


def gaussian_kernel(sigma: float, radius: int) -> Tensor:
    """See the stub."""
    at = torch.linspace(-radius, radius, 2 * radius + 1, dtype=torch.float64) / sigma
    return torch.softmax(-0.5 * at * at, dim=0)


def gaussian_blur(x: Tensor, sigma: float, radius: int) -> Tensor:
    """See the stub."""
    bell = gaussian_kernel(sigma, radius)
    return filter2d(x, torch.outer(bell, bell).to(x.dtype))


def separate(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, s, vt = torch.linalg.svd(kernel, full_matrices=False)
    column, row = u[:, 0] * s[0], vt[0]
    if (column[:, None] * row - kernel).abs().max() > 1e-10 * kernel.abs().max():
        raise ValueError("rank above one")
    return column, row


def sobel(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
    right = padded[..., 2:] - padded[..., :-2]
    down = padded[..., 2:, :] - padded[..., :-2, :]
    g_x = (right[..., :-2, :] + 2 * right[..., 1:-1, :] + right[..., 2:, :]) / 8
    g_y = (down[..., :-2] + 2 * down[..., 1:-1] + down[..., 2:]) / 8
    return g_x, g_y, torch.hypot(g_x, g_y)


def laplacian(x: Tensor, *, diagonals: bool = False) -> Tensor:
    """See the stub."""
    padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
    height, width = x.shape[2:]
    out = torch.zeros_like(x)
    for i in range(3):
        for j in range(3):
            if diagonals or 1 in (i, j):
                out += padded[..., i : i + height, j : j + width] - x
    return out


def sharpening_kernel(sigma: float, radius: int, amount: float) -> Tensor:
    """See the stub."""
    dot = torch.zeros(1, 1, 2 * radius + 1, 2 * radius + 1, dtype=torch.float64)
    dot[..., radius, radius] = 1
    bell = gaussian_kernel(sigma, radius)
    return dot[0, 0] + amount * (dot[0, 0] - bell[:, None] * bell)


def what_it_finds(kernel: Tensor) -> str:
    """See the stub."""
    middle = [size // 2 for size in kernel.shape]
    ones = to_right = downwards = 0.0
    for i, row in enumerate(kernel.tolist()):
        for j, weight in enumerate(row):
            ones += weight
            to_right += weight * (j - middle[1])
            downwards += weight * (i - middle[0])
    small = 1e-9 * float(kernel.abs().sum())
    if abs(ones) > small:
        return "sharpening" if kernel.min() < 0 else "blur"
    names = {(True, True): "slanted edges", (True, False): "vertical edges", (False, True): "horizontal edges"}
    return names.get((abs(to_right) > small, abs(downwards) > small), "spots")
