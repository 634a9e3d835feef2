"""All five repaired, each by a line or two, and the instrument."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, optimizer: Any, real: Tensor, noise: Tensor
) -> float:
    """See the stub."""
    optimizer.zero_grad()
    fake = generator(noise).detach()
    loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def generator_step(generator: nn.Module, discriminator: nn.Module, optimizer: Any, noise: Tensor) -> float:
    """See the stub."""
    optimizer.zero_grad()
    scores = discriminator(generator(noise))
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones_like(scores))
    parameters = list(generator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    return loss.item()


def prepare(images: Tensor) -> Tensor:
    """See the stub."""
    return 2 * images.float() / 255 - 1


def judge_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """See the stub."""
    loss = F.binary_cross_entropy_with_logits(real_scores, torch.ones_like(real_scores))
    return loss + F.binary_cross_entropy_with_logits(fake_scores, torch.zeros_like(fake_scores))


def best_generator(
    generator: nn.Module, rounds: list[Callable[[], None]], score: Callable[[nn.Module], float]
) -> dict[str, Tensor]:
    """See the stub."""
    lowest, state = float("inf"), {}
    for train_round in rounds:
        train_round()
        now = score(generator)
        if now < lowest:
            lowest, state = now, {name: value.clone() for name, value in generator.state_dict().items()}
    return state


def diagnose(real_scores: Tensor, fake_scores: Tensor, real: Tensor, made: Tensor) -> str:
    """See the stub."""
    if not all(tensor.isfinite().all() for tensor in (real_scores, fake_scores, real, made)):
        return "broken"
    real_share, fake_share = torch.sigmoid(real_scores).mean(), torch.sigmoid(fake_scores).mean()
    if real_share > 0.9 and fake_share < 0.1:
        return "discriminator won"
    real_spread, made_spread = (images.var(dim=0, correction=0).mean() for images in (real, made))
    if made_spread < real_spread / 4:
        return "collapsed"
    apart = (made.mean(dim=0) - real.mean(dim=0)).square().mean()
    if (real_share - fake_share).abs() < 0.1 and apart > real_spread / 2:
        return "blind"
    return "balanced"
