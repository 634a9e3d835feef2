"""The idiomatic program: a network, two groups of parameters, an epoch, an evaluation, a loop that keeps the best."""

import copy
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def build(features: int, hidden: int, classes: int, *, dropout: float = 0.0) -> nn.Sequential:
    """See the stub."""
    return nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes))


def parameter_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """See the stub."""
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trained if parameter.dim() >= 2], "weight_decay": weight_decay},
        {"params": [parameter for parameter in trained if parameter.dim() < 2], "weight_decay": 0.0},
    ]


def train_epoch(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[tuple[Tensor, Tensor]],
    *,
    max_norm: float | None = None,
) -> float:
    """See the stub."""
    net.train()
    total, count = 0.0, 0
    for inputs, targets in batches:
        loss = F.cross_entropy(net(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        if max_norm is not None:
            nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * len(inputs)
        count += len(inputs)
    return total / count


def evaluate(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
    """See the stub."""
    net.eval()
    loss, right, count = 0.0, 0, 0
    with torch.no_grad():
        for inputs, targets in batches:
            logits = net(inputs)
            loss += F.cross_entropy(logits, targets, reduction="sum").item()
            right += int((logits.argmax(dim=1) == targets).sum())
            count += len(inputs)
    return {"loss": loss / count, "accuracy": right / count}


def _shuffled(x: Tensor, y: Tensor, batch_size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    for batch in torch.randperm(len(x), generator=generator).split(batch_size):
        yield x[batch], y[batch]


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
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    history: list[dict[str, float]] = []
    best, best_state, waited = float("inf"), {}, 0
    for _ in range(epochs):
        loss = train_epoch(net, optimizer, list(_shuffled(*train, batch_size, generator)))
        measured = evaluate(net, list(zip(*(part.split(batch_size) for part in validation), strict=True)))
        lr = optimizer.param_groups[0]["lr"]
        history.append(
            {"train_loss": loss, "val_loss": measured["loss"], "val_accuracy": measured["accuracy"], "lr": lr}
        )
        scheduler.step()
        if measured["loss"] < best:
            best, best_state, waited = measured["loss"], copy.deepcopy(net.state_dict()), 0
        else:
            waited += 1
            if waited == patience:
                break
    net.load_state_dict(best_state)
    return history
