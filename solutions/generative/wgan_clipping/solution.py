import itertools
import math

import torch
import torch.nn as nn
from torch import Tensor


def wasserstein_1d(a: Tensor, b: Tensor) -> Tensor:
    return (a.sort().values - b.sort().values).abs().mean()


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    return fake_scores.mean() - real_scores.mean()


def generator_loss(fake_scores: Tensor) -> Tensor:
    return -fake_scores.mean()


@torch.no_grad()
def clip_weights(critic: nn.Module, limit: float) -> float:
    beyond = total = 0
    for parameter in critic.parameters():
        beyond += int((parameter.abs() > limit).sum())
        total += parameter.numel()
        parameter.clamp_(-limit, limit)
    return beyond / total


def _descend(network: nn.Module, loss: Tensor, lr: float) -> None:
    parameters = list(network.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= lr * gradient


def train_round(
    generator: nn.Module,
    critic: nn.Module,
    batches: list[Tensor],
    noises: list[Tensor],
    *,
    lr: float,
    limit: float,
) -> list[float]:
    distances = []
    for real, noise in zip(batches, noises[:-1], strict=True):
        loss = critic_loss(critic(real), critic(generator(noise).detach()))
        distances.append(-loss.item())
        _descend(critic, loss, lr)
        clip_weights(critic, limit)
    _descend(generator, generator_loss(critic(generator(noises[-1]))), lr)
    return distances


def largest_slope(widths: list[int], limit: float) -> float:
    return math.prod(limit * math.sqrt(n * m) for n, m in itertools.pairwise(widths))
