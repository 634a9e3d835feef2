"""numpy, in terms of σ."""

import numpy as np
import torch
from torch import Tensor


def reparameterise(mean: Tensor, log_var: Tensor, noise: Tensor) -> Tensor:
    """See the stub."""
    return torch.from_numpy(mean.numpy() + np.sqrt(np.exp(log_var.numpy())) * noise.numpy())


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    """See the stub."""
    m, sigma = mean.numpy(), np.exp(log_var.numpy() / 2)
    total = (m**2 + sigma**2 - 1).sum() / 2 - log_var.numpy().sum() / 2
    return torch.as_tensor(total / len(m), dtype=mean.dtype)


def negative_elbo(logits: Tensor, x: Tensor, mean: Tensor, log_var: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    z, y = logits.numpy(), x.numpy()
    pixels = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return torch.as_tensor(pixels.sum() / len(z), dtype=logits.dtype) + beta * kl_to_standard_normal(mean, log_var)


def latent_backward(
    grad_z: Tensor, mean: Tensor, log_var: Tensor, noise: Tensor, beta: float = 1.0
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n, sigma = len(mean), torch.exp(log_var / 2)
    grad_sigma = grad_z * noise + beta / n * (sigma - 1 / sigma)
    return grad_z + beta / n * mean, grad_sigma * sigma / 2
