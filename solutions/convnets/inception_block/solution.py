"""The branches as attributes, and the places of a classifier looked for one after the other."""

from typing import Any

import torch
from torch import Tensor, nn


class Inception(nn.Module):
    """See the stub."""

    def __init__(self, c_in: int, c1: int, reduce3: int, c3: int, reduce5: int, c5: int, c_pool: int) -> None:
        """See the stub."""
        super().__init__()
        self.one = nn.Conv2d(c_in, c1, 1)
        self.three = nn.Sequential(nn.Conv2d(c_in, reduce3, 1), nn.ReLU(), nn.Conv2d(reduce3, c3, 3, padding=1))
        self.five = nn.Sequential(nn.Conv2d(c_in, reduce5, 1), nn.ReLU(), nn.Conv2d(reduce5, c5, 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(c_in, c_pool, 1))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        return torch.relu(torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], dim=1))


def bottleneck_costs(c_in: int, reduce: int, c_out: int, *, kernel: int, height: int, width: int) -> tuple[int, int]:
    """See the stub."""
    pixels, taps = height * width, kernel * kernel
    return pixels * c_in * c_out * taps, pixels * (c_in * reduce + reduce * c_out * taps)


def replace_classifier(net: nn.Module, classes: int) -> list[str]:
    """See the stub."""
    places: list[tuple[nn.Module, str, str]] = [(net, "fc", "fc")]
    auxiliary = getattr(net, "AuxLogits", None)
    if auxiliary is not None:
        places.append((auxiliary, "fc", "AuxLogits.fc"))
    classifier = getattr(net, "classifier", None)
    if isinstance(classifier, nn.Sequential) and len(classifier):
        last = list(classifier._modules)[-1]
        places.append((classifier, last, f"classifier.{last}"))
    else:
        places.append((net, "classifier", "classifier"))
    names = []
    for holder, attribute, path in places:
        old = getattr(holder, attribute, None)
        if isinstance(old, nn.Linear):
            new = nn.Linear(old.in_features, classes, bias=old.bias is not None, dtype=old.weight.dtype)
            setattr(holder, attribute, new)
            names += [f"{path}.{name}" for name, _ in new.named_parameters()]
    if not names:
        raise ValueError("no classifier is found")
    return sorted(names)


def feature_size(body: nn.Module, shape: tuple[int, int, int]) -> int:
    """See the stub."""
    modes = [(module, module.training) for module in body.modules()]
    body.eval()
    with torch.no_grad():
        size = body(torch.zeros(1, *shape)).numel()
    for module, training in modes:
        module.training = training
    return size


def choose_backbone(table: list[dict[str, Any]], *, parameters: int, multiplications: int, smallest: int) -> str | None:
    """See the stub."""
    best = None
    for row in table:
        small = row["parameters"] <= parameters and row["multiplications"] <= multiplications
        if small and row["stride"] <= smallest and (best is None or row["accuracy"] > best["accuracy"]):
            best = row
    return None if best is None else best["name"]
