"""Means over the normalised axes for grad_x, sums over all others for gamma and beta."""

import torch
from torch import Tensor


def _normalise(x: Tensor, gamma: Tensor, eps: float) -> tuple[Tensor, Tensor, list[int]]:
    """(x − mean) / √(var + eps), 1 / √(var + eps), and the axes that both are taken over."""
    axes = list(range(x.dim() - gamma.dim(), x.dim()))
    centred = x - x.mean(dim=axes, keepdim=True)
    inverse = 1 / torch.sqrt((centred**2).mean(dim=axes, keepdim=True) + eps)
    return centred * inverse, inverse, axes


def layernorm_forward(x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    normalised, _, _ = _normalise(x, gamma, eps)
    return normalised * gamma + beta


def layernorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    normalised, inverse, axes = _normalise(x, gamma, eps)
    grad_normalised = grad_output * gamma
    through_mean = grad_normalised.mean(dim=axes, keepdim=True)
    through_var = normalised * (grad_normalised * normalised).mean(dim=axes, keepdim=True)
    grad_x = inverse * (grad_normalised - through_mean - through_var)
    rows = (-1, *gamma.shape)
    return grad_x, (grad_output * normalised).reshape(rows).sum(0), grad_output.reshape(rows).sum(0)
