"""The same with numpy, and the monitor with a plain list."""

import itertools

import numpy as np
import torch
from torch import Tensor


def quantile_edges(reference: Tensor, bins: int) -> Tensor:
    return torch.from_numpy(np.quantile(reference.numpy(), [k / bins for k in range(1, bins)]))


def shares(values: Tensor, edges: Tensor) -> Tensor:
    borders = [-float("inf"), *edges.tolist(), float("inf")]
    counts = [((values >= low) & (values < high)).sum() for low, high in itertools.pairwise(borders)]
    return torch.stack(counts).double() / len(values)


def stability_index(reference: Tensor, current: Tensor, bins: int, floor: float = 1e-4) -> float:
    edges = quantile_edges(reference, bins)
    r, c = (np.maximum(shares(values, edges).numpy(), floor) for values in (reference, current))
    return float(np.sum((c - r) * (np.log(c) - np.log(r))))


def ks_statistic(reference: Tensor, current: Tensor) -> float:
    gaps = [(reference <= x).double().mean() - (current <= x).double().mean() for x in torch.cat([reference, current])]
    return max(abs(gap.item()) for gap in gaps)


class Monitor:
    def __init__(self, baseline: float, window: int, tolerance: float, patience: int) -> None:
        self.window, self.tolerance, self.patience = window, tolerance, patience
        self.deployed(baseline)

    def deployed(self, baseline: float) -> None:
        self.baseline, self.answers, self.below = baseline, [], []

    @property
    def accuracy(self) -> float:
        last = self.answers[-self.window :]
        return sum(last) / len(last)

    def update(self, right: bool) -> str:
        self.answers.append(right)
        if len(self.answers) < self.window:
            return "wait"
        self.below.append(self.accuracy < self.baseline - self.tolerance)
        last = self.below[-self.patience :]
        if len(last) == self.patience and all(last):
            return "retrain"
        return "alarm" if self.below[-1] else "fine"
