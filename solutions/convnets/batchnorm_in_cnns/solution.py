"""Parameters are learned, buffers remembered; statistics over everything but the channels."""

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
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), correction=0)
            self._remember(mean.detach(), var.detach(), x.numel() // x.shape[1])
        normalised = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + self.eps)
        return self.weight[:, None, None] * normalised + self.bias[:, None, None]

    def _remember(self, mean: Tensor, var: Tensor, count: int) -> None:
        self.num_batches_tracked += 1
        share = 1 / int(self.num_batches_tracked) if self.momentum is None else self.momentum
        unbiased = var * count / (count - 1)
        self.running_mean = (1 - share) * self.running_mean + share * mean
        self.running_var = (1 - share) * self.running_var + share * unbiased


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
    scale = gamma / torch.sqrt(running_var + eps)
    before = torch.zeros_like(beta) if bias is None else bias
    return weight * scale[:, None, None, None], beta + (before - running_mean) * scale


def relu_share(gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    return torch.special.ndtr(beta / gamma.abs())


def relu_mean(gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    bell = torch.exp(-((beta / gamma) ** 2) / 2) / (2 * torch.pi) ** 0.5
    return beta * relu_share(gamma, beta) + gamma.abs() * bell


def step_statistics(x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    there = torch.arange(x.shape[1]) < lengths[:, None]
    counts = there.sum(dim=0)
    some = counts.clamp(min=1)[:, None]
    means = torch.where(there[..., None], x, 0.0).sum(dim=0) / some
    squares = torch.where(there[..., None], (x - means) ** 2, 0.0)
    return counts, means, squares.sum(dim=0) / some


def choose_norm(task: dict[str, Any]) -> str:
    """See the stub."""
    if task["network"] != "convolutional":
        return "layer"
    if task["remove_contrast"]:
        return "instance"
    return "batch" if task["batch_per_device"] >= 16 else "group"
