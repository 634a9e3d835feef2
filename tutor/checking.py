"""`tutor check`: the learner's file to the grader, the results to the terminal, the attempt to progress."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.curriculum import Course, Exercise
from tutor.diagnostics import missing_cuda
from tutor.errors import TutorError
from tutor.grading import Sandbox, Server, read_submission
from tutor.workspace import Workspace, find_workspace, need_workspace

if TYPE_CHECKING:
    from tutor.progress import Progress, State
    from tutor.report import Report

STATUS = {"passed": 0, "failed": 1, "ungraded": 3}
UNREADABLE = 2
REPRO = "# Written by `tutor check --repro`."


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    seed: int | None = None
    select: str | None = None
    sandbox: Sandbox = "auto"
    repro: bool = False
    repro_file: Path | None = None
    json: bool = False
    explain: bool = False
    speed: bool = True
    device: str | None = None


def check_one(course: Course, server: Server, target: str | None, options: Options) -> int:
    """Grade one exercise or file, show and record it; the exit status."""
    workspace = find_workspace(Path.cwd())
    exercise, file = _locate(course, workspace, target)
    source = read_submission(file)
    mine = workspace is not None and file.resolve() == workspace.file(exercise).resolve()
    report = _grade(server, exercise, source, file, workspace, options)
    if workspace and mine:
        record(course, workspace, exercise, report, quiet=options.json)
    elif not options.json:
        from tutor import render

        where = (
            f"your file for it is `{render.shorten(workspace.file(exercise))}`" if workspace else "no workspace here"
        )
        render.say(f"Graded only, not recorded: {where}.", "dim")
    return STATUS[report.verdict]


def check_all(course: Course, server: Server, options: Options) -> int:
    """Grade every exercise that the learner has a file of; the worst exit status."""
    from tutor import render

    workspace = need_workspace(Path.cwd())
    begun = [exercise for exercise in course.exercises.values() if os.path.lexists(workspace.file(exercise))]
    if not begun:
        raise TutorError("You have not begun any exercise yet.", "`tutor next` gives you one.")
    reports, status = [], 0
    for exercise in begun:
        file = workspace.file(exercise)
        try:
            source = read_submission(file)
        except TutorError as error:  # of this file alone: the others are graded all the same
            render.show_error(error.what, error.hint)
            status = max(status, UNREADABLE)
            continue
        report = server.grade(
            exercise,
            source,
            str(file),
            seed=options.seed,
            sandbox=options.sandbox,
            pictures=workspace.pictures(exercise),
            speed=options.speed,
            devices=devices(options.device),
        )
        _keep(workspace, report).close()
        reports.append(report)
        status = max(status, STATUS[report.verdict])
        if not options.json:
            render.show_summary(report)
    if options.json:
        render.print_json([report.to_json() for report in reports])
    return status


def _locate(course: Course, workspace: Workspace | None, target: str | None) -> tuple[Exercise, Path]:
    """Which exercise is meant, and the learner's file of it."""
    if target and target.endswith(".py"):
        return course.find(target), Path(target)
    workspace = workspace or need_workspace(Path.cwd())
    if target:
        exercise = course.find(target)
    else:
        progress = workspace.progress()
        current = progress.chosen("current")
        progress.close()
        if current not in course.exercises:
            raise TutorError("You have no exercise in hand.", "`tutor next` gives you one; or name one.")
        exercise = course.exercises[current]
    return exercise, workspace.need_file(exercise)


def _grade(
    server: Server, exercise: Exercise, source: str, file: Path, workspace: Workspace | None, options: Options
) -> Report:
    from tutor import render

    if not options.json:
        render.say(f"{exercise.title} · `{render.shorten(file)}`")
    report = server.grade(
        exercise,
        source,
        str(file),
        seed=options.seed,
        select=options.select,
        sandbox=options.sandbox,
        repro=options.repro,
        explain=options.explain,
        pictures=workspace.pictures(exercise) if workspace else file.parent / "pictures",
        speed=options.speed,
        devices=devices(options.device),
        on_result=None if options.json else render.Results().show,
    )
    if options.json:
        render.print_json(report.to_json())
    else:
        render.show_report(report, file)
        render.show_verdict(report, f"tutor check {exercise.name}")
    if options.repro and not report.repro and not options.json:
        render.say("No script was written: no call of yours returned anything wrong.", "dim")
    if report.repro:
        _write_repro(report.repro, options.repro_file or file.with_name(f"repro_{file.name}"), quiet=options.json)
    return report


def devices(asked: str | None = None) -> dict[str, str]:
    """What to time on: the CPU, and a GPU; of each why it can't be, if it can't.

    Raises:
        TutorError: if a device was asked for that is not there.
    """
    if asked == "cpu":
        return {"cpu": ""}
    why_not = missing_cuda()
    if asked and not asked.startswith("cuda"):
        raise TutorError(f"--device can't be {asked!r}.", "It is cpu, cuda or cuda:0, with the number of a GPU.")
    if asked and why_not:
        raise TutorError(f"There is no {asked} here: {why_not}", "`--device cpu` times on the CPU alone.")
    return {"cpu": "", asked or "cuda": why_not}


def _write_repro(script: str, path: Path, quiet: bool) -> None:
    from tutor import render

    try:
        if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(REPRO):
            raise TutorError(f"{path} is there already, and not a script of ours.", "Name another: --repro FILE.py")
        path.write_text(script, encoding="utf-8")
    except OSError as error:
        raise TutorError(f"{path} can't be written: {error.strerror}.") from None
    if not quiet:
        render.say(f"The failing call is in `{render.shorten(path)}`: run it with python, or in a debugger.")


def _keep(workspace: Workspace, report: Report) -> Progress:
    """Record an attempt; one that could not be graded is none. The database is the caller's to close."""
    progress = workspace.progress()
    if report.verdict != "ungraded":
        progress.record_attempt(report)
    return progress


def record(course: Course, workspace: Workspace, exercise: Exercise, report: Report, quiet: bool = False) -> None:
    """Keep an attempt at the exercise in hand, and say what a pass means, unless it has to be `quiet`."""
    from tutor import render
    from tutor.giving import first_open, known_track

    progress = _keep(workspace, report)
    progress.choose(current=exercise.name)
    states = progress.states()
    track = known_track(course, progress)
    progress.close()
    if quiet:
        return
    if report.verdict == "passed" and report.whole:
        then = first_open(course.walk(track), states)
        render.show_passed(exercise, states[exercise.name], _elapsed(states[exercise.name]), report, then)
    if workspace.stub_changed(exercise):
        render.say(f"Its stub has changed since you got it: `tutor diff {exercise.name} --upstream`.", "yellow")


def _elapsed(state: State) -> str | None:
    """The time between getting an exercise and first passing it, in words."""
    if not state.given_at or not state.passed_at:
        return None
    minutes = (datetime.fromisoformat(state.passed_at) - datetime.fromisoformat(state.given_at)).total_seconds() / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"{minutes:.0f} minute{'' if round(minutes) == 1 else 's'}"
    return f"{minutes / 60:.1f} hours" if minutes < 36 * 60 else f"{minutes / 1440:.0f} days"
