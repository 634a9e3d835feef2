"""Non-saturating loss, R1 on the real samples, Adam without momentum, and the average of the generators."""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LATENT = 4


class _Adam:
    def __init__(self, network: nn.Module, beta2: float = 0.99) -> None:
        self.parameters = list(network.parameters())
        self._squares = [torch.zeros_like(parameter) for parameter in self.parameters]
        self._beta2, self._steps = beta2, 0

    def step(self, loss: Tensor, lr: float) -> float:
        gradients = torch.autograd.grad(loss, self.parameters)
        self._steps += 1
        correction = 1 - self._beta2**self._steps
        with torch.no_grad():
            for parameter, square, gradient in zip(self.parameters, self._squares, gradients, strict=True):
                square.mul_(self._beta2).addcmul_(gradient, gradient, value=1 - self._beta2)
                parameter.addcdiv_(gradient, (square / correction).sqrt() + 1e-8, value=-lr)
        return loss.item()


def _mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, outputs),
    )


def r1_penalty(discriminator: nn.Module, real: Tensor, weight: float) -> Tensor:
    """See the stub."""
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return weight / 2 * slope.square().sum(dim=1).mean()


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """See the stub."""
    with torch.no_grad():
        for mean, parameter in zip(average.parameters(), generator.parameters(), strict=True):
            mean.mul_(decay).add_(parameter, alpha=1 - decay)


def train(x: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """See the stub."""
    torch.manual_seed(seed)
    generator, discriminator = _mlp(LATENT, 64, 2), _mlp(2, 64, 1)
    average = copy.deepcopy(generator)
    adam_g, adam_d = _Adam(generator), _Adam(discriminator)
    losses, steps, batch = [], 1500, 128
    for step in range(steps):
        lr = 2e-3 * min(1.0, 2 * (1 - step / steps))
        real = x[torch.randint(len(x), (batch,))]
        fake = generator(torch.randn(batch, LATENT)).detach()
        loss_d = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
        now_d = adam_d.step(loss_d + r1_penalty(discriminator, real, 0.1), lr)
        now_g = adam_g.step(F.softplus(-discriminator(generator(torch.randn(batch, LATENT)))).mean(), lr)
        losses.append((now_d, now_g))
        update_average(average, generator, 0.995)
    return average, losses


def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """See the stub."""
    noise = torch.randn(n, LATENT, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return generator(noise)
