"""One sample at a time: an outer product each, added up."""

import numpy as np
import torch
from torch import Tensor


def linear_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    grad_bias = torch.zeros(weight.shape[0], dtype=x.dtype)
    for index in np.ndindex(*x.shape[:-1]):
        for o in range(weight.shape[0]):
            upstream = grad_output[index][o]
            grad_x[index] += upstream * weight[o]
            grad_weight[o] += upstream * x[index]
            grad_bias[o] += upstream
    return grad_x, grad_weight, grad_bias
