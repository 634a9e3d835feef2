import copy

import torch
import torch.nn as nn
from torch import Tensor


def replace_head(net: nn.Sequential, classes: int) -> nn.Sequential:
    body = [copy.deepcopy(child) for child in net[:-1]]
    return nn.Sequential(*body, nn.Linear(net[-1].in_features, classes))


def freeze(net: nn.Sequential, children: int) -> None:
    for number, child in enumerate(net):
        trained = number >= children
        child.requires_grad_(trained)
        child.train(trained)


def trainable(net: nn.Module) -> tuple[int, int]:
    counts = [(parameter.numel(), parameter.requires_grad) for parameter in net.parameters()]
    return sum(count for count, trained in counts if trained), sum(count for count, _ in counts)


@torch.no_grad()
def extract_features(net: nn.Sequential, batches: list[Tensor]) -> Tensor:
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    try:
        return torch.cat([net[:-1](batch) for batch in batches])
    finally:
        for module, training in modes:
            module.training = training


def fine_tune_groups(net: nn.Sequential, lr: float, decay: float) -> list[dict]:
    groups = []
    for child in reversed(net):
        params = [parameter for parameter in child.parameters() if parameter.requires_grad]
        if params:
            groups.append({"params": params, "lr": lr * decay ** len(groups)})
    return groups[::-1]


def normalise(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    x = images.float() / 255
    x = x.expand(-1, 3, -1, -1)
    return (x - mean[:, None, None]) / std[:, None, None]
