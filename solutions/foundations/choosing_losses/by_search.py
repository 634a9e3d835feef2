"""Best constants by looking for them; losses number by number."""

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


def negative_log_likelihood(noise: str, input: Tensor, target: Tensor, scale: Tensor | None = None) -> Tensor:
    """See the stub."""
    scales = torch.ones_like(input) if scale is None else scale
    numbers = []
    for m, y, s in zip(input.flatten().tolist(), target.flatten().tolist(), scales.flatten().tolist(), strict=True):
        if noise == "normal":
            numbers.append(0.5 * ((y - m) / s) ** 2 + math.log(s * math.sqrt(2 * math.pi)))
        elif noise == "laplace":
            numbers.append(abs(y - m) / s + math.log(2) + math.log(s))
        elif noise == "bernoulli":
            numbers.append(-math.log(m if y == 1 else 1 - m))
        elif noise == "poisson":
            numbers.append(-math.log(math.exp(-m) * m**y / math.factorial(int(y))))
        else:
            raise ValueError(noise)
    return torch.tensor(numbers, dtype=input.dtype).reshape(input.shape)


def best_constant(loss: str, targets: Tensor, *, tau: float = 0.5, delta: float = 1.0) -> float:
    """Newton for smooth losses, a look at every target for those with corners."""
    numbers = targets.tolist()
    if loss in ("mae", "quantile"):
        return min(numbers, key=lambda c: _total(c, numbers, 0.5 if loss == "mae" else tau))
    if loss == "max":
        return min(numbers) + (max(numbers) - min(numbers)) / 2
    if loss not in ("mse", "bce", "poisson", "huber"):
        raise ValueError(loss)
    if loss != "huber":
        return math.fsum(numbers) / len(numbers)
    # Between two corners the slope is a straight line: find the two around its zero, and draw the line.
    corners = sorted([y - delta for y in numbers] + [y + delta for y in numbers])
    for left, right in pairwise(corners):
        below, above = _pull(left, numbers, delta), _pull(right, numbers, delta)
        if below <= 0 <= above and above > below:
            return left - below * (right - left) / (above - below)
    raise AssertionError("the slope has a zero")


def quantile_loss(input: Tensor, target: Tensor, tau: float, reduction: str = "mean") -> Tensor:
    """See the stub."""
    r = (target - input).flatten()
    total = torch.stack([tau * number if number > 0 else (tau - 1) * number for number in r])
    if reduction == "none":
        return total.reshape(input.shape)
    return total.sum() if reduction == "sum" else total.sum() / len(total)


def quantile_loss_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, tau: float, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    sign = torch.sign(input - target)
    slope = sign / 2 + (0.5 - tau) * sign.abs()
    return grad_output * slope / (input.numel() if reduction == "mean" else 1)


def tau_for_costs(under: float, over: float) -> float:
    """See the stub."""
    return 1 / (1 + over / under)


def choose_loss(task: dict[str, Any]) -> str:
    """See the stub."""
    match task:
        case {"target": "count"}:
            return "poisson"
        case {"target": "class", "wanted": "decision"}:
            return "hinge"
        case {"target": "class", "several at once": True}:
            return "bce"
        case {"target": "class"}:
            return "cross_entropy"
        case {"wanted": "mean", "outliers": outliers}:
            return ["mse", "huber"][outliers]
        case {"wanted": wanted}:
            return {"median": "mae"}.get(wanted, "quantile")
    raise ValueError(task)


def _total(c: float, numbers: list[float], tau: float) -> float:
    return math.fsum(max(tau * (y - c), (tau - 1) * (y - c)) for y in numbers)


def _pull(c: float, numbers: list[float], delta: float) -> float:
    return math.fsum(max(-delta, min(delta, c - y)) for y in numbers)
