"""How long the commands take, as ratios to a named baseline that is measured in turn with them.

    python benchmarks/speed.py [--rounds N]

Prints a table: what, baseline, the median of each in milliseconds, the median of the paired ratios, and the goal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
STARTUP = [sys.executable, "-c", "import typer, rich, yaml"]
TORCH = [sys.executable, "-c", "import torch, pytest"]
TUTOR = [sys.executable, "-c", "from tutor.cli import main; main()"]

SUITE = """
from tutor.testkit import assert_matches

def test_a_new_worker_and_twenty_calls(learner, draw):
    x = draw.normal(3, 4)
    learner._session.close()
    for _ in range(20):
        assert_matches(learner.square(x), x * x)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"{'what':<34}{'ms':>7}  {'baseline':<34}{'ms':>7}{'ratio':>8}  goal")
    with tempfile.TemporaryDirectory() as folder:
        course, workspace = Path(folder, "course"), Path(folder, "workspace")
        generate_course(course, 300)
        workspace.mkdir()
        environment = {**os.environ, "TUTOR_COURSE": str(course)}
        subprocess.run([*TUTOR, "next"], cwd=workspace, env=environment, stdout=subprocess.DEVNULL, check=True)
        for command in ("next", "progress", "list", "hint"):
            mine = runner([*TUTOR, command], workspace, environment)
            compare(f"tutor {command}, 300 exercises", mine, "import typer, rich, yaml", runner(STARTUP), rounds, 2.5)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TUTOR_COURSE": str(ROOT)}
        target = Path(folder, "convnets", "conv2d_backward.py")
        target.parent.mkdir()
        Path(folder, ".tutor").mkdir()
        target.write_text((ROOT / "solutions/convnets/conv2d_backward/solution.py").read_text())
        mine = runner([*TUTOR, "check", "conv2d_backward"], Path(folder), environment)
        compare("tutor check conv2d_backward, cold", mine, "import torch, pytest", runner(TORCH), rounds, 1.4)
    start_workers(rounds)


def runner(
    command: list[str], folder: Path | None = None, environment: dict[str, str] | None = None
) -> Callable[[], float]:
    """A function that runs the command once and returns its wall time in seconds."""

    def run() -> float:
        begin = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin

    return run


def compare(
    name: str, mine: Callable[[], float], base: str, baseline: Callable[[], float], rounds: int, goal: float
) -> None:
    mine(), baseline()
    pairs = [(mine(), baseline()) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    times = [1000 * statistics.median(times) for times in zip(*pairs, strict=True)]
    print(f"{name:<34}{times[0]:>7.0f}  {base:<34}{times[1]:>7.0f}{ratio:>8.2f}  at most {goal}")


def generate_course(root: Path, count: int) -> None:
    """A course of `count` exercises in ten subjects, each with everything but a suite."""
    subjects = [{"id": f"subject{s}", "title": f"Subject {s}", "topics": []} for s in range(10)]
    for number in range(count):
        subject = subjects[number * 10 // count]
        if number % 6 == 0:
            subject["topics"].append({"id": f"topic{number}", "title": f"Topic {number}", "exercises": []})
        name = f"exercise_{number:03}"
        entry = {
            "id": name,
            "title": f"Exercise number {number}",
            "after": [f"exercise_{number - 1:03}"] if number else [],
        }
        subject["topics"][-1]["exercises"].append(entry)
        folder = root / "exercises" / subject["id"] / name
        folder.mkdir(parents=True)
        (folder / "stub.py").write_text("def f(x):\n    raise NotImplementedError\n")
        (folder / "exercise.yaml").write_text(
            "task: Do it.\nlearned: Done.\nminutes: 5\nhints: [a, b, c]\nmistakes: []\n"
        )
    names = [f"exercise_{number:03}" for number in range(count)]
    units = [{"id": f"unit/{number}", "title": name, "exercises": [name]} for number, name in enumerate(names)]
    track = {"id": "all", "title": "All", "about": "Everything in order", "units": units}
    data = {"title": "Generated", "subjects": subjects, "tracks": [track]}
    (root / "curriculum.yaml").write_text(yaml.safe_dump(data, sort_keys=False))


def start_workers(rounds: int) -> None:
    """A confined worker and twenty calls, once the server is up."""
    import shutil

    from tutor.curriculum import load_course
    from tutor.grading import Server

    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        shutil.copytree(ROOT / "tests/tutor/course", course)
        exercise = load_course(course).exercises["square"]
        exercise.suite.write_text(SUITE)
        source = exercise.solution.read_text()
        with Server(course) as server:
            reports = [server.grade(exercise, source, "square.py") for _ in range(rounds + 1)][1:]
        assert all(report.verdict == "passed" for report in reports)
        milliseconds = 1000 * statistics.median(report.tests[0].seconds for report in reports)
    print(f"{'a worker and 20 calls, warm':<34}{milliseconds:>7.0f}  {'':<34}{'':>7}{'':>8}  at most 100 ms")


if __name__ == "__main__":
    main()
