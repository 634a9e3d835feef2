"""From saving a file to the first verdict line: `tutor watch` against a cold `tutor check`, measured in turn.

    python benchmarks/watch.py [--saves N]

Prints for each the median over the saves in milliseconds and the spread, and the median of the paired ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
TUTOR = [sys.executable, "-m", "tutor"]
VERDICT = (" ✓", " ✗")  # how a test's line begins
PIPED = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=20)
    saves = parser.parse_args().saves
    solution = (ROOT / "solutions/convnets/conv2d_backward/solution.py").read_text()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TUTOR_COURSE": str(ROOT), "PYTHONPATH": str(ROOT)}
        file = Path(folder, "convnets", "conv2d_backward.py")
        file.parent.mkdir()
        Path(folder, ".tutor").mkdir()
        file.write_text(solution)

        watch = subprocess.Popen([*TUTOR, "watch", "conv2d_backward"], cwd=folder, env=environment, **PIPED)
        read_until(watch.stdout, "Next:", "That was the last")
        pairs = []
        for number in range(saves):
            cold = time_check(folder, environment)
            warm = time_save(file, f"{solution}\n# {number}\n", watch.stdout)
            read_until(watch.stdout, "Next:", "That was the last")
            pairs.append((warm, cold))
        watch.terminate()

    warm, cold = ([1000 * pair[i] for pair in pairs] for i in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"to the first verdict line of conv2d_backward, {saves} saves")
    print(f"{'tutor watch, from the save':<34}{statistics.median(warm):>7.0f} ms  ({min(warm):.0f} to {max(warm):.0f})")
    print(
        f"{'tutor check, from the command':<34}{statistics.median(cold):>7.0f} ms  ({min(cold):.0f} to {max(cold):.0f})"
    )
    print(f"{'ratio':<34}{ratio:>7.2f}     (at most 0.35; watch below 300 ms)")


def read_until(output: IO[str], *texts: str) -> None:
    for line in output:
        if line.startswith(texts):
            return
    raise SystemExit("tutor ended before its time")


def time_save(file: Path, text: str, output: IO[str]) -> float:
    """Seconds from the moment the new file takes the old one's place to the first verdict line."""
    new = file.with_suffix(".new")
    new.write_text(text)
    begin = time.perf_counter()
    os.replace(new, file)
    read_until(output, *VERDICT)
    return time.perf_counter() - begin


def time_check(folder: str, environment: dict[str, str]) -> float:
    """Seconds from starting the command to its first verdict line."""
    begin = time.perf_counter()
    check = subprocess.Popen([*TUTOR, "check", "conv2d_backward"], cwd=folder, env=environment, **PIPED)
    read_until(check.stdout, *VERDICT)
    seconds = time.perf_counter() - begin
    check.communicate()
    return seconds


if __name__ == "__main__":
    main()
