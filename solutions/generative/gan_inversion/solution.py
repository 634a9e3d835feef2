"""A context that borrows the networks, autograd.grad for the noise alone, and a minimum over the starts."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@contextmanager
def _borrowed(*networks: nn.Module) -> Iterator[None]:
    """In evaluation mode and frozen; afterwards everything is as it was."""
    modes = [(module, module.training) for network in networks for module in network.modules()]
    flags = [(parameter, parameter.requires_grad) for network in networks for parameter in network.parameters()]
    for network in networks:
        network.eval()
        network.requires_grad_(False)
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        for parameter, flag in flags:
            parameter.requires_grad_(flag)


def anogan_loss(x: Tensor, made: Tensor, features_x: Tensor, features_made: Tensor, share: float) -> Tensor:
    """See the stub."""
    residual = (x - made).abs().flatten(1).sum(dim=1)
    seen = (features_x - features_made).abs().flatten(1).sum(dim=1)
    return (1 - share) * residual + share * seen


def invert(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    z: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    with _borrowed(generator, features):
        wanted = features(x).detach()

        def loss_at(noise: Tensor) -> Tensor:
            made = generator(noise)
            return anogan_loss(x, made, wanted, features(made), share)

        z = z.detach().clone()
        for _ in range(steps):
            z.requires_grad_()
            (slope,) = torch.autograd.grad(loss_at(z).sum(), [z])
            z = (z.detach() - lr * slope).clamp(-bound, bound)
        return z.detach(), loss_at(z).detach()


def best_of(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    starts: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    options = {"steps": steps, "lr": lr, "share": share, "bound": bound}
    found = [invert(generator, features, x, start.expand(len(x), -1), **options) for start in starts]
    noises, losses = torch.stack([z for z, _ in found]), torch.stack([loss for _, loss in found])
    best = losses.argmin(dim=0)
    rows = torch.arange(len(x))
    return noises[best, rows], losses[best, rows]


def encoder_loss(encoder: nn.Module, generator: nn.Module, features: nn.Module, x: Tensor, weight: float) -> Tensor:
    """See the stub."""
    z = encoder(x)
    with _borrowed(generator, features):
        made = generator(z)
        return F.mse_loss(made, x) + weight * F.mse_loss(features(made), features(x))
