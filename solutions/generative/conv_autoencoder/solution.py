"""The sizes before each convolution, kept in a list that the decoder walks through backwards."""

import torch.nn.functional as F
from torch import Tensor, nn


def output_padding(size: int, kernel: int, stride: int, padding: int) -> int:
    """See the stub."""
    return (size + 2 * padding - kernel) % stride


def _sizes(size: tuple[int, int], layers: int, kernel: int, stride: int, padding: int) -> list[tuple[int, ...]]:
    """The size of the image, and after each convolution."""
    sizes = [tuple(size)]
    for _ in range(layers):
        sizes.append(tuple((side + 2 * padding - kernel) // stride + 1 for side in sizes[-1]))
    return sizes


def layer_shapes(
    channels: list[int], size: tuple[int, int], kernel: int, stride: int, padding: int
) -> list[tuple[int, int, int]]:
    """See the stub."""
    sizes = _sizes(size, len(channels) - 1, kernel, stride, padding)
    shapes = [(channel, *sides) for channel, sides in zip(channels, sizes, strict=True)]
    return shapes[1:] + shapes[-2::-1]


class ConvAutoencoder(nn.Module):
    """See the stub."""

    encoder: nn.Sequential
    decoder: nn.Sequential

    def __init__(
        self, channels: list[int], size: tuple[int, int], kernel: int = 3, stride: int = 2, padding: int = 1
    ) -> None:
        """See the stub."""
        super().__init__()
        sizes = _sizes(size, len(channels) - 1, kernel, stride, padding)
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        for number in range(len(channels) - 1):
            few, many = channels[number], channels[number + 1]
            extra = tuple(output_padding(side, kernel, stride, padding) for side in sizes[number])
            down += [nn.Conv2d(few, many, kernel, stride, padding), nn.ReLU()]
            up = [nn.ConvTranspose2d(many, few, kernel, stride, padding, extra), nn.ReLU(), *up]
        self.encoder, self.decoder = nn.Sequential(*down), nn.Sequential(*up[:-1])

    def encode(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.encoder(x)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.decoder(self.encoder(x))


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    return F.binary_cross_entropy_with_logits(model(x), x, reduction="sum") / len(x)
