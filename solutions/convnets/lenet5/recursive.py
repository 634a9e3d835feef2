"""Sets for the table, a convolution for each output channel, and counting by recursion."""

import torch
from torch import Tensor, nn


def squash(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.tanh(a * (2 / 3)) * 1.7159


class Subsampling(nn.Module):
    """See the stub."""

    def __init__(self, channels: int) -> None:
        """See the stub."""
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.ones(channels)))
        self.register_parameter("bias", nn.Parameter(torch.zeros(channels)))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        four = x[..., ::2, ::2] + x[..., 1::2, ::2] + x[..., ::2, 1::2] + x[..., 1::2, 1::2]
        return squash(torch.einsum("nchw,c->nchw", four / 4, self.weight) + self.bias.reshape(1, -1, 1, 1))


def c3_table() -> Tensor:
    """See the stub."""
    seen = [{k, k + 1, k + 2} for k in range(6)] + [{k, k + 1, k + 2, k + 3} for k in range(6)]
    seen += [{k, k + 1, k + 3, k + 4} for k in range(3)] + [set(range(6))]
    return torch.tensor([[any(number % 6 == column for number in row) for column in range(6)] for row in seen])


class TableConv2d(nn.Module):
    """See the stub."""

    table: Tensor

    def __init__(self, table: Tensor, kernel: int) -> None:
        """See the stub."""
        super().__init__()
        inner = nn.Conv2d(table.shape[1], table.shape[0], kernel)
        self.weight, self.bias = inner.weight, inner.bias
        self.register_buffer("table", table.clone())
        self.weight.data[~table] = 0

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        maps = []
        for o, row in enumerate(self.table):
            if row.any():
                maps.append(nn.functional.conv2d(x[:, row], self.weight[o : o + 1, row], self.bias[o : o + 1]))
            else:
                kernel = self.weight.shape[-1] - 1
                maps.append(self.bias[o].expand(len(x), 1, x.shape[2] - kernel, x.shape[3] - kernel))
        return torch.cat(maps, dim=1)


class LeNet5(nn.Module):
    """See the stub."""

    def __init__(self) -> None:
        """See the stub."""
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = TableConv2d(c3_table(), 5), Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6, self.output = nn.Linear(120, 84), nn.Linear(84, 10)

    def stages(self, x: Tensor) -> list[Tensor]:
        """See the stub."""
        found = []
        for name, layer in self.named_children():
            x = layer(x.flatten(1) if name == "f6" else x)
            x = squash(x) if name in ("c1", "c3", "c5", "f6") else x
            found.append(x)
        return found

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return self.stages(x).pop()


def _count(module: nn.Module) -> int:
    if isinstance(module, TableConv2d):
        return int(module.table.sum()) * module.weight.shape[2] ** 2 + len(module.bias)
    own = sum(parameter.numel() for parameter in module.parameters(recurse=False))
    return own + sum(map(_count, module.children()))


def parameters_by_layer(model: nn.Module) -> dict[str, int]:
    """See the stub."""
    return {name: _count(child) for name, child in model.named_children()}
