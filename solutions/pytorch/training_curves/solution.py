import math


class Log:
    def __init__(self) -> None:
        self._curves: dict[str, dict[int, float]] = {}

    def add(self, step: int, **scalars: float) -> None:
        for name in scalars:
            if name in self._curves and step <= max(self._curves[name]):
                raise ValueError(f"{name} has a value at step {max(self._curves[name])} already; this is {step}")
        for name, value in scalars.items():
            self._curves.setdefault(name, {})[step] = float(value)

    def curve(self, name: str) -> tuple[list[int], list[float]]:
        found = self._curves[name]
        return list(found), list(found.values())

    def to_csv(self) -> str:
        lines = [["step", *self._curves]]
        for step in sorted({step for curve in self._curves.values() for step in curve}):
            cells = [repr(curve[step]) if step in curve else "" for curve in self._curves.values()]
            lines.append([str(step), *cells])
        return "".join(",".join(line) + "\n" for line in lines)


def from_csv(text: str) -> Log:
    head, *lines = text.splitlines()
    names = head.split(",")[1:]
    log = Log()
    for name in names:
        log._curves[name] = {}
    for line in lines:
        step, *cells = line.split(",")
        for name, cell in zip(names, cells, strict=True):
            if cell:
                log._curves[name][int(step)] = float(cell)
    return log


def band(runs: list[list[float]]) -> tuple[list[float], list[float], list[float], list[int]]:
    mean, low, high, count = [], [], [], []
    for step in range(max(map(len, runs))):
        here = [run[step] for run in runs if step < len(run) and not math.isnan(run[step])]
        mean.append(sum(here) / len(here) if here else math.nan)
        low.append(min(here, default=math.nan))
        high.append(max(here, default=math.nan))
        count.append(len(here))
    return mean, low, high, count


def ticks(low: float, high: float, most: int, *, log: bool = False) -> list[float]:
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        every = 1
        while last // every - (first - 1) // every > most:
            every += 1
        return [10.0**k for k in range(first, last + 1) if k % every == 0]
    power = math.floor(math.log10((high - low) / (most + 1))) - 1
    while True:
        for digit in (1, 2, 5):
            # 10 ** -3 isn't exact, 1000 is: divide by the power where it is below 1
            step = digit * 10.0**power if power >= 0 else digit / 10.0**-power
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 <= most:
                return [k * step for k in range(first, last + 1)]
        power += 1


def to_points(
    steps: list[int],
    values: list[float],
    box: tuple[float, float, float, float],
    limits: tuple[float, float, float, float],
    *,
    log: bool = False,
) -> list[list[tuple[float, float]]]:
    left, top, right, bottom = box
    x_low, x_high, y_low, y_high = limits
    scale = math.log if log else float
    pieces: list[list[tuple[float, float]]] = [[]]
    for step, value in zip(steps, values, strict=True):
        if not math.isfinite(value) or (log and value <= 0):
            pieces.append([])
        elif x_low <= step <= x_high:
            value = min(max(value, y_low), y_high)
            across = (step - x_low) / (x_high - x_low)
            up = (scale(value) - scale(y_low)) / (scale(y_high) - scale(y_low))
            pieces[-1].append((left + across * (right - left), bottom - up * (bottom - top)))
    return [piece for piece in pieces if piece]
