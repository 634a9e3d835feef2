"""Only ever the exponential of a negative number, which can't overflow."""

import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """See the stub."""
    small = torch.exp(-x.abs())
    numerator = torch.where(x >= 0, torch.ones_like(x), small)
    return numerator / (1 + small)


def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return grad_output * output * (1 - output)
