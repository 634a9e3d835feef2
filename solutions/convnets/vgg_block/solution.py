"""Counting upwards to the budget, and one loop over the configuration, with the channels so far."""

import re

from torch import Tensor, nn

Config = list[int | str]


def stack_instead(kernel: int, channels: int) -> tuple[int, int, int]:
    """See the stub."""
    count = (kernel - 1) // 2
    return count, count * 3 * 3 * channels**2, kernel**2 * channels**2


def widest_block(c_in: int, height: int, width: int, convolutions: int, budget: int) -> int:
    """See the stub."""
    channels = 1
    while True:
        weights = 9 * channels * (c_in + (convolutions - 1) * channels)
        if weights * height * width > budget:
            return channels - 1
        channels += 1


def parse_config(text: str) -> Config:
    """See the stub."""
    config: Config = []
    for word in text.split():
        if word == "M":
            config.append(word)
            continue
        match = re.fullmatch(r"([0-9]+)(?:\*([0-9]+))?", word)
        channels, count = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
        if channels < 1 or count < 1:
            raise ValueError(f"{word!r} is neither M, nor channels, nor channels*count")
        config += [channels] * count
    return config


def depth(config: Config) -> int:
    """See the stub."""
    return sum(entry != "M" for entry in config) + 3


def make_features(config: Config, c_in: int, *, batch_norm: bool = False) -> nn.Sequential:
    """See the stub."""
    layers: list[nn.Module] = []
    for entry in config:
        if isinstance(entry, str):
            layers.append(nn.MaxPool2d(2))
            continue
        layers.append(nn.Conv2d(c_in, entry, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(entry))
        layers.append(nn.ReLU())
        c_in = entry
    return nn.Sequential(*layers)


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
        channels = [entry for entry in config if isinstance(entry, int)][-1]
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool[0] * pool[1], hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.classifier(self.pool(self.features(x)).flatten(1))
