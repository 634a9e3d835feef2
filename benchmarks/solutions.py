"""How the course's own solutions do beside torch: every exercise that times, on a device.

    python benchmarks/solutions.py [--device cpu] [exercise ...]

Prints a row for each solution and function; and at the end how many do not pass. On a GPU this is the test that the
thresholds hold for the solutions, and that every CUDA test of the course passes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.checking import devices
from tutor.curriculum import Exercise, load_course
from tutor.grading import Server

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("exercises", nargs="*")
    options.add_argument("--device", default="cpu")
    asked = options.parse_args()
    found = devices(asked.device)
    course = load_course(ROOT)
    chosen = [course.find(name) for name in asked.exercises] or [e for e in course.exercises.values() if _times(e)]
    failing = 0
    print(
        f"{'exercise':<24}{'solution':<22}{'function':<22}{'device':<8}{'ratio':>8}{'limit':>8}{'memory':>8}  outcome"
    )
    with Server(ROOT) as server:
        for exercise in chosen:
            for file in exercise.right():
                report = server.grade(exercise, file.read_text(), file.name, diagnose=False, devices=found)
                failing += report.verdict != "passed"
                for row in (row for row in report.speed if row.device == asked.device):
                    name = f"{exercise.name:<24}{file.stem:<22}{row.function:<22}{row.device:<8}"
                    numbers = (f"{_number(value):>8}" for value in (row.ratio, row.limit, row.memory))
                    print(f"{name}{''.join(numbers)}  {row.outcome}")
                if report.verdict != "passed":
                    print(f"{exercise.name:<24}{file.stem:<22}{report.verdict}: {' '.join(report.notes)}")
    print(f"{len(chosen)} exercises that time; solutions that do not pass: {failing}")


def _times(exercise: Exercise) -> bool:
    return exercise.available and "stopwatch" in exercise.suite.read_text()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
