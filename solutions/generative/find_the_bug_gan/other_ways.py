"""Repaired in other ways; the diagnosis as a table of rules."""

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, optimizer: Any, real: Tensor, noise: Tensor
) -> float:
    """See the stub."""
    with torch.no_grad():
        fake = generator(noise)
    optimizer.zero_grad()
    terms = [F.softplus(-discriminator(real)), F.softplus(discriminator(fake))]
    loss = torch.stack([term.mean() for term in terms]).sum()
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def generator_step(generator: nn.Module, discriminator: nn.Module, optimizer: Any, noise: Tensor) -> float:
    """See the stub."""
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    optimizer.zero_grad()
    loss = -F.logsigmoid(discriminator(generator(noise))).mean()
    loss.backward()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    optimizer.step()
    return loss.item()


def prepare(images: Tensor) -> Tensor:
    """See the stub."""
    return images.to(torch.float32).div(127.5).sub(1)


def judge_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """See the stub."""
    return F.softplus(-real_scores).mean() + F.softplus(fake_scores).mean()


def best_generator(
    generator: nn.Module, rounds: list[Callable[[], None]], score: Callable[[nn.Module], float]
) -> dict[str, Tensor]:
    """See the stub."""
    kept = []
    for train_round in rounds:
        train_round()
        kept.append((score(generator), copy.deepcopy(generator.state_dict())))
    return min(kept, key=lambda pair: pair[0])[1]


def diagnose(real_scores: Tensor, fake_scores: Tensor, real: Tensor, made: Tensor) -> str:
    """See the stub."""
    parts = [part.flatten().tolist() for part in (real_scores, fake_scores, real, made)]
    if not all(math.isfinite(value) for part in parts for value in part):
        return "broken"
    shares = [sum(1 / (1 + math.exp(-score)) for score in part) / len(part) for part in parts[:2]]
    mean_real, mean_made = real.mean(0), made.mean(0)
    spread = ((real - mean_real) ** 2).mean()
    rules = {
        "discriminator won": shares[0] > 0.9 and shares[1] < 0.1,
        "collapsed": bool(((made - mean_made) ** 2).mean() < 0.25 * spread),
        "blind": abs(shares[0] - shares[1]) < 0.1 and bool(((mean_real - mean_made) ** 2).mean() > 0.5 * spread),
        "balanced": True,
    }
    return next(word for word, holds in rules.items() if holds)
