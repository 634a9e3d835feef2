"""In evaluation batch normalisation is one multiplication and one addition for each channel."""

import torch
from torch import Tensor


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def _others(x: Tensor) -> list[int]:
    return [axis for axis in range(x.dim()) if axis != 1]


def update_running(
    x: Tensor, running_mean: Tensor, running_var: Tensor, batches: int, *, momentum: float | None = 0.1
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    share = 1 / (batches + 1) if momentum is None else momentum
    mean = x.mean(dim=_others(x))
    var = x.var(dim=_others(x), correction=1)
    return (1 - share) * running_mean + share * mean, (1 - share) * running_var + share * var


def batchnorm_eval(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> Tensor:
    """See the stub."""
    normalised = (x - _per_channel(running_mean, x)) / torch.sqrt(_per_channel(running_var, x) + eps)
    return _per_channel(gamma, x) * normalised + _per_channel(beta, x)


def batchnorm_eval_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    inverse = 1 / torch.sqrt(_per_channel(running_var, x) + eps)
    normalised = (x - _per_channel(running_mean, x)) * inverse
    grad_x = grad_output * _per_channel(gamma, x) * inverse
    return grad_x, (grad_output * normalised).sum(dim=_others(x)), grad_output.sum(dim=_others(x))


def fold(
    weight: Tensor,
    bias: Tensor | None,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if bias is None:
        bias = torch.zeros_like(running_mean)
    scale = gamma / torch.sqrt(running_var + eps)
    return scale[:, None] * weight, scale * (bias - running_mean) + beta
