"""Learners' folders and courses that tests may change."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.curriculum import load_course

COURSE = Path(__file__).parent / "course"
SOLUTIONS = {
    "pair": COURSE / "solutions/arithmetic/pair/solution.py",
    "thrice": COURSE / "solutions/arithmetic/thrice/solution.py",
    "square": COURSE / "solutions/geometry/square/solution.py",
}


def pytest_configure() -> None:
    """Where the tests run in the background, SIGINT is ignored, and the commands under test would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Learner:
    """Somebody at a terminal: a current folder, a course, and the real command."""

    def __init__(self, folder: Path, course: Path = COURSE) -> None:
        self.folder, self.course = folder, course

    def environment(self) -> dict[str, str]:
        return {**os.environ, "TUTOR_COURSE": str(self.course), "COLUMNS": "100", "NO_COLOR": "1"}

    def popen(self, *arguments: str, **options) -> subprocess.Popen:
        command = [sys.executable, "-m", "tutor", *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment(), **options)

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """Type `tutor …`; what it printed, both streams together."""
        process = self.popen(*arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == status, output
        return output

    def solve(self, name: str) -> None:
        """Write the right answer."""
        subject = "geometry" if name == "square" else "arithmetic"
        shutil.copy(SOLUTIONS[name], self.folder / subject / f"{name}.py")


@pytest.fixture
def tutor(tmp_path) -> Learner:
    """A learner in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Learner(folder)


@pytest.fixture
def own_course(tmp_path) -> Path:
    """A copy of the tiny course, to be changed."""
    shutil.copytree(COURSE, tmp_path / "own_course")
    return tmp_path / "own_course"


@pytest.fixture
def make(tmp_path):
    """An exercise with the suite and stub given, in a course of its own."""

    def build(
        suite: str, stub: str = "def f(x):\n    raise NotImplementedError\n", forbid: str = "[]", seconds: int = 5
    ):
        root = tmp_path / "course"
        shutil.copytree(COURSE, root)
        exercise = load_course(root).exercises["pair"]
        exercise.suite.write_text(suite)
        exercise.stub.write_text(stub)
        config = exercise.config.read_text()
        start = config.index("rules:")
        rules = f"rules: {{forbid: {forbid}}}\nlimits: {{seconds: {seconds}}}\n"
        exercise.config.write_text(config[:start] + rules + config[config.index("mistakes:") :])
        return exercise

    return build
