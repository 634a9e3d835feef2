"""One-hot rows times the embedding's weight, planes by view, losses by the cross-entropy with logits."""

import torch
import torch.nn as nn
from torch import Tensor
from torch.nn import functional as F


class Generator(nn.Module):
    def __init__(self, noise: int, classes: int, size: int, hidden: int, channels: int, side: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(classes, size)
        layers = [nn.Linear(noise + size, hidden), nn.ReLU(), nn.Linear(hidden, channels * side**2), nn.Tanh()]
        self.net = nn.Sequential(*layers)
        self.channels, self.side = channels, side

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        rows = F.one_hot(labels, self.embedding.num_embeddings).to(z.dtype) @ self.embedding.weight
        return self.net(torch.hstack([z, rows])).view(len(z), self.channels, self.side, self.side)


class Discriminator(nn.Module):
    def __init__(self, classes: int, channels: int, side: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(classes, side * side)
        self.net = nn.Sequential()
        self.net.append(nn.Conv2d(channels + 1, hidden, kernel_size=3, padding=1))
        self.net.append(nn.LeakyReLU(0.2))
        self.net.append(nn.Flatten())
        self.net.append(nn.Linear(hidden * side * side, 1))

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        plane = self.embedding(labels).view_as(images[:, :1])
        return self.net(torch.cat((images, plane), 1))


def _cross_entropy(scores: Tensor, target: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, target))


def discriminator_loss(
    discriminator: nn.Module, real: Tensor, labels: Tensor, fake: Tensor, fake_labels: Tensor, wrong: Tensor
) -> Tensor:
    made = _cross_entropy(discriminator(fake.detach(), fake_labels), 0.0)
    mismatched = _cross_entropy(discriminator(real, wrong), 0.0)
    return _cross_entropy(discriminator(real, labels), 1.0) + (made + mismatched) / 2


def wrong_labels(labels: Tensor, offsets: Tensor, classes: int) -> Tensor:
    shifted = labels + offsets + 1
    return torch.where(shifted >= classes, shifted - classes, shifted)


def fine_tune(generator: nn.Module, new_classes: int) -> tuple[Tensor, list[str]]:
    old = generator.embedding
    count, size = old.weight.shape
    new = nn.Embedding(count + new_classes, size).to(old.weight.dtype)
    with torch.no_grad():
        new.weight[:count] = old.weight
        new.weight[count:] = old.weight.mean(0)
    generator.embedding = new
    for name, parameter in generator.named_parameters():
        parameter.requires_grad = name == "embedding.weight"
    rows = torch.arange(count + new_classes) >= count
    return rows[:, None].expand(-1, size).to(new.weight.dtype), ["embedding.weight"]


def obedience(logits: Tensor, asked: Tensor, classes: int) -> tuple[float, Tensor]:
    right = logits.max(dim=1).indices.eq(asked)
    shares = [right[asked == c].double().mean() for c in range(classes)]
    return right.double().mean().item(), torch.stack(shares)


def pix2pix_losses(
    generator: nn.Module, discriminator: nn.Module, source: Tensor, target: Tensor, weight: float = 100.0
) -> tuple[Tensor, Tensor]:
    made = generator(source)
    both = torch.cat((torch.cat((source, target), 1), torch.cat((source, made.detach()), 1)))
    scores = discriminator(both)
    wanted = torch.ones_like(scores)
    wanted[len(source) :] = 0
    loss_d = F.binary_cross_entropy_with_logits(scores, wanted)  # a mean over twice as many: there is the half
    loss_g = _cross_entropy(discriminator(torch.cat((source, made), 1)), 1.0) + weight * F.l1_loss(made, target)
    return loss_d, loss_g
