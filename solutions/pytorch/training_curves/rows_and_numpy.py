"""The log as rows that keep their order, runs as an array, ticks tried from below, coordinates all at once."""

import itertools

import numpy as np


class Log:
    def __init__(self) -> None:
        self.rows: list[tuple[int, str, float]] = []
        self.names: list[str] = []

    def add(self, step: int, **scalars: float) -> None:
        if any(name in scalars and there >= step for there, name, _ in self.rows):
            raise ValueError(step)
        for name, value in scalars.items():
            if name not in self.names:
                self.names.append(name)
            self.rows.append((step, name, float(value)))

    def curve(self, name: str) -> tuple[list[int], list[float]]:
        if name not in self.names:
            raise KeyError(name)
        mine = [(step, value) for step, other, value in self.rows if other == name]
        return [step for step, _ in mine], [value for _, value in mine]

    def to_csv(self) -> str:
        text = "step" + "".join(f",{name}" for name in self.names) + "\n"
        table = {(step, name): value for step, name, value in self.rows}
        for step in sorted({step for step, _, _ in self.rows}):
            text += str(step)
            for name in self.names:
                text += "," + (repr(table[step, name]) if (step, name) in table else "")
            text += "\n"
        return text


def from_csv(text: str) -> Log:
    table = [line.split(",") for line in text.strip("\n").split("\n")]
    log = Log()
    log.names = table[0][1:]
    for row in table[1:]:
        log.rows += [(int(row[0]), name, float(cell)) for name, cell in zip(log.names, row[1:], strict=True) if cell]
    return log


def band(runs: list[list[float]]) -> tuple[list[float], list[float], list[float], list[int]]:
    table = np.array(list(itertools.zip_longest(*runs, fillvalue=np.nan)), dtype=np.float64)
    there = ~np.isnan(table)
    count = there.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = np.where(there, table, 0).sum(axis=1) / count
    low, high = np.where(there, table, np.inf).min(axis=1), np.where(there, table, -np.inf).max(axis=1)
    low, high = np.where(count > 0, low, np.nan), np.where(count > 0, high, np.nan)
    return mean.tolist(), low.tolist(), high.tolist(), count.tolist()


def ticks(low: float, high: float, most: int, *, log: bool = False) -> list[float]:
    if log:
        inside = [k for k in range(-330, 309) if low * (1 - 1e-9) <= float(f"1e{k}") <= high * (1 + 1e-9)]
        for every in itertools.count(1):
            kept = [float(f"1e{k}") for k in inside if k % every == 0]
            if len(kept) <= most:
                return kept
    for power, digit in itertools.product(range(-300, 300), (1, 2, 5)):
        step = float(f"{digit}e{power}")
        if (high - low) / step > most + 2:
            continue
        first = int(np.floor(low / step)) - 1
        found = [
            k * step for k in range(first, first + most + 6) if low - 1e-9 * step <= k * step <= high + 1e-9 * step
        ]
        if len(found) <= most:
            return found
    return []


def to_points(
    steps: list[int],
    values: list[float],
    box: tuple[float, float, float, float],
    limits: tuple[float, float, float, float],
    *,
    log: bool = False,
) -> list[list[tuple[float, float]]]:
    y = np.array(values, dtype=np.float64)
    drawn = np.isfinite(y) & ((y > 0) | (not log))
    y = np.where(drawn, y, limits[2]).clip(limits[2], limits[3])
    edges = np.array(limits[2:], dtype=np.float64)
    if log:
        y, edges = np.log10(y), np.log10(edges)
    up = (y - edges[0]) / (edges[1] - edges[0])
    x = np.interp(steps, limits[:2], [box[0], box[2]]) if steps else np.zeros(0)
    inside = [limits[0] <= step <= limits[1] for step in steps]
    rows = list(zip(drawn.tolist(), inside, x.tolist(), (box[3] - up * (box[3] - box[1])).tolist(), strict=True))
    pieces = []
    for good, group in itertools.groupby(rows, key=lambda row: row[0]):
        piece = [(row[2], row[3]) for row in group if row[1]]
        if good and piece:
            pieces.append(piece)
    return pieces
