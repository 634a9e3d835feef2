"""The Jacobian is never built: its product with a vector needs one weighted sum."""

import torch
from torch import Tensor


def softmax(x: Tensor, dim: int = -1) -> Tensor:
    """See the stub."""
    powers = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return powers / powers.sum(dim=dim, keepdim=True)


def softmax_backward(grad_output: Tensor, output: Tensor, dim: int = -1) -> Tensor:
    """See the stub."""
    weighted = (grad_output * output).sum(dim=dim, keepdim=True)
    return output * (grad_output - weighted)
