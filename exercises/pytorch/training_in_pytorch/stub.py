"""A whole training program as one writes it in PyTorch: network, optimizer, loop, evaluation, early stopping.

Read the lesson first (`tutor lesson training_in_pytorch`); `tutor hint` helps when you are stuck. Everything of torch's
may be used. Targets are classes, int64; losses are mean cross-entropies.
"""

from typing import Any

import torch
from torch import Tensor, nn


def build(features: int, hidden: int, classes: int, *, dropout: float = 0.0) -> nn.Sequential:
    """A network with one hidden layer: linear, ReLU, dropout, linear. Returns logits.

    Returns:
        These four, in an nn.Sequential, with torch's own first weights.
    """
    raise NotImplementedError


def parameter_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """The trained parameters in two groups, as optimizers take them: matrices decay, biases and gains don't.

    Returns:
        [{"params": those with at least two axes, "weight_decay": weight_decay},
        {"params": those with fewer, "weight_decay": 0.0}], in the order of net.parameters(), without frozen ones.
    """
    raise NotImplementedError


def train_epoch(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[tuple[Tensor, Tensor]],
    *,
    max_norm: float | None = None,
) -> float:
    """One step for each batch, in training mode.

    Args:
        net: the network. Gradients that it may have at the beginning don't count.
        optimizer: of torch.optim, or one of the same kind: it has zero_grad(), step() and param_groups.
        batches: inputs (N, D) and targets (N,); not all of one size.
        max_norm: scale all gradients together down to this norm before each step, if they are longer.

    Returns:
        The mean over all samples of the losses as they were when the samples were trained on.
    """
    raise NotImplementedError


def evaluate(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
    """{"loss": the mean over all samples, "accuracy": the share of samples whose largest logit is at the target}.

    In evaluation mode, without a graph. The network is left in evaluation mode.
    """
    raise NotImplementedError


def fit(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    scheduler: Any,
    train: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    patience: int,
) -> list[dict[str, float]]:
    """Train until the epochs are used up or nothing improves any more, and leave the best network.

    Each epoch: batches are consecutive pieces (the last may be smaller) of torch.randperm(len(inputs)), drawn from one
    generator that is seeded with `seed` once, before the first epoch; train on them, without clipping; evaluate on the
    validation set; scheduler.step(). When the validation loss has not been smaller than the smallest before for
    `patience` epochs in a row, that was the last epoch.

    Args:
        net, optimizer: as above.
        scheduler: of torch.optim.lr_scheduler, or of the same kind: its step() sets the next epoch's learning rate.
        train, validation: inputs and targets.

    Returns:
        For each epoch {"train_loss", "val_loss", "val_accuracy", "lr": the first group's learning rate in that
        epoch}. Afterwards the network has the state of the epoch with the smallest validation loss (the first such).
    """
    raise NotImplementedError
