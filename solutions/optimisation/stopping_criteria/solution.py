"""Every rule becomes a list that says for each epoch whether to stop; the first True counts."""

import math
from typing import Any

Rule = dict[str, Any]
Run = tuple[list[float], list[float], list[float]]


def generalisation_loss(val: list[float]) -> list[float]:
    """See the stub."""
    lowest, out = math.inf, []
    for value in val:
        lowest = min(lowest, value)
        out.append(100 * (value / lowest - 1))
    return out


def progress(train: list[float], strip: int) -> list[float]:
    """See the stub."""
    out = []
    for t in range(len(train)):
        seen = train[max(0, t + 1 - strip) : t + 1]
        out.append(1000 * (sum(seen) / len(seen) / min(seen) - 1) if len(seen) == strip else math.inf)
    return out


def smoothed(val: list[float], smoothing: float) -> list[float]:
    """An exponential average that begins at the first value."""
    out = val[:1]
    for value in val[1:]:
        out.append(smoothing * out[-1] + (1 - smoothing) * value)
    return out


def vain(val: list[float], rule: Rule) -> list[int]:
    """How many epochs in a row, up to each, were no improvement."""
    sign = -1 if rule["mode"] == "max" else 1
    best, waited, out = math.inf, 0, []
    for value in smoothed(val, rule["smoothing"]):
        waited = 0 if sign * value < best else waited + 1
        best = min(best, sign * value)
        out.append(waited)
    return out


def rises(val: list[float], strip: int) -> list[int]:
    """How many strips in a row, up to the one that ends with each epoch, ended higher than the one before."""
    ups, out = 0, [0] * len(val)
    for t in range(2 * strip - 1, len(val), strip):
        ups = ups + 1 if val[t] > val[t - strip] else 0
        out[t] = ups
    return out


def stop_at(train: list[float], val: list[float], rule: Rule) -> int | None:
    """See the stub."""
    kind = rule["kind"]
    if kind == "GL":
        stops = [loss > rule["alpha"] for loss in generalisation_loss(val)]
    elif kind == "PQ":
        pairs = zip(generalisation_loss(val), progress(train, rule["strip"]), strict=True)
        stops = [loss / moved > rule["alpha"] if moved else loss > 0 for loss, moved in pairs]
    elif kind == "UP":
        stops = [ups >= rule["strips"] for ups in rises(val, rule["strip"])]
    else:
        stops = [waited >= rule["patience"] for waited in vain(val, rule)]
    return stops.index(True) if True in stops else None


def judge(runs: list[Run], rule: Rule) -> tuple[float, float]:
    """See the stub."""
    loss = time = 0.0
    for train, val, test in runs:
        end = stop_at(train, val, rule)
        epochs = len(val) if end is None else end + 1
        kept = val.index(min(val[:epochs]))
        loss += test[kept] / test[val.index(min(val))]
        time += epochs / len(val)
    return loss / len(runs), time / len(runs)


def choose_rule(judged: list[tuple[float, float]], allowed: float) -> int:
    """See the stub."""
    enough = [k for k, (loss, _) in enumerate(judged) if loss <= 1 + allowed]
    if enough:
        return min(enough, key=lambda k: (judged[k][1], judged[k][0]))
    return min(range(len(judged)), key=lambda k: judged[k])


def metric_to_watch(task: dict[str, Any]) -> tuple[str, str]:
    """See the stub."""
    if task["use"] == "number":
        return "mse", "min"
    rarest = min(task["shares"])
    if task["use"] == "probability" or rarest * task["validation"] < 30:
        return "cross_entropy", "min"
    if task["use"] == "ranking":
        return "auc", "max"
    return ("f1" if rarest < 0.1 else "accuracy"), "max"
