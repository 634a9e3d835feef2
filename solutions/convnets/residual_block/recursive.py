"""Modules in another order, kernels drawn by hand, and the deep network by recursion."""

import torch
from torch import Tensor, nn


def _conv(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Conv2d:
    conv = nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False)
    conv.weight.data = torch.randn(conv.weight.shape) * (2 / (c_out * kernel * kernel)) ** 0.5
    return conv


class ResidualBlock(nn.Module):
    """See the stub."""

    def __init__(self, c_in: int, c_out: int, *, stride: int = 1, zero_init: bool = False) -> None:
        """See the stub."""
        super().__init__()
        plain = (c_in, stride) == (c_out, 1)
        self.shortcut = nn.Identity() if plain else nn.Sequential(_conv(c_in, c_out, 1, stride), nn.BatchNorm2d(c_out))
        self.conv1, self.bn1 = _conv(c_in, c_out, 3, stride), nn.BatchNorm2d(c_out)
        self.conv2, self.bn2 = _conv(c_out, c_out, 3, 1), nn.BatchNorm2d(c_out)
        self.relu = nn.ReLU()
        if zero_init:
            self.bn2.weight.data.fill_(0)

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        out = self.conv2(self.relu(self.bn1(self.conv1(x))))
        return self.relu(self.shortcut(x) + self.bn2(out))


def make_stage(c_in: int, c_out: int, blocks: int, *, stride: int) -> nn.Sequential:
    """See the stub."""
    stage = nn.Sequential()
    for number in range(blocks):
        stage.append(ResidualBlock(c_out if number else c_in, c_out, stride=1 if number else stride))
    return stage


def deep(x: Tensor, weights: list[Tensor], *, skip: bool) -> Tensor:
    """See the stub."""
    if not weights:
        return x
    return deep(int(skip) * x + torch.tanh(torch.einsum("ni,oi->no", x, weights[0])), weights[1:], skip=skip)


def deep_backward(grad_output: Tensor, x: Tensor, weights: list[Tensor], *, skip: bool) -> Tensor:
    """See the stub."""
    if not weights:
        return grad_output.clone()
    out = torch.tanh(x @ weights[0].T)
    after = deep_backward(grad_output, int(skip) * x + out, weights[1:], skip=skip)
    return int(skip) * after + torch.einsum("no,no,oi->ni", after, 1 - out * out, weights[0])
