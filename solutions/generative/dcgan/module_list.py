"""ModuleLists, functional activations, init by apply."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Generator(nn.Module):
    """See the stub."""

    def __init__(self, latent: int, widths: list[int], channels: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        for width in widths:
            if not len(self.blocks):
                convolution = nn.ConvTranspose2d(latent, width, kernel_size=4, bias=False)
            else:
                convolution = nn.ConvTranspose2d(latent, width, kernel_size=4, stride=2, padding=1, bias=False)
            self.blocks.append(nn.ModuleList([convolution, nn.BatchNorm2d(width)]))
            latent = width
        self.last = nn.ConvTranspose2d(latent, channels, kernel_size=4, stride=2, padding=1)

    def forward(self, noise: Tensor) -> Tensor:
        """See the stub."""
        x = noise.reshape(*noise.shape, 1, 1)
        for convolution, norm in self.blocks:
            x = F.relu(norm(convolution(x)))
        return torch.tanh(self.last(x))


class Discriminator(nn.Module):
    """See the stub."""

    def __init__(self, channels: int, widths: list[int]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        for number, width in enumerate(widths):
            convolution = nn.Conv2d(channels, width, kernel_size=4, stride=2, padding=1, bias=number == 0)
            norm = nn.BatchNorm2d(width) if number else nn.Identity()
            self.blocks.append(nn.ModuleList([convolution, norm]))
            channels = width
        self.last = nn.Conv2d(channels, 1, kernel_size=4)

    def forward(self, images: Tensor) -> Tensor:
        """See the stub."""
        for convolution, norm in self.blocks:
            images = F.leaky_relu(norm(convolution(images)), 0.2)
        return self.last(images).view(-1, 1)


def _init(module: nn.Module) -> None:
    kind = type(module).__name__
    if "Conv" in kind or kind == "BatchNorm2d":
        module.weight.data.normal_(float("BatchNorm" in kind), 0.02)
        if module.bias is not None:
            module.bias.data.fill_(0)


def init_weights(network: nn.Module) -> None:
    """See the stub."""
    network.apply(_init)


@torch.no_grad()
def sample(generator: nn.Module, noise: Tensor) -> Tensor:
    """See the stub."""
    training = [module for module in generator.modules() if module.training]
    generator.eval()
    images = generator(noise)
    for module in training:
        module.training = True
    return images


def _convolution(inputs: int, outputs: int, bias: bool) -> int:
    return inputs * outputs * 4 * 4 + (outputs if bias else 2 * outputs)  # a bias, or a batch norm's two


def parameter_counts(latent: int, widths: list[int], channels: int) -> tuple[int, int]:
    """See the stub."""
    generator, inputs = 0, latent
    for width in widths:
        generator += _convolution(inputs, width, bias=False)
        inputs = width
    generator += _convolution(inputs, channels, bias=True)
    discriminator, inputs = 0, channels
    for width in reversed(widths):
        discriminator += _convolution(inputs, width, bias=discriminator == 0)
        inputs = width
    return generator, discriminator + _convolution(inputs, 1, bias=True)
