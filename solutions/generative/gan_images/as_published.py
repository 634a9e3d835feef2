"""The networks and the recipe of the DCGAN paper: batch normalisation in both, no penalty, Adam with momentum ½."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _Generator(nn.Module):
    def __init__(self, latent: int, widths: list[int]) -> None:
        super().__init__()
        self.latent = latent
        self.first = nn.ConvTranspose2d(latent, widths[0], 4, 1, 0, bias=False)
        self.second = nn.ConvTranspose2d(widths[0], widths[1], 4, 2, 1, bias=False)
        self.last = nn.ConvTranspose2d(widths[1], 1, 4, 2, 1)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths)

    def forward(self, noise: Tensor) -> Tensor:
        hidden = torch.relu(self.norms[0](self.first(noise[:, :, None, None])))
        hidden = torch.relu(self.norms[1](self.second(hidden)))
        return torch.tanh(self.last(hidden))


class _Discriminator(nn.Module):
    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, widths[0], 4, 2, 1)
        self.second = nn.Conv2d(widths[0], widths[1], 4, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(widths[1])
        self.last = nn.Conv2d(widths[1], 1, 4)

    def forward(self, images: Tensor) -> Tensor:
        hidden = F.leaky_relu(self.first(images), 0.2)
        hidden = F.leaky_relu(self.norm(self.second(hidden)), 0.2)
        return self.last(hidden).flatten(1)


def _initialise(network: nn.Module) -> None:
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """See the stub."""
    mine, theirs = average.state_dict(), generator.state_dict()
    learned = {name for name, _ in generator.named_parameters()}
    mixed = {name: decay * mine[name] + (1 - decay) * theirs[name] for name in learned}
    average.load_state_dict({**theirs, **mixed})


def nearest_real(samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    rows = []
    for one in samples:
        rows.append((real - one).square().mean(dim=(1, 2, 3)))
    errors = torch.stack(rows)
    index = errors.argmin(dim=1)
    return errors.gather(1, index[:, None]).flatten().sqrt(), index


def sheet(images: Tensor, columns: int, padding: int, value: float) -> Tensor:
    """See the stub."""
    missing = -len(images) % columns
    blank = torch.full_like(images[:1], value).expand(missing, -1, -1, -1)
    framed = F.pad(torch.cat([images, blank]), (0, padding, 0, padding), value=value)
    rows = [torch.cat(list(row), dim=2) for row in framed.split(columns)]
    return F.pad(torch.cat(rows, dim=1), (padding, 0, padding, 0), value=value)


def train(images: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """See the stub."""
    torch.manual_seed(seed)
    generator, average, discriminator = _Generator(16, [32, 16]), _Generator(16, [32, 16]), _Discriminator([16, 32])
    _initialise(generator)
    _initialise(discriminator)
    average.load_state_dict(generator.state_dict())
    optim_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    optim_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    losses, epochs = [], 14
    for epoch in range(epochs):
        if epoch == epochs - 5:
            for group in optim_g.param_groups + optim_d.param_groups:
                group["lr"] /= 5
        for batch in torch.randperm(len(images)).split(32):
            real = images[batch]
            fake = generator(torch.randn(len(real), 16))
            loss_d = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake.detach())).mean()
            optim_d.zero_grad()
            loss_d.backward()
            optim_d.step()
            loss_g = F.softplus(-discriminator(fake)).mean()
            optim_g.zero_grad()
            loss_g.backward()
            optim_g.step()
            update_average(average, generator, 0.98)
        losses.append((loss_d.item(), loss_g.item()))
    return average, losses


def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """See the stub."""
    generator.eval()
    noise = torch.randn(n, generator.latent, generator=torch.Generator().manual_seed(seed))
    return generator(noise).detach()
