"""The widest block by a formula, layers by recursion, the classifier in a loop, the first weights by apply."""

import math

import torch
from torch import Tensor, nn

Config = list[int | str]


def stack_instead(kernel: int, channels: int) -> tuple[int, int, int]:
    """See the stub."""
    one = nn.Conv2d(channels, channels, kernel, device="meta").weight.numel()
    if kernel == 3:
        return 1, one, one
    count, stack, _ = stack_instead(kernel - 2, channels)
    return count + 1, stack // count * (count + 1), one


def widest_block(c_in: int, height: int, width: int, convolutions: int, budget: int) -> int:
    """See the stub."""
    square, linear = 9 * height * width * (convolutions - 1), 9 * height * width * c_in
    if square == 0:
        return budget // linear
    return (math.isqrt(linear**2 + 4 * square * budget) - linear) // (2 * square)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError(f"{text!r} is no number of channels, and no count")
    return int(text)


def parse_config(text: str) -> Config:
    """See the stub."""
    words = text.split()
    if not words:
        return []
    first, rest = words[0], parse_config(" ".join(words[1:]))
    if first == "M":
        return ["M", *rest]
    if "*" in first:
        channels, count = first.split("*", maxsplit=1)
        return [_number(channels)] * _number(count) + rest
    return [_number(first), *rest]


def depth(config: Config) -> int:
    """See the stub."""
    return len(config) - config.count("M") + 3


def _layers(config: Config, c_in: int, batch_norm: bool) -> list[nn.Module]:
    if not config:
        return []
    first, rest = config[0], config[1:]
    if first == "M":
        return [nn.MaxPool2d(kernel_size=2, stride=2), *_layers(rest, c_in, batch_norm)]
    assert isinstance(first, int)
    norm = [nn.BatchNorm2d(first)] if batch_norm else []
    return [nn.Conv2d(c_in, first, (3, 3), padding="same"), *norm, nn.ReLU(), *_layers(rest, first, batch_norm)]


def make_features(config: Config, c_in: int, *, batch_norm: bool = False) -> nn.Sequential:
    """See the stub."""
    return nn.Sequential(*_layers(config, c_in, batch_norm))


@torch.no_grad()
def _draw(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        module.weight.normal_(0, (2 / (9 * module.out_channels)) ** 0.5)
    if isinstance(module, nn.Linear):
        module.weight.normal_(0, 0.01)
    if isinstance(module, nn.Conv2d | nn.Linear):
        module.bias.zero_()


class VGG(nn.Module):
    """See the stub."""

    def __init__(
        self,
        config: Config,
        *,
        c_in: int = 3,
        pool: tuple[int, int] = (7, 7),
        hidden: int = 4096,
        classes: int = 1000,
        dropout: float = 0.5,
        batch_norm: bool = False,
    ) -> None:
        """See the stub."""
        super().__init__()
        self.features = make_features(config, c_in, batch_norm=batch_norm)
        self.pool = nn.AdaptiveAvgPool2d(pool)
        numbers = [c_in] + [entry for entry in config if isinstance(entry, int)]
        self.classifier = nn.Sequential()
        inside = numbers[-1] * pool[0] * pool[1]
        for outside in (hidden, hidden):
            self.classifier.extend([nn.Linear(inside, outside), nn.ReLU(), nn.Dropout(p=dropout)])
            inside = outside
        self.classifier.append(nn.Linear(inside, classes))
        self.apply(_draw)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        features = self.pool(self.features(x))
        return self.classifier(features.reshape(len(x), -1))
