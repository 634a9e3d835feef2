"""The network as a class, clipping and counting by hand."""

from typing import Any

import torch
from torch import Tensor, nn


def build(features: int, hidden: int, classes: int, *, dropout: float = 0.0) -> nn.Sequential:
    """See the stub."""
    net = nn.Sequential()
    for number, layer in enumerate(
        (nn.Linear(features, hidden), nn.ReLU(inplace=True), nn.Dropout(p=dropout), nn.Linear(hidden, classes))
    ):
        net.add_module(str(number), layer)
    return net


def parameter_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """See the stub."""
    groups: list[dict[str, Any]] = [{"params": [], "weight_decay": decay} for decay in (weight_decay, 0.0)]
    for parameter in net.parameters():
        if parameter.requires_grad:
            groups[0 if parameter.ndim > 1 else 1]["params"].append(parameter)
    return groups


def train_epoch(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[tuple[Tensor, Tensor]],
    *,
    max_norm: float | None = None,
) -> float:
    """See the stub."""
    net.train()
    criterion = nn.CrossEntropyLoss(reduction="none")
    losses = []
    for x, y in batches:
        optimizer.zero_grad(set_to_none=False)
        each = criterion(net(x), y)
        each.mean().backward()
        losses.append(each.detach())
        if max_norm is not None:
            gradients = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
            norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
            for gradient in gradients:
                gradient.mul_((max_norm / (norm + 1e-6)).clamp(max=1.0))
        optimizer.step()
    return torch.cat(losses).mean().item()


def evaluate(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
    """See the stub."""
    net.eval()
    with torch.inference_mode():
        logits, targets = torch.cat([net(x) for x, _ in batches]), torch.cat([y for _, y in batches])
        chosen = logits.log_softmax(1)[torch.arange(len(targets)), targets]
        return {"loss": -chosen.mean().item(), "accuracy": (logits.max(1).indices == targets).double().mean().item()}


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
    generator = torch.Generator()
    generator.manual_seed(seed)
    history: list[dict[str, float]] = []
    states: list[dict[str, Tensor]] = []
    for epoch in range(epochs):
        order = torch.randperm(len(train[0]), generator=generator)
        pieces = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
        record = {"lr": optimizer.param_groups[0]["lr"]}
        record["train_loss"] = train_epoch(net, optimizer, [(train[0][piece], train[1][piece]) for piece in pieces])
        found = evaluate(net, [validation])
        record |= {"val_loss": found["loss"], "val_accuracy": found["accuracy"]}
        history.append(record)
        states.append({name: value.clone() for name, value in net.state_dict().items()})
        scheduler.step()
        losses = [entry["val_loss"] for entry in history]
        if epoch - losses.index(min(losses)) >= patience:
            break
    net.load_state_dict(states[losses.index(min(losses))])
    return history
