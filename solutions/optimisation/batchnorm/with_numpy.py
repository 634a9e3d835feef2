"""numpy, and the backward pass as most code has it: grad_gamma and grad_beta are the two sums that grad_x needs."""

import numpy as np
import torch
from torch import Tensor


def _layout(x: np.ndarray) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The axes that are summed over, the shape of a channel's number beside `x`, and the numbers of a channel."""
    axes = tuple(axis for axis in range(x.ndim) if axis != 1)
    return axes, (1, -1) + (1,) * (x.ndim - 2), x.size // x.shape[1]


def batchnorm_forward(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    values, scale, shift, old_mean, old_var = (t.numpy() for t in (x, gamma, beta, running_mean, running_var))
    axes, shape, count = _layout(values)
    mean, var = old_mean, old_var
    if training:
        mean, var = values.mean(axes), values.var(axes)
        old_mean = old_mean + momentum * (mean - old_mean)
        old_var = old_var + momentum * (var * (count / (count - 1)) - old_var)
    centred = values - mean.reshape(shape)
    out = scale.reshape(shape) * centred / np.sqrt(var.reshape(shape) + eps) + shift.reshape(shape)
    new = (torch.from_numpy(np.array(result, dtype=values.dtype)) for result in (out, old_mean, old_var))
    return next(new), next(new), next(new)


def batchnorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    g, values, scale = grad_output.numpy(), x.numpy(), gamma.numpy()
    axes, shape, count = _layout(values)
    centred = values - values.mean(axes, keepdims=True)
    inverse = 1 / np.sqrt((centred**2).mean(axes, keepdims=True) + eps)
    normalised = centred * inverse
    grad_beta, grad_gamma = g.sum(axes), (g * normalised).sum(axes)
    rest = count * g - grad_beta.reshape(shape) - normalised * grad_gamma.reshape(shape)
    grad_x = scale.reshape(shape) * inverse / count * rest
    return torch.from_numpy(grad_x), torch.from_numpy(grad_gamma), torch.from_numpy(grad_beta)
