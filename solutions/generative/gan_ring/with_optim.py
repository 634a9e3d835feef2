"""The same game with torch's optimisers, noise in the plane, and a rate that falls once."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(2, 64), nn.Linear(64, 64), nn.Linear(64, 2)

    def forward(self, noise: Tensor) -> Tensor:
        return self.last(torch.relu(self.second(torch.relu(self.first(noise)))))


def r1_penalty(discriminator: nn.Module, real: Tensor, weight: float) -> Tensor:
    """See the stub."""
    points = real.clone().requires_grad_(True)
    total = discriminator(points).sum()
    slope = torch.autograd.grad(total, [points], create_graph=True)[0]
    return weight * slope.pow(2).sum() / (2 * len(points))


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """See the stub."""
    current = dict(generator.named_parameters())
    for name, parameter in average.named_parameters():
        parameter.data.lerp_(current[name].data, 1 - decay)


def train(x: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """See the stub."""
    torch.manual_seed(seed)
    generator, average = _Generator(), _Generator()
    average.load_state_dict(generator.state_dict())
    discriminator = nn.Sequential(
        nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1)
    )
    optim_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.0, 0.99))
    optim_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.0, 0.99))
    losses = []
    for step in range(1500):
        if step == 1100:
            for group in optim_g.param_groups + optim_d.param_groups:
                group["lr"] = 5e-4
        real = x[torch.randint(len(x), (128,))]
        fake = generator(torch.randn(128, 2))
        loss_d = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake.detach())).mean()
        optim_d.zero_grad()
        (loss_d + r1_penalty(discriminator, real, 0.1)).backward()
        optim_d.step()
        loss_g = F.softplus(-discriminator(generator(torch.randn(128, 2)))).mean()
        optim_g.zero_grad()
        loss_g.backward()
        optim_g.step()
        update_average(average, generator, 0.99)
        if step % 10 == 0:
            losses.append((loss_d.item(), loss_g.item()))
    return average, losses


@torch.no_grad()
def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """See the stub."""
    return generator(torch.randn(n, 2, generator=torch.Generator().manual_seed(seed)))
