"""torch.autograd.grad asks for the gradients of one network only, so that nothing has to be frozen."""

import torch
from torch import Tensor, nn


def _descend(network: nn.Module, loss: Tensor, lr: float) -> float:
    parameters = list(network.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
        parameter.data.sub_(lr * gradient)
    return float(loss)


def _log_sigmoid(scores: Tensor) -> Tensor:
    return torch.nn.functional.logsigmoid(scores)


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, real: Tensor, noise: Tensor, *, lr: float
) -> float:
    """See the stub."""
    with torch.no_grad():
        fake = generator(noise)
    loss = -_log_sigmoid(discriminator(real)).mean() - _log_sigmoid(-discriminator(fake)).mean()
    return _descend(discriminator, loss, lr)


def generator_step(generator: nn.Module, discriminator: nn.Module, noise: Tensor, *, lr: float) -> float:
    """See the stub."""
    return _descend(generator, -_log_sigmoid(discriminator(generator(noise))).mean(), lr)


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
    losses = []
    for noise in noises[:-1]:
        losses.append(discriminator_step(generator, discriminator, real, noise, lr=lr_d))
    return losses, generator_step(generator, discriminator, noises[-1], lr=lr_g)
