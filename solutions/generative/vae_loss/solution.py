"""Two paths to the encoder: through the sample, and through the divergence."""

import torch
from torch import Tensor


def reparameterise(mean: Tensor, log_var: Tensor, noise: Tensor) -> Tensor:
    """See the stub."""
    return mean + torch.exp(0.5 * log_var) * noise


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    """See the stub."""
    each = 0.5 * (mean**2 + torch.exp(log_var) - 1 - log_var)
    return each.sum(dim=1).mean()


def negative_elbo(logits: Tensor, x: Tensor, mean: Tensor, log_var: Tensor, beta: float = 1.0) -> Tensor:
    """See the stub."""
    pixels = logits.clamp(min=0) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    return pixels.sum(dim=1).mean() + beta * kl_to_standard_normal(mean, log_var)


def latent_backward(
    grad_z: Tensor, mean: Tensor, log_var: Tensor, noise: Tensor, beta: float = 1.0
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    each = beta / len(mean)
    grad_mean = grad_z + each * mean
    grad_log_var = grad_z * 0.5 * torch.exp(0.5 * log_var) * noise + each * 0.5 * (torch.exp(log_var) - 1)
    return grad_mean, grad_log_var
