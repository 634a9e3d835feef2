"""Which exercise comes next, and handing it out: `tutor next`, and `n` in `tutor watch`."""

from __future__ import annotations

from tutor import render
from tutor.curriculum import Course, Exercise
from tutor.progress import Progress, State, standing
from tutor.workspace import Workspace


def known_track(course: Course, database: Progress) -> str | None:
    """The track that was chosen, if the course still has it; None for the whole tree."""
    track = database.chosen("track")
    return track if track in {known.id for known in course.tracks} else None


def first_open(exercises: list[Exercise], states: dict[str, State]) -> Exercise | None:
    """The first of these that is neither passed nor skipped, and can be graded here."""
    closed = {name for name, state in states.items() if state.status in {"passed", "skipped"}}
    return next((exercise for exercise in exercises if exercise.name not in closed and exercise.available), None)


def hand_out(course: Course, workspace: Workspace, database: Progress, exercise: Exercise) -> None:
    """Write the stub if need be, make it the exercise in hand, and show it."""
    exercise.details()  # complain about a fault in it before anything is written
    fresh = workspace.give(exercise)
    before = database.states().get(exercise.name)
    if fresh or before is None or before.status == "skipped":
        database.record(exercise.name, "given")
    database.choose(current=exercise.name)
    state = database.states().get(exercise.name, State())
    render.show_exercise(course, exercise, workspace.file(exercise), state, fresh)
    if workspace.stub_changed(exercise):
        render.say(f"Its stub has changed since you got it: `tutor diff {exercise.name} --upstream`.", "yellow")


def show_end(
    course: Course, database: Progress, exercises: list[Exercise], track: str | None, topic: str | None
) -> None:
    """Say that nothing is left here, and what is left elsewhere."""
    states = database.states()
    skipped = [e.name for e in exercises if e.name in states and states[e.name].status == "skipped"]
    missing = sorted({e.needs for e in exercises if not e.available and e.name not in states})
    views = {known.id: standing(course, states, known.id).totals for known in course.tracks if known.id != track}
    left = {id: totals.all - totals.passed for id, totals in views.items() if totals.all > totals.passed}
    where = f"topic {topic}" if topic else f"track {track}" if track else course.title
    render.show_end(left, skipped, missing, where)
