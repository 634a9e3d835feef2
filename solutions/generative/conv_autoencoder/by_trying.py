"""Sizes found by running layers on empty images, and the output padding by trying."""

from itertools import pairwise

import torch
from torch import Tensor, nn


def _after(size: int, kernel: int, stride: int, padding: int) -> int:
    return len(range(-padding, size + padding - kernel + 1, stride))


def output_padding(size: int, kernel: int, stride: int, padding: int) -> int:
    """See the stub."""
    least = (_after(size, kernel, stride, padding) - 1) * stride - 2 * padding + kernel
    return next(extra for extra in range(stride) if least + extra == size)


class ConvAutoencoder(nn.Module):
    """See the stub."""

    encoder: nn.Sequential
    decoder: nn.Sequential

    def __init__(
        self, channels: list[int], size: tuple[int, int], kernel: int = 3, stride: int = 2, padding: int = 1
    ) -> None:
        """See the stub."""
        super().__init__()
        self.encoder, self.decoder = nn.Sequential(), nn.Sequential()
        before = []
        for few, many in pairwise(channels):
            before.append(size)
            self.encoder.append(nn.Conv2d(few, many, kernel, stride, padding))
            self.encoder.append(nn.ReLU())
            size = (_after(size[0], kernel, stride, padding), _after(size[1], kernel, stride, padding))
        backwards = channels[::-1]
        for many, few in pairwise(backwards):
            height, width = before.pop()
            extra = output_padding(height, kernel, stride, padding), output_padding(width, kernel, stride, padding)
            self.decoder.append(nn.ConvTranspose2d(many, few, kernel, stride, padding, output_padding=extra))
            if before:
                self.decoder.append(nn.ReLU())

    def encode(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.encoder(x)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.decoder(self.encode(x))


def layer_shapes(
    channels: list[int], size: tuple[int, int], kernel: int, stride: int, padding: int
) -> list[tuple[int, int, int]]:
    """See the stub."""
    model, x, shapes = ConvAutoencoder(channels, size, kernel, stride, padding), torch.zeros(1, channels[0], *size), []
    for layer in [*model.encoder, *model.decoder]:
        x = layer(x)
        if not isinstance(layer, nn.ReLU):
            shapes.append(tuple(x.shape[1:]))
    return shapes


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    logits = model(x)
    each = logits.clamp(min=0) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    return each.flatten(1).sum(1).mean()
