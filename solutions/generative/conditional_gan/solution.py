import torch
import torch.nn as nn
from torch import Tensor
from torch.nn import functional as F


class Generator(nn.Module):
    def __init__(self, noise: int, classes: int, size: int, hidden: int, channels: int, side: int) -> None:
        super().__init__()
        self.shape = (channels, side, side)
        self.embedding = nn.Embedding(classes, size)
        self.net = nn.Sequential(
            nn.Linear(noise + size, hidden), nn.ReLU(), nn.Linear(hidden, channels * side * side), nn.Tanh()
        )

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        return self.net(torch.cat([z, self.embedding(labels)], dim=1)).reshape(-1, *self.shape)


class Discriminator(nn.Module):
    def __init__(self, classes: int, channels: int, side: int, hidden: int) -> None:
        super().__init__()
        self.side = side
        self.embedding = nn.Embedding(classes, side * side)
        self.net = nn.Sequential(
            nn.Conv2d(channels + 1, hidden, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(hidden * side * side, 1),
        )

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        plane = self.embedding(labels).reshape(-1, 1, self.side, self.side)
        return self.net(torch.cat([images, plane], dim=1))


def discriminator_loss(
    discriminator: nn.Module, real: Tensor, labels: Tensor, fake: Tensor, fake_labels: Tensor, wrong: Tensor
) -> Tensor:
    right = F.softplus(-discriminator(real, labels)).mean()
    made = F.softplus(discriminator(fake.detach(), fake_labels)).mean()
    mismatched = F.softplus(discriminator(real, wrong)).mean()
    return right + 0.5 * made + 0.5 * mismatched


def wrong_labels(labels: Tensor, offsets: Tensor, classes: int) -> Tensor:
    return (labels + 1 + offsets) % classes


def fine_tune(generator: nn.Module, new_classes: int) -> tuple[Tensor, list[str]]:
    old = generator.embedding.weight.detach()
    fresh = old.mean(dim=0).expand(new_classes, -1)
    generator.requires_grad_(False)
    generator.embedding = nn.Embedding.from_pretrained(torch.cat([old, fresh]), freeze=False)
    mask = torch.ones_like(generator.embedding.weight)
    mask[: len(old)] = 0
    return mask.detach(), [name for name, p in generator.named_parameters() if p.requires_grad]


def obedience(logits: Tensor, asked: Tensor, classes: int) -> tuple[float, Tensor]:
    right = (logits.argmax(dim=1) == asked).double()
    hits = torch.zeros(classes, dtype=torch.float64).index_add(0, asked, right)
    return right.mean().item(), hits / torch.bincount(asked, minlength=classes)


def pix2pix_losses(
    generator: nn.Module, discriminator: nn.Module, source: Tensor, target: Tensor, weight: float = 100.0
) -> tuple[Tensor, Tensor]:
    image = generator(source)
    on_target = F.softplus(-discriminator(torch.cat([source, target], dim=1))).mean()
    on_image = F.softplus(discriminator(torch.cat([source, image.detach()], dim=1))).mean()
    fooled = F.softplus(-discriminator(torch.cat([source, image], dim=1))).mean()
    return 0.5 * (on_target + on_image), fooled + weight * (image - target).abs().mean()
