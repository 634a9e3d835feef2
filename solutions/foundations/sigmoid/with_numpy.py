"""Two formulas, each where it is safe, in numpy."""

import numpy as np
import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """See the stub."""
    values = np.array(x.numpy())
    out = np.empty_like(values)
    positive = values >= 0
    out[positive] = 1 / (1 + np.exp(-values[positive]))
    small = np.exp(values[~positive])
    out[~positive] = small / (1 + small)
    return torch.from_numpy(out)


def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return (output - output.square()) * grad_output
