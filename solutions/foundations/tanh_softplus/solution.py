"""Only ever the exponential of a number that is not positive; expm1 and log1p where a difference would cancel."""

import torch
from torch import Tensor


def tanh(x: Tensor) -> Tensor:
    """See the stub."""
    shrunk = torch.expm1(-2 * x.abs())
    return torch.sign(x) * (-shrunk / (2 + shrunk))


def tanh_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return grad_output * (1 - output**2)


def softplus(x: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    scaled = beta * x
    return (scaled.clamp(min=0) + torch.log1p(torch.exp(-scaled.abs()))) / beta


def softplus_backward(grad_output: Tensor, x: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    scaled = beta * x
    small = torch.exp(-scaled.abs())
    return grad_output * torch.where(scaled >= 0, torch.ones_like(x), small) / (1 + small)
