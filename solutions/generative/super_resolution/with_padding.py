"""numpy: the border is repeated first, so that no index has to be clamped."""

import numpy as np
import torch
from torch import Tensor


def _kernel(t: np.ndarray, kind: str) -> np.ndarray:
    t = np.abs(t)
    if kind == "bilinear":
        return np.maximum(1 - t, 0)
    inner, outer = 1.25 * t**3 - 2.25 * t**2 + 1, -0.75 * t**3 + 3.75 * t**2 - 6 * t + 3
    return np.where(t <= 1, inner, np.where(t < 2, outer, 0))


def resize_matrix(size: int, factor: int, kind: str) -> Tensor:
    """See the stub."""
    if kind == "nearest":
        return torch.from_numpy(np.kron(np.eye(size), np.ones((factor, 1))))
    s = (np.arange(size * factor) + 0.5) / factor - 0.5
    wide = _kernel(s[:, None] - np.arange(-3, size + 3), kind)  # three elements more on each side
    wide[:, 3] += wide[:, :3].sum(1)
    wide[:, -4] += wide[:, -3:].sum(1)
    return torch.from_numpy(wide[:, 3:-3].copy())


def upsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    rows, columns = (resize_matrix(size, factor, kind).to(x.dtype) for size in x.shape[2:])
    return torch.einsum("ih,nchw,jw->ncij", rows, x, columns)


def upsample_backward(grad_output: Tensor, x: Tensor, factor: int, kind: str) -> Tensor:
    """See the stub."""
    rows, columns = (resize_matrix(size, factor, kind).to(x.dtype) for size in x.shape[2:])
    return torch.einsum("ih,ncij,jw->nchw", rows, grad_output, columns)


def psnr(output: Tensor, target: Tensor, peak: float = 1.0) -> Tensor:
    """See the stub."""
    error = torch.stack([(a - b).square().mean() for a, b in zip(output, target, strict=True)])
    return 20 * np.log10(peak) - 10 * error.log10()


def charbonnier(output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """See the stub."""
    return torch.hypot(output - target, torch.full_like(output, eps)).mean()


def charbonnier_backward(grad_output: Tensor, output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """See the stub."""
    gap = (output - target) / eps
    return grad_output / output.numel() * gap / torch.sqrt(1 + gap * gap)
