"""Repaired in other ways."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def predict(net: nn.Module, inputs: Tensor) -> Tensor:
    """See the stub."""
    in_training = [module for module in net.modules() if module.training]
    try:
        with torch.inference_mode():
            return net.eval()(inputs).clone()
    finally:
        for module in in_training:
            module.training = True


def dataset_loss(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """See the stub."""
    with torch.no_grad():
        errors = [(net(inputs) - targets) ** 2 for inputs, targets in batches]
    return torch.cat(errors).mean().item()


def classification_loss(net: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    return F.nll_loss(F.log_softmax(net(inputs), dim=1), targets)


def standardise(train: Tensor, validation: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    mean = train.sum(0) / len(train)
    std = (((train - mean) ** 2).sum(0) / (len(train) - 1)) ** 0.5
    return (train - mean) / std, (validation - mean) / std


def choose(validation: list[float], test: list[float]) -> tuple[int, float]:
    """See the stub."""
    epoch = validation.index(max(validation))
    return epoch, test[epoch]


def keep_best(
    net: nn.Module, epochs: int, train_epoch: Callable[[nn.Module], None], validate: Callable[[nn.Module], float]
) -> float:
    """See the stub."""
    history = []
    for _ in range(epochs):
        train_epoch(net)
        history.append((validate(net), {name: value.clone() for name, value in net.state_dict().items()}))
    loss, state = min(history, key=lambda pair: pair[0])
    net.load_state_dict(state)
    return loss
