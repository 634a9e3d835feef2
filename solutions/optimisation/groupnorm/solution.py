"""Each group of a sample as one row: reshape, normalise along the rows, and reshape back."""

import torch
from torch import Tensor


def _normalise(x: Tensor, groups: int, eps: float) -> tuple[Tensor, Tensor]:
    """x̂ and 1/√(var + eps), as rows: (N · groups, M) and (N · groups, 1)."""
    rows = x.reshape(x.shape[0] * groups, -1)
    centred = rows - rows.mean(dim=1, keepdim=True)
    inverse = 1 / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + eps)
    return centred * inverse, inverse


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def groupnorm_forward(x: Tensor, groups: int, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    if x.shape[1] % groups:
        raise ValueError(f"{x.shape[1]} channels can't be cut into {groups} groups")
    normalised = _normalise(x, groups, eps)[0].reshape(x.shape)
    return _per_channel(gamma, x) * normalised + _per_channel(beta, x)


def groupnorm_backward(
    grad_output: Tensor, x: Tensor, groups: int, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    rows, inverse = _normalise(x, groups, eps)
    others = [axis for axis in range(x.dim()) if axis != 1]
    grad_beta = grad_output.sum(dim=others)
    grad_gamma = (grad_output * rows.reshape(x.shape)).sum(dim=others)
    g = (grad_output * _per_channel(gamma, x)).reshape(rows.shape)
    through_mean = g.mean(dim=1, keepdim=True)
    through_var = rows * (g * rows).mean(dim=1, keepdim=True)
    grad_x = inverse * (g - through_mean - through_var)
    return grad_x.reshape(x.shape), grad_gamma, grad_beta


def instancenorm_forward(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    return groupnorm_forward(x, x.shape[1], gamma, beta, eps=eps)


def instancenorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    return groupnorm_backward(grad_output, x, x.shape[1], gamma, eps=eps)
