"""Everything is counted from the top, and from a part's own beginning."""

from typing import Any

from torch import nn


def layer_rates(parts: int, lr: float, decay: float) -> list[float]:
    """See the stub."""
    return [lr * decay ** (parts - 1 - part) for part in range(parts)]


def parameter_groups(net: nn.Module, lr: float, decay: float) -> list[dict[str, Any]]:
    """See the stub."""
    parts = [params for params in (list(child.parameters()) for child in net.children()) if params]
    rates = layer_rates(len(parts), lr, decay)
    return [{"params": params, "lr": rate} for params, rate in zip(parts, rates, strict=True)]


def thaw_epoch(part: int, parts: int, every: int) -> int:
    """See the stub."""
    return (parts - 1 - part) * every


def rates_at(step: int, rates: list[float], *, steps_per_epoch: int, every: int, warmup: int) -> list[float]:
    """See the stub."""
    now = []
    for part, rate in enumerate(rates):
        since = step - thaw_epoch(part, len(rates), every) * steps_per_epoch
        share = min(1.0, (since + 1) / warmup) if warmup else 1.0
        now.append(rate * share if since >= 0 else 0.0)
    return now
