"""One channel at a time; CELU one number at a time."""

import math

import torch
from torch import Tensor


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    result = x.clone()
    for part, out, slope in _channels(x, result, weight):
        out[part <= 0] = slope * part[part <= 0]
    return result


def prelu_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_x, parts = grad_output.clone(), []
    for channel, (part, out, slope) in enumerate(_channels(x, grad_x, weight)):
        g = grad_output if len(weight) == 1 else grad_output[:, channel]
        parts.append((g[part < 0] * part[part < 0]).sum())
        out[part <= 0] *= slope
    return grad_x, torch.stack(parts)


def celu(x: Tensor, alpha: float) -> Tensor:
    """See the stub."""
    numbers = [number if number > 0 else alpha * math.expm1(number / alpha) for number in x.flatten().tolist()]
    return torch.tensor(numbers, dtype=x.dtype).reshape(x.shape)


def celu_backward(grad_output: Tensor, x: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    slopes, total = [], 0.0
    for number, g in zip(x.flatten().tolist(), grad_output.flatten().tolist(), strict=True):
        if number >= 0:
            slopes.append(1.0)
            continue
        power = math.exp(number / alpha)
        slopes.append(power)
        total += g * (power - 1 - number / alpha * power)
    return grad_output * torch.tensor(slopes, dtype=x.dtype).reshape(x.shape), torch.tensor(total, dtype=x.dtype)


def _channels(x: Tensor, out: Tensor, weight: Tensor) -> list[tuple[Tensor, Tensor, Tensor]]:
    if len(weight) == 1:
        return [(x, out, weight[0])]
    if x.dim() < 2 or x.shape[1] != len(weight):
        raise ValueError("one slope for all, or one for each channel")
    return [(x[:, channel], out[:, channel], slope) for channel, slope in enumerate(weight)]
