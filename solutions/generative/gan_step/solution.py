"""Backward through what may learn; what may not is out of the graph, or frozen meanwhile."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _descend(network: nn.Module, loss: Tensor, lr: float) -> float:
    for parameter in network.parameters():
        parameter.grad = None
    loss.backward()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter -= lr * parameter.grad
    return loss.item()


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, real: Tensor, noise: Tensor, *, lr: float
) -> float:
    """See the stub."""
    fake = generator(noise).detach()
    real_scores, fake_scores = discriminator(real), discriminator(fake)
    loss = F.softplus(-real_scores).mean() + F.softplus(fake_scores).mean()
    return _descend(discriminator, loss, lr)


def generator_step(generator: nn.Module, discriminator: nn.Module, noise: Tensor, *, lr: float) -> float:
    """See the stub."""
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    loss = F.softplus(-discriminator(generator(noise))).mean()
    result = _descend(generator, loss, lr)
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return result


def train_step(
    generator: nn.Module,
    discriminator: nn.Module,
    real: Tensor,
    noises: list[Tensor],
    *,
    lr_d: float,
    lr_g: float,
) -> tuple[list[float], float]:
    """See the stub."""
    *for_critic, last = noises
    losses = [discriminator_step(generator, discriminator, real, noise, lr=lr_d) for noise in for_critic]
    return losses, generator_step(generator, discriminator, last, lr=lr_g)
