"""One tensor of weights for the loss; the mask convolved with ones for the count."""

import torch
import torch.nn.functional as F
from torch import Tensor


def composite(output: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    return torch.where(mask > 0, image, output)


def _weights(output: Tensor, mask: Tensor, hole_weight: float, known_weight: float) -> Tensor:
    """What each element's square is multiplied by."""
    full = mask.expand_as(output)
    known = int(full.sum())
    hole = full.numel() - known
    return known_weight / max(known, 1) * full + hole_weight / max(hole, 1) * (1 - full)


def inpainting_loss(
    output: Tensor, target: Tensor, mask: Tensor, hole_weight: float = 6.0, known_weight: float = 1.0
) -> Tensor:
    """See the stub."""
    return ((output - target) ** 2 * _weights(output, mask, hole_weight, known_weight)).sum()


def inpainting_loss_backward(
    grad_output: Tensor,
    output: Tensor,
    target: Tensor,
    mask: Tensor,
    hole_weight: float = 6.0,
    known_weight: float = 1.0,
) -> Tensor:
    """See the stub."""
    return grad_output * 2 * (output - target) * _weights(output, mask, hole_weight, known_weight)


def partial_conv(x: Tensor, mask: Tensor, weight: Tensor, bias: Tensor, padding: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    kernel_h, kernel_w = weight.shape[2:]
    seen = F.conv2d(x * mask, weight, padding=padding)
    count = F.conv2d(mask, mask.new_ones(1, 1, kernel_h, kernel_w), padding=padding)
    scaled = seen * (kernel_h * kernel_w / count.clamp(min=1)) + bias[:, None, None]
    return torch.where(count > 0, scaled, torch.zeros_like(scaled)), (count > 0).to(mask.dtype)
