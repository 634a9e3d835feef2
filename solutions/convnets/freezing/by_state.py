"""Copies through state dicts of a deep copy; features with torch.inference_mode on a copy that may be changed."""

import copy

import torch
import torch.nn as nn
from torch import Tensor


def replace_head(net: nn.Sequential, classes: int) -> nn.Sequential:
    new = copy.deepcopy(net)
    new[-1] = nn.Linear(net[-1].weight.shape[1], classes)
    return new


def freeze(net: nn.Sequential, children: int) -> None:
    net.train()
    for parameter in net.parameters():
        parameter.requires_grad = True
    for child in list(net)[:children]:
        child.eval()
        for parameter in child.parameters():
            parameter.requires_grad = False


def trainable(net: nn.Module) -> tuple[int, int]:
    trained = total = 0
    for parameter in net.parameters():
        total += parameter.numel()
        trained += parameter.numel() * parameter.requires_grad
    return trained, total


def extract_features(net: nn.Sequential, batches: list[Tensor]) -> Tensor:
    body = copy.deepcopy(net)[:-1].eval()
    return torch.cat([body(batch).detach() for batch in batches])


def fine_tune_groups(net: nn.Sequential, lr: float, decay: float) -> list[dict]:
    trained = [[p for p in child.parameters() if p.requires_grad] for child in net]
    trained = [params for params in trained if params]
    return [{"params": params, "lr": lr * decay ** (len(trained) - 1 - k)} for k, params in enumerate(trained)]


def normalise(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    x = images / 255
    if x.shape[1] == 1:
        x = torch.cat([x, x, x], dim=1)
    return ((x - mean.reshape(1, 3, 1, 1)) / std.reshape(1, 3, 1, 1)).float()
