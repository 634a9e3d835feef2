"""backward() and .grad, and the distance between two staircases."""

import torch
import torch.nn as nn
from torch import Tensor


def wasserstein_1d(a: Tensor, b: Tensor) -> Tensor:
    places = torch.cat([a, b]).sort().values
    share_a = (a[None, :] <= places[:-1, None]).double().mean(dim=1)
    share_b = (b[None, :] <= places[:-1, None]).double().mean(dim=1)
    return ((share_a - share_b).abs() * places.diff()).sum()


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    return -(real_scores.mean() - fake_scores.mean())


def generator_loss(fake_scores: Tensor) -> Tensor:
    return (-fake_scores).mean()


def clip_weights(critic: nn.Module, limit: float) -> float:
    flat = torch.cat([parameter.detach().flatten() for parameter in critic.parameters()])
    for parameter in critic.parameters():
        parameter.data = parameter.data.clip(-limit, limit)
    return (flat.abs() > limit).double().mean().item()


def _step(network: nn.Module, lr: float) -> None:
    for parameter in network.parameters():
        parameter.data -= lr * parameter.grad


def train_round(
    generator: nn.Module,
    critic: nn.Module,
    batches: list[Tensor],
    noises: list[Tensor],
    *,
    lr: float,
    limit: float,
) -> list[float]:
    found = []
    for k, real in enumerate(batches):
        critic.zero_grad()
        with torch.no_grad():
            fake = generator(noises[k])
        loss = critic(fake).mean() - critic(real).mean()
        loss.backward()
        found.append(-float(loss))
        _step(critic, lr)
        clip_weights(critic, limit)
    generator.zero_grad()
    (-critic(generator(noises[-1])).mean()).backward()
    _step(generator, lr)
    return found


def largest_slope(widths: list[int], limit: float) -> float:
    slope = 1.0
    for k in range(len(widths) - 1):
        slope *= limit * (widths[k] * widths[k + 1]) ** 0.5
    return slope
