"""Three convolutions; the new head first, on features that are computed once, then everything at a small rate."""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _Net(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for c_in, c_out in ((1, 12), (12, 24), (24, 32)):
            layers += [nn.Conv2d(c_in, c_out, 3, padding=1), nn.BatchNorm2d(c_out), nn.ReLU(), nn.MaxPool2d(2)]
        layers[-1:] = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.body, self.head = nn.Sequential(*layers), nn.Linear(32, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x))


def make_net(classes: int, *, seed: int) -> nn.Module:
    """See the stub."""
    torch.manual_seed(seed)
    return _Net(classes)


def accuracy(net: nn.Module, images: Tensor, labels: Tensor) -> float:
    """See the stub."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    with torch.no_grad():
        right = net(images).argmax(dim=1) == labels
    for module, mode in modes:
        module.training = mode
    return right.float().mean().item()


def _fit(net: nn.Module, x: Tensor, y: Tensor, steps: int, lr: float) -> None:
    """Adam, with a rate that rises and falls."""
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    for _ in range(steps):
        batch = torch.randint(len(x), (min(32, len(x)),))
        loss = F.cross_entropy(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def pretrain(images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """See the stub."""
    net = make_net(classes, seed=seed)
    _fit(net, images, labels, 300, 1e-2)
    return net


def transfer(net: nn.Module, images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """See the stub."""
    torch.manual_seed(seed)
    new = copy.deepcopy(net)
    new.head = nn.Linear(net.head.in_features, classes)
    new.eval()
    with torch.no_grad():
        features = new.body(images)
    _fit(new.head, features, labels, 200, 3e-2)
    _fit(new, images, labels, 80, 1e-3)
    return new


def from_scratch(images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """See the stub."""
    net = make_net(classes, seed=seed)
    _fit(net, images, labels, 150, 1e-2)
    return net
