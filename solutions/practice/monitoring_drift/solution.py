from collections import deque

import torch
from torch import Tensor


def quantile_edges(reference: Tensor, bins: int) -> Tensor:
    levels = torch.arange(1, bins, dtype=reference.dtype) / bins
    return torch.quantile(reference, levels)


def shares(values: Tensor, edges: Tensor) -> Tensor:
    bins = torch.bucketize(values, edges, right=True)
    counts = torch.bincount(bins, minlength=len(edges) + 1)
    return counts.to(values.dtype) / len(values)


def stability_index(reference: Tensor, current: Tensor, bins: int, floor: float = 1e-4) -> float:
    edges = quantile_edges(reference, bins)
    r = shares(reference, edges).clamp(min=floor)
    c = shares(current, edges).clamp(min=floor)
    return ((c - r) * torch.log(c / r)).sum().item()


def ks_statistic(reference: Tensor, current: Tensor) -> float:
    places = torch.cat([reference, current])
    first = torch.searchsorted(reference.sort().values, places, right=True).double() / len(reference)
    second = torch.searchsorted(current.sort().values, places, right=True).double() / len(current)
    return (first - second).abs().max().item()


class Monitor:
    def __init__(self, baseline: float, window: int, tolerance: float, patience: int) -> None:
        self._window, self._tolerance, self._patience = window, tolerance, patience
        self.deployed(baseline)

    def deployed(self, baseline: float) -> None:
        self._baseline = baseline
        self._answers: deque[bool] = deque(maxlen=self._window)
        self._alarms = 0
        self.accuracy = 0.0

    def update(self, right: bool) -> str:
        self._answers.append(right)
        self.accuracy = sum(self._answers) / len(self._answers)
        if len(self._answers) < self._window:
            return "wait"
        if self.accuracy < self._baseline - self._tolerance:
            self._alarms += 1
            return "retrain" if self._alarms >= self._patience else "alarm"
        self._alarms = 0
        return "fine"
