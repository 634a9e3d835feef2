"""Epoch by epoch, as in a training loop that knows nothing of the future; numpy for the whole curves."""

import itertools
from typing import Any

import numpy as np

Rule = dict[str, Any]
Run = tuple[list[float], list[float], list[float]]


def generalisation_loss(val: list[float]) -> list[float]:
    """See the stub."""
    curve = np.array(val)
    lowest = np.minimum.accumulate(curve)
    return (100 * (curve - lowest) / lowest).tolist()


def progress(train: list[float], strip: int) -> list[float]:
    """See the stub."""
    out = np.full(len(train), np.inf)
    if len(train) >= strip:
        windows = np.lib.stride_tricks.sliding_window_view(np.array(train), strip)
        out[strip - 1 :] = 1000 * windows.mean(axis=1) / windows.min(axis=1) - 1000
        out[strip - 1 :][windows.min(axis=1) == windows.max(axis=1)] = 0  # where rounding may have left something
    return out.tolist()


def ends(train: list[float], val: list[float], rule: Rule) -> bool:
    """Whether to stop now, at the end of what has been seen."""
    t = len(val) - 1
    match rule["kind"]:
        case "GL":
            return generalisation_loss(val)[t] > rule["alpha"]
        case "PQ":
            loss, moved = generalisation_loss(val)[t], progress(train, rule["strip"])[t]
            return loss > rule["alpha"] * moved if moved != np.inf else False
        case "UP":
            strip, count = rule["strip"], rule["strips"]
            if len(val) % strip or len(val) < (count + 1) * strip:
                return False
            last = val[t::-strip][: count + 1]
            return all(later > earlier for later, earlier in itertools.pairwise(last))
        case _:
            average, averages = val[0], [val[0]]
            for value in val[1:]:
                average = rule["smoothing"] * average + (1 - rule["smoothing"]) * value
                averages.append(average)
            best = averages.index(max(averages) if rule["mode"] == "max" else min(averages))
            return t - best >= rule["patience"]


def stop_at(train: list[float], val: list[float], rule: Rule) -> int | None:
    """See the stub."""
    for t in range(len(val)):
        if ends(train[: t + 1], val[: t + 1], rule):
            return t
    return None


def judge(runs: list[Run], rule: Rule) -> tuple[float, float]:
    """See the stub."""
    losses, times = [], []
    for train, val, test in runs:
        last = stop_at(train, val, rule)
        last = len(val) - 1 if last is None else last
        losses.append(test[int(np.argmin(val[: last + 1]))] / test[int(np.argmin(val))])
        times.append((last + 1) / len(val))
    return float(np.mean(losses)), float(np.mean(times))


def choose_rule(judged: list[tuple[float, float]], allowed: float) -> int:
    """See the stub."""
    best = None
    for k, (loss, time) in enumerate(judged):
        key = (0, time, loss) if loss <= 1 + allowed else (1, loss, time)
        if best is None or key < best[0]:
            best = key, k
    return best[1] if best else 0


def metric_to_watch(task: dict[str, Any]) -> tuple[str, str]:
    """See the stub."""
    shares, n = task["shares"], task["validation"]
    few = any(share * n < 30 for share in shares)
    match task["use"]:
        case "number":
            return ("mse", "min")
        case "ranking" if not few:
            return ("auc", "max")
        case "decision" if not few:
            return ("f1", "max") if any(share < 0.1 for share in shares) else ("accuracy", "max")
        case _:
            return ("cross_entropy", "min")
