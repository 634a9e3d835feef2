"""Networks that only judge are frozen while the graph is recorded, and thawed right behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    flags = [(parameter, parameter.requires_grad) for parameter in network.parameters()]
    network.requires_grad_(False)
    yield
    for parameter, flag in flags:
        parameter.requires_grad_(flag)


@contextmanager
def _evaluating(network: nn.Module) -> Iterator[None]:
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    yield
    for module, mode in modes:
        module.training = mode


def _fooled(judge: nn.Module, images: Tensor) -> Tensor:
    with _frozen(judge):
        scores = judge(images)
    return F.softplus(-scores).mean()


def guess_errors(candidates: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    column = weights.view(-1, 1, 1, 1)
    guess = (column * candidates).sum(dim=0)
    blurred = (weights * (candidates - guess).square().flatten(1).mean(dim=1)).sum()
    return guess, blurred, 2 * blurred


def content_loss(features: nn.Module, made: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    with _frozen(features), _evaluating(features):
        wanted = features(target).detach()
        found = features(made)
    return (found - wanted).square().mean()


def generator_loss(
    generator: nn.Module,
    judge: nn.Module,
    features: nn.Module,
    low: Tensor,
    high: Tensor,
    *,
    pixel: float = 1e-2,
    content: float = 1.0,
    adversarial: float = 5e-3,
) -> dict[str, Tensor]:
    """See the stub."""
    made = generator(low)
    losses = {
        "pixel": (made - high).abs().mean(),
        "content": content_loss(features, made, high),
        "adversarial": _fooled(judge, made),
    }
    total = pixel * losses["pixel"] + content * losses["content"] + adversarial * losses["adversarial"]
    return {**losses, "total": total}


def relativistic_losses(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    above, below = real - fake.mean(), fake - real.mean()
    discriminator = F.softplus(-above).mean() + F.softplus(below).mean()
    generator = F.softplus(above).mean() + F.softplus(-below).mean()
    return discriminator, generator


def inpainting_generator_loss(
    output: Tensor, image: Tensor, mask: Tensor, judge: nn.Module, *, adversarial: float = 1e-3
) -> dict[str, Tensor]:
    """See the stub."""
    hole = (mask == 0).expand_as(output)
    composite = torch.where(hole, output, image)
    pixel = (composite - image).abs().sum() / hole.sum().clamp(min=1)
    fooled = _fooled(judge, composite)
    return {"pixel": pixel, "adversarial": fooled, "total": pixel + adversarial * fooled}
