"""A DCGAN with R1 in place of the discriminator's batch normalisation, and the average of the generators."""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LATENT = 16


def _generator() -> nn.Sequential:
    return nn.Sequential(
        nn.Unflatten(1, (LATENT, 1, 1)),
        nn.ConvTranspose2d(LATENT, 32, 4, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.ConvTranspose2d(16, 1, 4, 2, 1),
        nn.Tanh(),
    )


def _discriminator() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 16, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(16, 32, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(32, 1, 4),
        nn.Flatten(),
    )


class _Adam:
    """Without a first moment."""

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


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """See the stub."""
    with torch.no_grad():
        for mean, parameter in zip(average.parameters(), generator.parameters(), strict=True):
            mean.mul_(decay).add_(parameter, alpha=1 - decay)
        for mine, theirs in zip(average.buffers(), generator.buffers(), strict=True):
            mine.copy_(theirs)


def nearest_real(samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    distance = torch.cdist(samples.flatten(1), real.flatten(1), compute_mode="donot_use_mm_for_euclid_dist")
    nearest, index = distance.min(dim=1)
    return nearest / samples[0].numel() ** 0.5, index


def sheet(images: Tensor, columns: int, padding: int, value: float) -> Tensor:
    """See the stub."""
    n, channels, height, width = images.shape
    rows = (n + columns - 1) // columns
    shape = channels, rows * (height + padding) + padding, columns * (width + padding) + padding
    out = images.new_full(shape, value)
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        top, left = padding + row * (height + padding), padding + column * (width + padding)
        out[:, top : top + height, left : left + width] = image
    return out


def train(images: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """See the stub."""
    torch.manual_seed(seed)
    generator, discriminator = _generator(), _discriminator()
    average = copy.deepcopy(generator)
    adam_g, adam_d = _Adam(generator), _Adam(discriminator)
    losses, steps, batch = [], 400, 32
    for step in range(steps):
        lr = 4e-3 * min(1.0, 2 * (1 - step / steps))
        real = images[torch.randint(len(images), (batch,))].requires_grad_()
        with torch.no_grad():
            fake = generator(torch.randn(batch, LATENT))
        scores = discriminator(real)
        (slope,) = torch.autograd.grad(scores.sum(), real, create_graph=True)
        penalty = 0.05 * slope.square().sum(dim=(1, 2, 3)).mean()
        loss_d = F.softplus(-scores).mean() + F.softplus(discriminator(fake)).mean()
        now_d = adam_d.step(loss_d + penalty, lr)
        now_g = adam_g.step(F.softplus(-discriminator(generator(torch.randn(batch, LATENT)))).mean(), lr)
        losses.append((now_d, now_g))
        update_average(average, generator, 0.98)
    return average, losses


def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """See the stub."""
    noise = torch.randn(n, LATENT, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return generator.eval()(noise)
