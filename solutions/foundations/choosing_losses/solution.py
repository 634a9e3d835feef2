"""Formulas where there are some; for Huber's constant, bisection on the slope."""

import math
from typing import Any

import torch
from torch import Tensor


def negative_log_likelihood(noise: str, input: Tensor, target: Tensor, scale: Tensor | None = None) -> Tensor:
    """See the stub."""
    if noise == "normal":
        return ((target - input) / scale) ** 2 / 2 + torch.log(scale) + math.log(2 * math.pi) / 2
    if noise == "laplace":
        return (target - input).abs() / scale + torch.log(2 * scale)
    if noise == "bernoulli":
        return -target * torch.log(input) - (1 - target) * torch.log(1 - input)
    if noise == "poisson":
        return input - target * torch.log(input) + torch.lgamma(target + 1)
    raise ValueError(f"unknown noise {noise!r}")


def best_constant(loss: str, targets: Tensor, *, tau: float = 0.5, delta: float = 1.0) -> float:
    """See the stub."""
    if loss in ("mse", "bce", "poisson"):
        return targets.mean().item()
    if loss == "max":
        return (targets.min() + targets.max()).item() / 2
    if loss in ("mae", "quantile"):
        share = tau if loss == "quantile" else 0.5
        return targets.sort().values[math.floor(share * len(targets))].item()
    if loss == "huber":
        low, high = targets.min().item(), targets.max().item()
        for _ in range(100):
            middle = (low + high) / 2
            pull = (middle - targets).clamp(-delta, delta).sum()
            low, high = (low, middle) if pull > 0 else (middle, high)
        return low
    raise ValueError(f"unknown loss {loss!r}")


def quantile_loss(input: Tensor, target: Tensor, tau: float, reduction: str = "mean") -> Tensor:
    """See the stub."""
    r = target - input
    losses = torch.maximum(tau * r, (tau - 1) * r)
    return {"none": losses.clone, "sum": losses.sum, "mean": losses.mean}[reduction]()


def quantile_loss_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, tau: float, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    each = grad_output / input.numel() if reduction == "mean" else grad_output
    too_high, too_low = (input > target).to(input.dtype), (input < target).to(input.dtype)
    return each * ((1 - tau) * too_high - tau * too_low)


def tau_for_costs(under: float, over: float) -> float:
    """See the stub."""
    return under / (under + over)


def choose_loss(task: dict[str, Any]) -> str:
    """See the stub."""
    if task["target"] == "count":
        return "poisson"
    if task["target"] == "class":
        if task["wanted"] == "decision":
            return "hinge"
        return "bce" if task["several at once"] else "cross_entropy"
    if task["wanted"] == "mean":
        return "huber" if task["outliers"] else "mse"
    return "mae" if task["wanted"] == "median" else "quantile"
