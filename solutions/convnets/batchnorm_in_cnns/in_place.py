"""Buffers changed in place without gradients, channels moved to the front, steps in a loop."""

import math
from typing import Any

import torch
from torch import Tensor, nn


class BatchNorm2d(nn.Module):
    """See the stub."""

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, channels: int, *, eps: float = 1e-5, momentum: float | None = 0.1) -> None:
        """See the stub."""
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("num_batches_tracked", torch.zeros((), dtype=torch.long))
        self.options = eps, momentum

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        eps, momentum = self.options
        rows = x.transpose(0, 1).flatten(1)
        if self.training:
            mean = rows.mean(dim=1)
            var = ((rows - mean[:, None]) ** 2).mean(dim=1)
            with torch.no_grad():
                self.num_batches_tracked.add_(1)
                share = momentum if momentum is not None else 1 / self.num_batches_tracked.item()
                self.running_mean.lerp_(rows.mean(dim=1), share)
                self.running_var.lerp_(rows.var(dim=1), share)
        else:
            mean, var = self.running_mean, self.running_var
        scale = self.weight * torch.rsqrt(var + eps)
        shift = self.bias - mean * scale
        return x * scale.reshape(1, -1, 1, 1) + shift.reshape(1, -1, 1, 1)


def fold_conv(
    weight: Tensor,
    bias: Tensor | None,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    scale = gamma * torch.rsqrt(running_var + eps)
    shift = beta - running_mean * scale
    return torch.einsum("oihw,o->oihw", weight, scale), shift if bias is None else shift + bias * scale


def relu_share(gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    return (1 + torch.erf(beta / gamma.abs() / 2**0.5)) / 2


def relu_mean(gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    at = beta / gamma.abs()
    return gamma.abs() * (at * relu_share(gamma, beta) + torch.exp(-0.5 * at * at) / math.sqrt(2 * math.pi))


def step_statistics(x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    counts, means, variances = [], torch.zeros(x.shape[1:], dtype=x.dtype), torch.zeros(x.shape[1:], dtype=x.dtype)
    for step in range(x.shape[1]):
        there = x[lengths > step, step]
        counts.append(len(there))
        if len(there):
            means[step] = there.mean(dim=0)
            variances[step] = (there**2).mean(dim=0) - means[step] ** 2
    return torch.tensor(counts), means, variances


def choose_norm(task: dict[str, Any]) -> str:
    """See the stub."""
    match task:
        case {"network": "recurrent" | "transformer"}:
            return "layer"
        case {"remove_contrast": True}:
            return "instance"
        case {"batch_per_device": size}:
            return "group" if size < 16 else "batch"
    raise ValueError(task)
