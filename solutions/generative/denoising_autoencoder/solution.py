"""torch.where for the noise; second moments of the corrupted data for the denoiser."""

import torch
from torch import Tensor


def corrupt(x: Tensor, noise: Tensor, kind: str, level: float) -> Tensor:
    """See the stub."""
    if kind == "gaussian":
        return x + level * noise
    if kind == "masking":
        return torch.where(noise < level, torch.zeros_like(x), x)
    x = torch.where(noise < level, torch.ones_like(x), x)
    return torch.where(noise < level / 2, torch.zeros_like(x), x)


def _weights(clean: Tensor, noisy: Tensor, alpha: float, beta: float) -> Tensor:
    touched = (noisy != clean).to(clean.dtype)
    return alpha * touched + beta * (1 - touched)


def denoising_loss(output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0) -> Tensor:
    """See the stub."""
    each = _weights(clean, noisy, alpha, beta) * (output - clean) ** 2
    return each.sum(dim=1).mean()


def denoising_loss_backward(
    grad_output: Tensor, output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0
) -> Tensor:
    """See the stub."""
    slope = 2 * (output - clean) * _weights(clean, noisy, alpha, beta)
    return grad_output * slope / len(output)


def best_linear_denoiser(x: Tensor, kind: str, level: float) -> Tensor:
    """See the stub."""
    moment = x.T @ x / len(x)
    if kind == "gaussian":
        cross = moment
        noisy_moment = moment + level**2 * torch.eye(len(moment), dtype=x.dtype)
    else:
        keep = 1 - level
        cross = keep * moment
        diagonal = torch.diag(torch.diag(moment))
        noisy_moment = keep**2 * (moment - diagonal) + keep * diagonal
    return torch.linalg.solve(noisy_moment, cross.T).T
