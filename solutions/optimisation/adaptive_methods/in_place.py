"""Copies that are changed in place; constant gradients by running the recurrences."""

import numpy as np
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
    m, v = torch.lerp(exp_avg, grad, 1 - betas[0]), exp_avg_sq.clone()
    v.mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
    top = torch.where(v > max_exp_avg_sq, v, max_exp_avg_sq)
    denominator = top.sqrt().div_((1 - betas[1] ** step) ** 0.5).add_(eps)
    return param.clone().addcdiv_(m, denominator, value=-lr / (1 - betas[0] ** step)), m, v, top


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
    m = exp_avg + (grad - exp_avg) * (1 - betas[0])
    top = torch.stack([exp_inf * betas[1], grad.abs() + eps]).amax(dim=0)
    return param - m * (lr / (1 - betas[0] ** step)) / top, m, top


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
    mus = [betas[0] * (1 - 0.96 ** (t * momentum_decay) / 2) for t in (step, step + 1)]
    products = np.cumprod([mu_product, *mus]).tolist()
    m = torch.lerp(exp_avg, grad, 1 - betas[0])
    v = torch.lerp(exp_avg_sq, grad * grad, 1 - betas[1])
    denominator = torch.sqrt(v / (1 - betas[1] ** step)) + eps
    new = param - grad / denominator * (lr * (1 - mus[0]) / (1 - products[1]))
    return new - m / denominator * (lr * mus[1] / (1 - products[2])), m, v, products[1]


def constant_step(method: str, grad: float, step: int, lr: float) -> float:
    """See the stub."""
    if method not in {"sgd", "momentum", "adagrad", "rmsprop", "adam"}:
        raise ValueError(method)
    return -lr * _directions(method, lambda _: np.float64(grad), np.float64(0), step, 1.0, 0.0, 0.0)[1]


def _directions(method, gradient, w, steps, lr, eps, eps_adagrad):
    m = v = rms = velocity = total = 0 * w
    direction = w
    for t in range(1, steps + 1):
        g = gradient(w)
        m, v = m + 0.1 * (g - m), v * 0.999 + 0.001 * g**2
        rms = 0.99 * rms + (1 - 0.99) * g**2
        velocity, total = velocity * 0.9 + g, total + g**2
        direction = {
            "sgd": lambda g=g: g,
            "momentum": lambda velocity=velocity: velocity,
            "adagrad": lambda g=g, total=total: g / (total**0.5 + eps_adagrad),
            "rmsprop": lambda g=g, rms=rms: g / (rms**0.5 + eps),
            "adam": lambda m=m, v=v, t=t: m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + eps),
        }[method]()
        w = w - lr * direction
    return w, float(direction) if np.ndim(direction) == 0 else direction


def race(runs: list[tuple[str, float]], curvatures: Tensor, start: Tensor, steps: int) -> tuple[Tensor, int]:
    """See the stub."""
    a, w = curvatures.numpy(), start.numpy()
    ends = [_directions(method, lambda w: a * w, w, steps, lr, 1e-8, 1e-10)[0] for method, lr in runs]
    losses = torch.tensor([float((a * end**2).sum() / 2) for end in ends], dtype=torch.float64)
    return losses, int(losses.argmin())
