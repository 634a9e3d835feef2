"""One number at a time, from the densities."""

import math

import torch
from torch import Tensor


def pathwise_gradients(slopes: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_mean, grad_log_var = torch.zeros_like(slopes), torch.zeros_like(slopes)
    for s in range(slopes.shape[0]):
        for d in range(slopes.shape[1]):
            grad_mean[s, d] = slopes[s, d]
            grad_log_var[s, d] = slopes[s, d] * noise[s, d] * math.sqrt(math.exp(log_var[d])) / 2
    return grad_mean, grad_log_var


def score_gradients(values: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    distance = noise * log_var.exp().sqrt()  # z − μ
    score_mean = distance / log_var.exp()
    score_log_var = distance**2 / log_var.exp() / 2 - 0.5
    return torch.einsum("s,sd->sd", values, score_mean), torch.einsum("s,sd->sd", values, score_log_var)


def leave_one_out(values: Tensor) -> Tensor:
    """See the stub."""
    out = values.clone()
    for s in range(len(values)):
        out[s] -= torch.cat([values[:s], values[s + 1 :]]).mean()
    return out


def variances_for_a_square(mean: float, log_var: float) -> tuple[float, float]:
    """See the stub."""
    sigma = math.exp(log_var / 2)
    second = (mean**4 * 1 + 6 * mean**2 * sigma**2 * 3 + sigma**4 * 15) / sigma**2
    return (2 * sigma) ** 2, second - (2 * mean) ** 2


def gaussian_kl(mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor) -> Tensor:
    """See the stub."""
    gap, far = log_var_q - log_var_p, (mean_q - mean_p) * torch.exp(-log_var_p / 2)
    return (torch.expm1(gap) - gap + far**2).sum(1) / 2


def gaussian_kl_backward(
    grad_output: Tensor, mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    gap, far = torch.expm1(log_var_q - log_var_p), (mean_q - mean_p) * torch.exp(-log_var_p / 2)
    slopes = far * torch.exp(-log_var_p / 2), gap / 2, -far * torch.exp(-log_var_p / 2), -(gap + far**2) / 2
    a, b, c, d = (torch.einsum("n,nd->nd", grad_output, slope) for slope in slopes)
    return a, b, c, d
