"""Are the verdicts of the stopwatch right? Pairs whose true ratio is known, with a busy process beside them.

    python benchmarks/timing.py [--rounds 200] [--device cpu]

Each function does k times the reference's work, and is held to limits below and above k. Prints how many verdicts were
wrong, and how many "too noisy to say"; and how much the measured ratio of one pair of functions spreads over ten runs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from tutor.curriculum import load_course
from tutor.grading import Server
from tutor.report import Speed

STEPS = 12  # of the reference; a function of ratio k does k times as many
FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
MARGIN = 1.5  # between a function's ratio and the limits that it is held to
SUITE = """
import pytest
import torch


def inputs(draw, size):
    return (draw.normal(size, size, dtype=torch.float32),)


def reference(x):
    for _ in range({steps}):
        x = torch.tanh(x @ x.T / x.shape[0])
    return x[:4].clone() * 0 + 1


@pytest.mark.speed(gates=True)
def test_the_time(stopwatch):
    stopwatch.compare("f", reference, inputs, {{"cpu": 96, "cuda": 2048}}, limits={{"cpu": {limit}, "cuda": {limit}}})
"""
SOURCE = """
import torch


def f(x):
    for _ in range({steps}):
        x = torch.tanh(x @ x.T / x.shape[0])
    return x[:4].clone() * 0 + 1
"""


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--device", default="cpu")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        busy = multiprocessing.Process(target=_spin, daemon=True)
        busy.start()
        try:
            _run(Path(folder), asked.rounds, asked.device)
        finally:
            busy.kill()


def _run(folder: Path, rounds: int, device: str) -> None:
    root = Path(__file__).parents[1] / "tests" / "tutor" / "course"
    shutil.copytree(root, folder / "course")
    exercise = load_course(folder / "course").exercises["square"]
    exercise.stub.write_text("def f(x):\n    raise NotImplementedError\n")
    found: Counter[str] = Counter()
    wrong = []
    seconds = []
    ratios = []
    with Server(folder / "course") as server:

        def time_one(factor: float, limit: float) -> Speed:
            exercise.suite.write_text(SUITE.format(steps=STEPS, limit=limit))
            source = SOURCE.format(steps=round(STEPS * factor))
            report = server.grade(exercise, source, "f.py", diagnose=False, devices={device: ""})
            assert report.speed, report
            seconds.append(report.seconds)
            return report.speed[0]

        for number in range(rounds):
            factor = FACTORS[number % len(FACTORS)]
            above = bool(number // len(FACTORS) % 2)
            limit = factor * MARGIN if above else factor / MARGIN
            row = time_one(factor, limit)
            found[row.outcome] += 1
            if row.outcome not in {"fast" if above else "slow", "noisy"}:
                wrong.append((factor, limit, row.outcome, row.ratio))
        ratios = [time_one(2.0, 100.0).ratio or 0.0 for _ in range(10)]
    spread = (max(ratios) - min(ratios)) / statistics.median(ratios)
    print(f"{rounds} verdicts on {device} beside a busy process: {len(wrong)} wrong, {found['noisy']} too noisy to say")
    print(f"  fast {found['fast']}, slow {found['slow']}; a check took {statistics.median(seconds):.2f} s (median)")
    for factor, limit, outcome, ratio in wrong:
        print(f"  wrong: true ratio {factor:g}, limit {limit:.2f}: {outcome} (measured {ratio:.2f})")
    print(
        f"ratio of a function of twice the work, ten runs: median {statistics.median(ratios):.3f}, spread {spread:.1%}"
    )


def _spin() -> None:
    while True:
        sum(random.random() for _ in range(10_000))
        time.sleep(0)


if __name__ == "__main__":
    main()
