"""LeNet-5 with nn.Module, nn.Parameter and a buffer."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def squash(a: Tensor) -> Tensor:
    """See the stub."""
    return 1.7159 * torch.tanh(2 * a / 3)


class Subsampling(nn.Module):
    """See the stub."""

    def __init__(self, channels: int) -> None:
        """See the stub."""
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        mean = F.avg_pool2d(x, 2)
        return squash(self.weight[:, None, None] * mean + self.bias[:, None, None])


def c3_table() -> Tensor:
    """See the stub."""
    table = torch.zeros(16, 6, dtype=torch.bool)
    for k in range(6):
        for offset in (0, 1, 2):
            table[k, (k + offset) % 6] = True
        for offset in (0, 1, 2, 3):
            table[6 + k, (k + offset) % 6] = True
    for k in range(3):
        for offset in (0, 1, 3, 4):
            table[12 + k, (k + offset) % 6] = True
    table[15] = True
    return table


class TableConv2d(nn.Module):
    """See the stub."""

    table: Tensor

    def __init__(self, table: Tensor, kernel: int) -> None:
        """See the stub."""
        super().__init__()
        c_out, c_in = table.shape
        self.register_buffer("table", table)
        self.weight = nn.Parameter(0.1 * torch.randn(c_out, c_in, kernel, kernel) * table[:, :, None, None])
        self.bias = nn.Parameter(torch.zeros(c_out))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return F.conv2d(x, self.weight * self.table[:, :, None, None], self.bias)


class LeNet5(nn.Module):
    """See the stub."""

    def __init__(self) -> None:
        """See the stub."""
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsampling(6)
        self.c3 = TableConv2d(c3_table(), 5)
        self.s4 = Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def stages(self, x: Tensor) -> list[Tensor]:
        """See the stub."""
        c1 = squash(self.c1(x))
        s2 = self.s2(c1)
        c3 = squash(self.c3(s2))
        s4 = self.s4(c3)
        c5 = squash(self.c5(s4))
        f6 = squash(self.f6(c5.flatten(1)))
        return [c1, s2, c3, s4, c5, f6, self.output(f6)]

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.stages(x)[-1]


def parameters_by_layer(model: nn.Module) -> dict[str, int]:
    """See the stub."""
    counts = {}
    for name, child in model.named_children():
        counts[name] = sum(parameter.numel() for parameter in child.parameters())
        for module in child.modules():
            if isinstance(module, TableConv2d):
                counts[name] -= int((~module.table).sum()) * module.weight[0, 0].numel()
    return counts
