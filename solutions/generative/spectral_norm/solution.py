import torch
from torch import Tensor


def _unit(x: Tensor, eps: float) -> Tensor:
    return x / x.norm().clamp(min=eps)


def power_step(weight: Tensor, u: Tensor, eps: float = 1e-12) -> tuple[Tensor, Tensor]:
    v = _unit(weight.T @ u, eps)
    return _unit(weight @ v, eps), v


def spectral_norm(weight: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    sigma = u @ weight.reshape(len(weight), -1) @ v
    return weight / sigma, sigma


def spectral_norm_backward(grad_output: Tensor, weight: Tensor, u: Tensor, v: Tensor) -> Tensor:
    divided, sigma = spectral_norm(weight, u, v)
    along = (grad_output * divided).sum()
    return (grad_output - along * torch.outer(u, v).reshape(weight.shape)) / sigma


class SpectralLinear:
    def __init__(self, weight: Tensor, u: Tensor) -> None:
        self.weight = weight
        self.u = u / u.norm()

    def forward(self, x: Tensor, training: bool) -> Tensor:
        u, v = power_step(self.weight, self.u)
        if training:
            self.u = u
        divided, _ = spectral_norm(self.weight, self.u, v)
        return x @ divided.T
