"""itertools for the grid, formulas for the draws, and sorting with a key that knows NaN."""

import itertools
import math
from collections.abc import Callable

from torch import Tensor

Trial = dict[str, float | int | str]


def grid(space: dict[str, list[float | int | str]]) -> list[Trial]:
    """See the stub."""
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]


def _value(kind: str, *bounds, u: float):
    if kind == "uniform":
        return bounds[0] + u * (bounds[1] - bounds[0])
    if kind == "log":
        return bounds[0] * (bounds[1] / bounds[0]) ** u
    if kind == "int":
        return bounds[0] + math.floor(u * (bounds[1] - bounds[0] + 1))
    if kind == "choice":
        return bounds[0][math.floor(u * len(bounds[0]))]
    raise ValueError(f"no such kind: {kind}")


def random_trials(space: dict[str, tuple], u: Tensor) -> list[Trial]:
    """See the stub."""
    rows = u.tolist()
    return [{name: _value(*space[name], u=part) for name, part in zip(space, row, strict=True)} for row in rows]


def search(
    trials: list[Trial], objective: Callable[[Trial], float], budget: int
) -> tuple[list[tuple[Trial, float]], Trial | None]:
    """See the stub."""
    results: list[tuple[Trial, float]] = []
    best, lowest = None, math.inf
    for trial in trials:
        if len(results) == budget:
            break
        if any(trial == done for done, _ in results):
            continue
        loss = objective(trial)
        if math.isnan(loss):
            loss = math.inf
        results.append((trial, loss))
        if loss < lowest:
            best, lowest = trial, loss
    return results, best


def successive_halving(
    trials: list[Trial], objective: Callable[[Trial, int], float], epochs: int, eta: int
) -> tuple[Trial, list[tuple[int, int]], int]:
    """See the stub."""
    left, rounds, spent = list(trials), [], 0
    while len(left) > 1:
        losses = [objective(trial, epochs) for trial in left]
        losses = [math.inf if math.isnan(loss) else loss for loss in losses]
        rounds.append((epochs, len(left)))
        spent += epochs * len(left)
        keep = max(1, len(left) // eta)
        ranking = sorted(range(len(left)), key=lambda i, losses=losses: losses[i])
        left = [left[i] for i in ranking[:keep]]
        epochs *= eta
    return left[0], rounds, spent


def trials_needed(share: float, confidence: float) -> int:
    """See the stub."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - share))


def values_per_axis(budget: int, names: int) -> int:
    """See the stub."""
    k = 1
    while (k + 1) ** names <= budget:
        k += 1
        if names == 1:
            return budget
    return k
