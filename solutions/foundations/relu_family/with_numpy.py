"""numpy: boolean indexing, one side after the other."""

import numpy as np
import torch
from torch import Tensor


def _pieces(x: Tensor, right, left) -> Tensor:
    values = np.array(x)
    positive = values > 0
    out = np.empty_like(values)
    out[positive], out[~positive] = right(values[positive]), left(values[~positive])
    return torch.from_numpy(out)


def relu(x: Tensor) -> Tensor:
    """See the stub."""
    return leaky_relu(x, 0.0)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """See the stub."""
    return _pieces(x, lambda v: v, lambda v: negative_slope * v)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """See the stub."""
    return _pieces(x, lambda v: v, lambda v: alpha * np.expm1(v))


def relu_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return leaky_relu_backward(grad_output, x, 0.0)


def leaky_relu_backward(grad_output: Tensor, x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """See the stub."""
    return grad_output * _pieces(x, np.ones_like, lambda v: negative_slope * np.ones_like(v))


def elu_backward(grad_output: Tensor, x: Tensor, alpha: float = 1.0) -> Tensor:
    """See the stub."""
    return grad_output * _pieces(x, np.ones_like, lambda v: alpha * np.exp(v))
