"""Lists of modules in a Sequential."""

import itertools

import torch
from torch import Tensor, nn


class Generator(nn.Module):
    """See the stub."""

    def __init__(self, latent: int, widths: list[int], channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for number, (before, after) in enumerate(itertools.pairwise([latent, *widths])):
            stride, padding = (2, 1) if number else (1, 0)
            layers.append(nn.ConvTranspose2d(before, after, 4, stride, padding, bias=False))
            layers.append(nn.BatchNorm2d(after))
            layers.append(nn.ReLU())
        layers.append(nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1))
        layers.append(nn.Tanh())
        self.layers = nn.Sequential(*layers)

    def forward(self, noise: Tensor) -> Tensor:
        """See the stub."""
        return self.layers(noise[:, :, None, None])


class Discriminator(nn.Module):
    """See the stub."""

    def __init__(self, channels: int, widths: list[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 4, 2, 1), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers.append(nn.Conv2d(before, after, 4, 2, 1, bias=False))
            layers.append(nn.BatchNorm2d(after))
            layers.append(nn.LeakyReLU(0.2))
        layers.append(nn.Conv2d(widths[-1], 1, 4))
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """See the stub."""
        return self.layers(images).flatten(1)


def init_weights(network: nn.Module) -> None:
    """See the stub."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def sample(generator: nn.Module, noise: Tensor) -> Tensor:
    """See the stub."""
    modes = [(module, module.training) for module in generator.modules()]
    generator.eval()
    with torch.no_grad():
        images = generator(noise)
    for module, mode in modes:
        module.training = mode
    return images


def parameter_counts(latent: int, widths: list[int], channels: int) -> tuple[int, int]:
    """See the stub."""
    inner = sum(16 * one * other for one, other in itertools.pairwise(widths))
    outer = 16 * widths[-1] * channels
    generator = 16 * latent * widths[0] + inner + outer + 2 * sum(widths) + channels
    discriminator = outer + widths[-1] + inner + 2 * sum(widths[:-1]) + 16 * widths[0] + 1
    return generator, discriminator
