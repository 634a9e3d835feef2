"""Every statistic from sums, and the smoothing from its weights."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def capture(net: nn.Module, x: Tensor) -> list[tuple[str, nn.Module, Tensor]]:
    """Name, module and output of each leaf."""
    calls: list[tuple[str, nn.Module, Tensor]] = []
    leaves = [(name, module) for name, module in net.named_modules() if not any(True for _ in module.children())]
    handles = [
        module.register_forward_hook(lambda m, i, out, name=name: calls.append((name, m, out.detach().clone())))
        for name, module in leaves
    ]
    net(x)
    for handle in handles:
        handle.remove()
    return calls


def activation_statistics(net: nn.Module, x: Tensor) -> dict[str, tuple[float, float, float]]:
    """See the stub."""
    table = {}
    for name, _, out in capture(net, x):
        mean = out.sum() / out.numel()
        spread = ((out - mean) ** 2).sum() / out.numel()
        table[name] = float(mean), float(spread) ** 0.5, 1 - int(out.count_nonzero()) / out.numel()
    return table


def dead_units(net: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """See the stub."""
    table = {}
    for name, module, out in capture(net, x):
        if isinstance(module, nn.ReLU):
            largest = [out[:, unit].max().item() for unit in range(out.shape[1])]
            table[name] = torch.tensor([unit for unit, value in enumerate(largest) if value == 0], dtype=torch.int64)
    return table


def gradient_norms(net: nn.Module) -> dict[str, float]:
    """See the stub."""
    norms, total = {}, 0.0
    for name, parameter in net.named_parameters():
        square = 0.0 if parameter.grad is None else float((parameter.grad**2).sum())
        norms[name] = square**0.5
        total += square
    norms["total"] = total**0.5
    return norms


def train_monitored(
    net: nn.Module, optimizer: Any, loss_function: Callable[..., Tensor], batches: list[tuple[Tensor, Tensor]]
) -> dict[str, list[float]]:
    """See the stub."""
    history: dict[str, list[float]] = {"loss": [], "gradient": []}
    for x, y in batches:
        old = {name: value.clone() for name, value in net.state_dict().items()}
        loss = loss_function(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        history["loss"] += [float(loss.detach())]
        history["gradient"] += [gradient_norms(net)["total"]]
        optimizer.step()
        for name, parameter in net.named_parameters():
            if parameter.dim() > 1:
                ratio = ((parameter.data - old[name]) ** 2).sum().sqrt() / (old[name] ** 2).sum().sqrt()
                history.setdefault(name, []).append(float(ratio))
    return history


def smooth(values: list[float], beta: float) -> list[float]:
    """See the stub."""
    smoothed = []
    for end in range(1, len(values) + 1):
        weights = [beta ** (end - 1 - place) for place in range(end)]
        smoothed.append(sum(w * v for w, v in zip(weights, values[:end], strict=True)) / sum(weights))
    return smoothed
