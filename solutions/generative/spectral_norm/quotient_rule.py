"""Everything as matrices and einsum; the gradient by the quotient rule."""

import torch
from torch import Tensor


def power_step(weight: Tensor, u: Tensor, eps: float = 1e-12) -> tuple[Tensor, Tensor]:
    v = torch.einsum("oi,o->i", weight, u)
    v = v / max(float(v.square().sum().sqrt()), eps)
    new = torch.einsum("oi,i->o", weight, v)
    return new / max(float(new.square().sum().sqrt()), eps), v


def _sigma(weight: Tensor, u: Tensor, v: Tensor) -> Tensor:
    return torch.einsum("o,oi,i->", u, weight.flatten(1), v)


def spectral_norm(weight: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    sigma = _sigma(weight, u, v)
    return weight * (1 / sigma), sigma


def spectral_norm_backward(grad_output: Tensor, weight: Tensor, u: Tensor, v: Tensor) -> Tensor:
    sigma = _sigma(weight, u, v)
    grad_sigma = -(grad_output * weight).sum() / sigma**2
    return grad_output / sigma + grad_sigma * (u[:, None] * v[None, :]).view_as(weight)


class SpectralLinear:
    def __init__(self, weight: Tensor, u: Tensor) -> None:
        self.weight, self.u = weight, torch.nn.functional.normalize(u, dim=0)

    def forward(self, x: Tensor, training: bool) -> Tensor:
        new, v = power_step(self.weight, self.u)
        self.u = new if training else self.u
        return (x @ self.weight.T) / _sigma(self.weight, self.u, v)
