"""All six repaired; each repair is a line or two."""

import copy
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def predict(net: nn.Module, inputs: Tensor) -> Tensor:
    """See the stub."""
    modes = {module: module.training for module in net.modules()}
    net.eval()
    with torch.no_grad():
        outputs = net(inputs)
    for module, mode in modes.items():
        module.training = mode
    return outputs


def dataset_loss(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """See the stub."""
    total, count = 0.0, 0
    with torch.no_grad():
        for inputs, targets in batches:
            total += F.mse_loss(net(inputs), targets).item() * len(inputs)
            count += len(inputs)
    return total / count


def classification_loss(net: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    logits = net(inputs)
    return F.cross_entropy(logits, targets)


def standardise(train: Tensor, validation: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    mean, std = train.mean(dim=0), train.std(dim=0)
    return (train - mean) / std, (validation - mean) / std


def choose(validation: list[float], test: list[float]) -> tuple[int, float]:
    """See the stub."""
    epoch = max(range(len(validation)), key=validation.__getitem__)
    return epoch, test[epoch]


def keep_best(
    net: nn.Module, epochs: int, train_epoch: Callable[[nn.Module], None], validate: Callable[[nn.Module], float]
) -> float:
    """See the stub."""
    best_loss = float("inf")
    best_state = {}
    for _ in range(epochs):
        train_epoch(net)
        loss = validate(net)
        if loss < best_loss:
            best_loss = loss
            best_state = copy.deepcopy(net.state_dict())
    net.load_state_dict(best_state)
    return best_loss
