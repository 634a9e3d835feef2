"""The slopes in a shape that broadcasts along the channels; their gradient summed over all other axes."""

import torch
from torch import Tensor


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    return torch.where(x > 0, x, _along_channels(x, weight) * x)


def prelu_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    slope = _along_channels(x, weight)
    grad_x = torch.where(x > 0, grad_output, slope * grad_output)
    each = grad_output * x.clamp(max=0)
    if len(weight) == 1:
        return grad_x, each.sum().reshape(1)
    others = [axis for axis in range(x.dim()) if axis != 1]
    return grad_x, each.sum(dim=others)


def celu(x: Tensor, alpha: float) -> Tensor:
    """See the stub."""
    return torch.where(x > 0, x, alpha * torch.expm1(x / alpha))


def celu_backward(grad_output: Tensor, x: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    scaled = x.clamp(max=0) / alpha
    slope_for_alpha = torch.expm1(scaled) - scaled * scaled.exp()
    return grad_output * scaled.exp(), (grad_output * slope_for_alpha).sum()


def _along_channels(x: Tensor, weight: Tensor) -> Tensor:
    if len(weight) == 1:
        return weight[0]
    if x.dim() < 2 or len(weight) != x.shape[1]:
        raise ValueError(f"{len(weight)} slopes for an input of shape {tuple(x.shape)}")
    return weight.reshape(1, -1, *[1] * (x.dim() - 2))
