"""Checks a course: every stub fails, every solution passes, every known mistake is rejected, and nothing is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tutor.authoring import degenerate, reading
from tutor.curriculum import Course, Exercise, load_course
from tutor.grading import Server
from tutor.report import Report, TestResult

PATIENCE = 200.0  # seconds for a diagnosis, which a learner would not wait for; a busy machine may need them
BATCH = 16  # wrong submissions that one process grades
MARGIN = 1.5  # by which the solution is under a limit of time, and a slow one over it
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with a course: in which file (from its root), in which field or part, and what."""

    file: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.what}"


@dataclass(frozen=True)
class Trial:
    """A submission that verify grades, and what it demands of the report."""

    exercise: Exercise
    file: Path
    field: str
    source: str
    demand: Callable[[Report], str | None]  # what is wrong, if anything is
    brief: bool = False  # the first failing test is enough
    diagnose: bool = False


def verify(
    course_root: Path,
    names: list[str] | None = None,
    jobs: int | None = None,
    on_progress: OnProgress | None = None,
    seed: int | None = None,
) -> list[Fault]:
    """Every fault of these exercises (of the whole course if none are named), sorted by file.

    Where an exercise of the whole course needs what isn't installed, only its files are read.

    Args:
        jobs: how many submissions are graded at once; as many as there are processors if None.
        on_progress: called with how many submissions have been graded, and how many there are.
        seed: of every submission's inputs; each gets its own at random if None.

    Raises:
        TutorError: if the curriculum can't be read at all, a name is not in it, or needs what isn't installed.
    """
    course = load_course(course_root)
    chosen = [course.find(name) for name in names] if names else list(course.exercises.values())
    faults: list[Fault] = [] if names else [*stray_files(course)]
    trials: list[Trial] = []
    for exercise in chosen:
        found = [Fault(_relative(course, file), field, what) for file, field, what in reading.read(exercise)]
        faults += found
        if names:
            exercise.require()
        if not found and exercise.available:
            trials += plan(exercise)
    return sorted(faults + run(course, trials, jobs or os.cpu_count() or 1, on_progress, seed))


def run(
    course: Course, trials: list[Trial], jobs: int, on_progress: OnProgress | None = None, seed: int | None = None
) -> list[Fault]:
    """Grade the trials side by side; a fault for each whose report is not what is demanded."""
    faults: list[Fault] = []
    with Server(course.root) as server, ThreadPoolExecutor(jobs) as pool:

        def attempt(batch: list[Trial]) -> list[Fault]:
            first = batch[0]
            reports = server.grade_all(
                first.exercise,
                [trial.source for trial in batch],
                f"{first.exercise.name}.py",
                seed=seed,
                first_failure_ends=first.brief,
                diagnose=PATIENCE if first.diagnose else 0,
            )
            judged = [(trial, trial.demand(report)) for trial, report in zip(batch, reports, strict=True)]
            return [Fault(_relative(course, trial.file), trial.field, what) for trial, what in judged if what]

        batches = list(_batches(trials))
        done = 0
        for batch, found in zip(batches, pool.map(attempt, batches), strict=True):
            faults += found
            done += len(batch)
            if on_progress:
                on_progress(done, len(trials))
    return faults


def _batches(trials: list[Trial]) -> Iterator[list[Trial]]:
    """Wrong submissions to one exercise are graded in one process, some at a time; what has to pass, in its own."""
    for key, alike in groupby(trials, lambda trial: (trial.exercise.name, trial.brief, trial.diagnose)):
        kind, size = list(alike), BATCH if any(key[1:]) else 1
        yield from (kind[start : start + size] for start in range(0, len(kind), size))


def plan(exercise: Exercise) -> Iterator[Trial]:
    """All the submissions that say whether a suite is any good, and what has to become of them."""
    stub = exercise.stub.read_text(encoding="utf-8")
    yield Trial(exercise, exercise.stub, "stub", stub, _every_test_fails)
    for file in exercise.right():
        demand = _passes_easily if file == exercise.solution else _passes
        yield Trial(exercise, file, "solution", file.read_text(encoding="utf-8"), demand)
    for file in exercise.slow():
        yield Trial(exercise, file, "slow solution", file.read_text(encoding="utf-8"), _is_only_slow)
    solution = exercise.solution.read_text(encoding="utf-8")
    known = {mistake.says for mistake in exercise.details().mistakes}
    for number, mistake in enumerate(exercise.details().mistakes):
        source = mistake.apply(solution)
        yield Trial(
            exercise, exercise.config, f"mistakes[{number}]", source, _names(mistake.says, known), diagnose=True
        )
    for label, source in degenerate.submissions(stub, solution):
        yield Trial(exercise, exercise.suite, label, source, _is_rejected, brief=True)


# --- demands ----------------------------------------------------------------------------------------------------


def _every_test_fails(report: Report) -> str | None:
    passing = [test.title for test in report.tests if test.outcome == "passed"]
    if passing:
        return f"the stub passes “{passing[0]}”{_others(passing)} (seed {report.seed})"
    return _is_rejected(report)


def _passes(report: Report) -> str | None:
    if report.verdict == "passed":
        return None
    wrong = [test for test in report.tests if test.outcome != "passed"]
    return f"does not pass (seed {report.seed}): {_say(wrong[0]) if wrong else ' '.join(report.notes)}"


def _passes_easily(report: Report) -> str | None:
    """Well under every limit: a threshold that the solution itself is near says nothing."""
    near = [row for row in _limited(report) if row.ratio * MARGIN > row.limit]
    return _passes(report) or (f"is too near its limit of time: {near[0].says}" if near else None)


def _is_only_slow(report: Report) -> str | None:
    """Every result is right; what it costs is not; and by far."""
    if problem := _is_rejected(report):
        return problem
    wrong = [test for test in report.tests if test.failure and test.failure.kind not in {"check", "waiting"}]
    if wrong:
        return f"is not only slow (seed {report.seed}): {_say(wrong[0])}"
    near = [row for row in _limited(report) if row.ratio < MARGIN * row.limit]
    return f"is too near the limit of time: {near[0].says}" if near else None


def _limited(report: Report) -> list[Any]:
    return [row for row in report.speed if row.gates and row.limit is not None and row.ratio is not None]


def _names(says: str, known: set[str]) -> Callable[[Report], str | None]:
    """A demand: the mistake is rejected, and its own sentence is the diagnosis, here and nowhere another's."""

    def demand(report: Report) -> str | None:
        said = {test.failure.diagnosis for test in report.tests if test.failure and test.failure.diagnosis}
        found = said & known  # beside them, a relation may be named of a test that no mistake explains
        if problem := _is_told_apart(report):
            return problem
        if found - {says}:
            return f"is taken for another mistake (seed {report.seed}): {min(found - {says})}"
        return None if found else f"is rejected, but not named (seed {report.seed})"

    return demand


def _is_told_apart(report: Report) -> str | None:
    """Rejected for what it computes: an edit that only breaks the file is no mistake a learner makes."""
    broken = [test for test in report.tests if test.failure and test.failure.kind in {"load", "missing", "signature"}]
    return f"does not even run: {_say(broken[0])}" if broken else _is_rejected(report)


def _is_rejected(report: Report) -> str | None:
    if report.verdict == "passed":
        return f"the suite lets it pass (seed {report.seed})"
    if report.verdict == "ungraded":
        broken = [test for test in report.tests if test.outcome == "error"]
        return f"could not be graded (seed {report.seed}): {_say(broken[0]) if broken else ' '.join(report.notes)}"
    mute = [test.title for test in report.tests if test.failure and not test.failure.summary.strip()]
    return f"“{mute[0]}” fails without a message" if mute else None


def _say(test: TestResult) -> str:
    failure = test.failure
    return f"“{test.title}”: {' '.join([failure.summary, *failure.details])}" if failure else test.title


def _others(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""


# --- files ------------------------------------------------------------------------------------------------------


def stray_files(course: Course) -> Iterator[Fault]:
    """Files under the three roots that belong to no exercise of the curriculum."""
    folders = {folder for exercise in course.exercises.values() for folder in (exercise.folder, exercise.solutions)}
    suites = {exercise.suite for exercise in course.exercises.values()}
    for root in ("exercises", "solutions", "tests/hidden"):
        for file in sorted((course.root / root).rglob("*")):
            known = file in suites or (file.parent in folders and _belongs(file))
            if file.is_file() and "__pycache__" not in file.parts and not known:
                yield Fault(_relative(course, file), "file", "belongs to no exercise of curriculum.yaml")


def _belongs(file: Path) -> bool:
    return file.name in {"lesson.md", "stub.py", "exercise.yaml"} or (
        file.suffix == ".py" and "solutions" in file.parts and file.name != "stub.py"
    )


def _relative(course: Course, file: Path) -> str:
    return os.path.relpath(file, course.root)
