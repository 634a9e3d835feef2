"""The formulas of the docstrings."""

import math

import torch
from torch import Tensor


def amsgrad_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    max_exp_avg_sq: Tensor,
    step: int,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_avg_sq = betas[1] * exp_avg_sq + (1 - betas[1]) * grad.square()
    largest = torch.maximum(max_exp_avg_sq, exp_avg_sq)
    root = (largest / (1 - betas[1] ** step)).sqrt() + eps
    return param - lr * exp_avg / (1 - betas[0] ** step) / root, exp_avg, exp_avg_sq, largest


def adamax_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_inf: Tensor,
    step: int,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_inf = torch.maximum(betas[1] * exp_inf, grad.abs() + eps)
    return param - lr * exp_avg / (1 - betas[0] ** step) / exp_inf, exp_avg, exp_inf


def nadam_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    mu_product: float,
    step: int,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    momentum_decay: float = 4e-3,
) -> tuple[Tensor, Tensor, Tensor, float]:
    """See the stub."""
    mu, mu_next = (betas[0] * (1 - 0.5 * 0.96 ** (t * momentum_decay)) for t in (step, step + 1))
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_avg_sq = betas[1] * exp_avg_sq + (1 - betas[1]) * grad.square()
    mu_product = mu_product * mu
    ahead = (1 - mu) / (1 - mu_product) * grad + mu_next / (1 - mu_product * mu_next) * exp_avg
    root = (exp_avg_sq / (1 - betas[1] ** step)).sqrt() + eps
    return param - lr * ahead / root, exp_avg, exp_avg_sq, mu_product


def constant_step(method: str, grad: float, step: int, lr: float) -> float:
    """See the stub."""
    if method == "sgd":
        return -lr * grad
    if method == "momentum":
        return -lr * grad * (1 - 0.9**step) / (1 - 0.9)
    sign = math.copysign(1.0, grad)
    if method == "adagrad":
        return -lr * sign / math.sqrt(step)
    if method == "rmsprop":
        return -lr * sign / math.sqrt(1 - 0.99**step)
    if method == "adam":
        return -lr * sign
    raise ValueError(f"no such method: {method}")


def _descend(method: str, lr: float, a: Tensor, w: Tensor, steps: int) -> float:
    first, second = torch.zeros_like(w), torch.zeros_like(w)
    for t in range(1, steps + 1):
        g = a * w
        if method == "sgd":
            w = w - lr * g
        elif method == "momentum":
            first = 0.9 * first + g
            w = w - lr * first
        elif method == "adagrad":
            second = second + g * g
            w = w - lr * g / (second.sqrt() + 1e-10)
        elif method == "rmsprop":
            second = 0.99 * second + 0.01 * g * g
            w = w - lr * g / (second.sqrt() + 1e-8)
        else:
            first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g * g
            w = w - lr * first / (1 - 0.9**t) / ((second / (1 - 0.999**t)).sqrt() + 1e-8)
    return 0.5 * (a * w * w).sum().item()


def race(runs: list[tuple[str, float]], curvatures: Tensor, start: Tensor, steps: int) -> tuple[Tensor, int]:
    """See the stub."""
    losses = [_descend(method, lr, curvatures, start, steps) for method, lr in runs]
    return curvatures.new_tensor(losses), losses.index(min(losses))
