"""Everything in terms of the noise, which is (z − μ) / σ."""

import math

import torch
from torch import Tensor


def pathwise_gradients(slopes: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    sigma = torch.exp(0.5 * log_var)
    return slopes.clone(), slopes * 0.5 * sigma * noise


def score_gradients(values: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    sigma = torch.exp(0.5 * log_var)
    f = values[:, None]
    return f * noise / sigma, f * 0.5 * (noise**2 - 1)


def leave_one_out(values: Tensor) -> Tensor:
    """See the stub."""
    others = (values.sum() - values) / (len(values) - 1)
    return values - others


def variances_for_a_square(mean: float, log_var: float) -> tuple[float, float]:
    """See the stub."""
    var = math.exp(log_var)
    return 4 * var, mean**4 / var + 14 * mean**2 + 15 * var


def _ratio_and_square(mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor) -> tuple[Tensor, Tensor]:
    """σ²_q / σ²_p, and the squared distance of the means in units of σ_p."""
    return torch.exp(log_var_q - log_var_p), (mean_q - mean_p) ** 2 * torch.exp(-log_var_p)


def gaussian_kl(mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor) -> Tensor:
    """See the stub."""
    ratio, square = _ratio_and_square(mean_q, log_var_q, mean_p, log_var_p)
    return (0.5 * (ratio + square - 1 - (log_var_q - log_var_p))).sum(dim=1)


def gaussian_kl_backward(
    grad_output: Tensor, mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    up = grad_output[:, None]
    ratio, square = _ratio_and_square(mean_q, log_var_q, mean_p, log_var_p)
    pull = (mean_q - mean_p) * torch.exp(-log_var_p)
    return up * pull, up * 0.5 * (ratio - 1), -up * pull, up * 0.5 * (1 - ratio - square)
