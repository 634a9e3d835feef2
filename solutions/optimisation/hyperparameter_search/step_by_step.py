"""Counting instead of formulas: nested loops, a set of what has been seen, tensors for the draws."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

Trial = dict[str, float | int | str]


def grid(space: dict[str, list[float | int | str]]) -> list[Trial]:
    """See the stub."""
    trials: list[Trial] = [{}]
    for name, values in space.items():
        trials = [{**trial, name: value} for trial in trials for value in values]
    return trials


def random_trials(space: dict[str, tuple], u: Tensor) -> list[Trial]:
    """See the stub."""
    trials: list[Trial] = [{} for _ in range(len(u))]
    for column, (name, (kind, *rest)) in zip(u.unbind(dim=1), space.items(), strict=True):
        if kind == "choice":
            values = [rest[0][int(i)] for i in column * len(rest[0])]
        elif kind == "int":
            values = (rest[0] + torch.floor(column * (rest[1] + 1 - rest[0])).long()).tolist()
        elif kind == "log":
            values = torch.exp(torch.lerp(*torch.tensor(rest, dtype=u.dtype).log(), column)).tolist()
        elif kind == "uniform":
            values = (rest[0] * (1 - column) + rest[1] * column).tolist()
        else:
            raise ValueError(kind)
        for trial, value in zip(trials, values, strict=True):
            trial[name] = value
    return trials


def search(
    trials: list[Trial], objective: Callable[[Trial], float], budget: int
) -> tuple[list[tuple[Trial, float]], Trial | None]:
    """See the stub."""
    different = []
    for trial in trials:
        if trial not in different:
            different.append(trial)
    results = []
    for trial in different[:budget]:
        loss = objective(trial)
        results.append((trial, loss if loss == loss else math.inf))
    best, loss = min(results, key=lambda result: result[1])
    return results, None if loss == math.inf else best


def successive_halving(
    trials: list[Trial], objective: Callable[[Trial, int], float], epochs: int, eta: int
) -> tuple[Trial, list[tuple[int, int]], int]:
    """See the stub."""
    if len(trials) == 1:
        return trials[0], [], 0
    scored = []
    for place, trial in enumerate(trials):
        loss = objective(trial, epochs)
        scored.append((loss if loss == loss else math.inf, place, trial))
    scored.sort(key=lambda entry: entry[:2])
    left = [trial for _, _, trial in scored][: len(trials) // eta or 1]
    best, rounds, spent = successive_halving(left, objective, epochs * eta, eta)
    return best, [(epochs, len(trials)), *rounds], spent + epochs * len(trials)


def trials_needed(share: float, confidence: float) -> int:
    """See the stub."""
    n, missed = 1, 1 - share
    while 1 - missed < confidence:
        n, missed = n + 1, missed * (1 - share)
    return n


def values_per_axis(budget: int, names: int) -> int:
    """See the stub."""
    k = round(budget ** (1 / names)) + 1
    while k**names > budget:
        k -= 1
    return k
