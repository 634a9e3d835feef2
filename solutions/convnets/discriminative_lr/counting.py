"""Rates as running products from the head down; the warm-up by counting the steps in which a part has learned."""

from itertools import accumulate
from typing import Any

from torch import nn


def layer_rates(parts: int, lr: float, decay: float) -> list[float]:
    """See the stub."""
    from_head = accumulate([decay] * (parts - 1), lambda above, factor: above * factor, initial=lr)
    return list(from_head)[::-1]


def parameter_groups(net: nn.Module, lr: float, decay: float) -> list[dict[str, Any]]:
    """See the stub."""
    groups: list[dict[str, Any]] = []
    rate = lr
    for child in reversed(list(net.children())):
        if params := list(child.parameters()):
            groups.insert(0, {"params": params, "lr": rate})
            rate *= decay
    return groups


def thaw_epoch(part: int, parts: int, every: int) -> int:
    """See the stub."""
    return sum(every for _ in range(part + 1, parts))


def rates_at(step: int, rates: list[float], *, steps_per_epoch: int, every: int, warmup: int) -> list[float]:
    """See the stub."""
    now = [0.0] * len(rates)
    for part, rate in enumerate(rates):
        thaws = thaw_epoch(part, len(rates), every)
        learned = sum(before // steps_per_epoch >= thaws for before in range(step + 1))
        if learned:
            now[part] = rate if learned >= warmup else learned * rate / warmup
    return now
