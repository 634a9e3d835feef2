"""Each branch with its ReLU, modules by their paths, the body copied before it is run."""

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Inception(nn.Module):
    """See the stub."""

    def __init__(self, c_in: int, c1: int, reduce3: int, c3: int, reduce5: int, c5: int, c_pool: int) -> None:
        """See the stub."""
        super().__init__()
        self.one = nn.Conv2d(c_in, c1, (1, 1))
        for name, middle, c_out, kernel in (("three", reduce3, c3, 3), ("five", reduce5, c5, 5)):
            layers = nn.Conv2d(c_in, middle, 1), nn.ReLU(), nn.Conv2d(middle, c_out, kernel, padding="same")
            self.add_module(name, nn.Sequential(*layers))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(c_in, c_pool, 1))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return torch.cat([F.relu(branch(x)) for branch in self.children()], dim=-3)


def bottleneck_costs(c_in: int, reduce: int, c_out: int, *, kernel: int, height: int, width: int) -> tuple[int, int]:
    """See the stub."""

    def cost(before: int, after: int, size: int) -> int:
        return before * after * size**2 * height * width

    return cost(c_in, c_out, kernel), cost(c_in, reduce, 1) + cost(reduce, c_out, kernel)


def replace_classifier(net: nn.Module, classes: int) -> list[str]:
    """See the stub."""
    modules = dict(net.named_modules())
    paths = ["fc", "AuxLogits.fc", "classifier"]
    if isinstance(modules.get("classifier"), nn.Sequential):
        paths += [f"classifier.{name}" for name in list(modules["classifier"]._modules)[-1:]]
    paths = [path for path in paths if isinstance(modules.get(path), nn.Linear)]
    if not paths:
        raise ValueError("none")
    new = []
    for path in paths:
        old = modules[path]
        with_bias = old.bias is not None
        holder, _, name = path.rpartition(".")
        setattr(net.get_submodule(holder), name, nn.Linear(old.in_features, classes, with_bias).to(old.weight.dtype))
        new += [f"{path}.weight"] + [f"{path}.bias"] * with_bias
    return sorted(new)


def feature_size(body: nn.Module, shape: tuple[int, int, int]) -> int:
    """See the stub."""
    with torch.inference_mode():
        return copy.deepcopy(body).eval()(torch.ones(2, *shape))[0].numel()


def choose_backbone(table: list[dict[str, Any]], *, parameters: int, multiplications: int, smallest: int) -> str | None:
    """See the stub."""
    limits = {"parameters": parameters, "multiplications": multiplications, "stride": smallest}
    fit = [row for row in table if all(row[key] <= limit for key, limit in limits.items())]
    return max(fit, key=lambda row: row["accuracy"])["name"] if fit else None
