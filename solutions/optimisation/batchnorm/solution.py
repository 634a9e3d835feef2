"""Statistics over every axis but the channels; backward through the mean and the variance in one formula."""

import torch
from torch import Tensor


def _normalise(x: Tensor, eps: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x̂ and 1/√(var + eps), with the mean and the biased variance, all broadcastable to `x`."""
    axes = [axis for axis in range(x.dim()) if axis != 1]
    mean = x.mean(dim=axes, keepdim=True)
    var = ((x - mean) ** 2).mean(dim=axes, keepdim=True)
    inverse = 1 / torch.sqrt(var + eps)
    return (x - mean) * inverse, inverse, mean, var


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


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
    if training:
        normalised, _, mean, var = _normalise(x, eps)
        count = x.numel() // x.shape[1]
        unbiased = var.flatten() * count / (count - 1)
        running_mean = (1 - momentum) * running_mean + momentum * mean.flatten()
        running_var = (1 - momentum) * running_var + momentum * unbiased
    else:
        spread = torch.sqrt(_per_channel(running_var, x) + eps)
        normalised = (x - _per_channel(running_mean, x)) / spread
    out = _per_channel(gamma, x) * normalised + _per_channel(beta, x)
    return out, running_mean, running_var


def batchnorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    axes = [axis for axis in range(x.dim()) if axis != 1]
    normalised, inverse, _, _ = _normalise(x, eps)
    grad_beta = grad_output.sum(dim=axes)
    grad_gamma = (grad_output * normalised).sum(dim=axes)
    grad_normalised = grad_output * _per_channel(gamma, x)
    through_mean = grad_normalised.mean(dim=axes, keepdim=True)
    through_var = normalised * (grad_normalised * normalised).mean(dim=axes, keepdim=True)
    grad_x = inverse * (grad_normalised - through_mean - through_var)
    return grad_x, grad_gamma, grad_beta
