"""einsum for the products, torch.diff and padding for the neighbours."""

import torch
import torch.nn.functional as F
from torch import Tensor


def gram_matrix(features: Tensor) -> Tensor:
    """See the stub."""
    _, c, h, w = features.shape
    return torch.einsum("nahw,nbhw->nab", features, features) / (c * h * w)


def gram_matrix_backward(grad_output: Tensor, features: Tensor) -> Tensor:
    """See the stub."""
    _, c, h, w = features.shape
    left = torch.einsum("nab,nbhw->nahw", grad_output, features)
    right = torch.einsum("nab,nahw->nbhw", grad_output, features)
    return (left + right) / (c * h * w)


def style_loss(features: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    return (gram_matrix(features) - target).pow(2).sum((1, 2)).mean()


def style_loss_backward(grad_output: Tensor, features: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    n, c, h, w = features.shape
    gap = gram_matrix(features) - target
    return 4 * grad_output / (n * c * h * w) * torch.einsum("nab,nbhw->nahw", gap, features)


def total_variation(image: Tensor) -> Tensor:
    """See the stub."""
    return sum(torch.diff(image, dim=axis).abs().flatten(1).sum(1) for axis in (2, 3)).mean()


def total_variation_backward(grad_output: Tensor, image: Tensor) -> Tensor:
    """See the stub."""
    down, right = torch.sign(torch.diff(image, dim=2)), torch.sign(torch.diff(image, dim=3))
    grad = F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1)) + F.pad(right, (1, 0)) - F.pad(right, (0, 1))
    return grad * grad_output / image.shape[0]


def adain(content: Tensor, style: Tensor, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    a, b = content.flatten(2), style.flatten(2)
    mean, target = a.mean(2, keepdim=True), b.mean(2, keepdim=True)
    scale = ((((b - target) ** 2).mean(2, keepdim=True) + eps) / (((a - mean) ** 2).mean(2, keepdim=True) + eps)).sqrt()
    return ((a - mean) * scale + target).reshape(content.shape)
