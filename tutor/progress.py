"""What a learner has done, kept in SQLite in the workspace: attempts, their results, and other events.

Every change is one transaction, so that a process killed at any moment leaves the state before it or after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tutor.curriculum import Course
from tutor.errors import TutorError
from tutor.report import Report, Speed

Kind = Literal["given", "skipped", "hint", "revealed", "reset"]
Status = Literal["passed", "skipped", "started", "todo"]

SCHEMA = 1  # of progress_to_json
MIGRATIONS = (
    """
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, verdict TEXT NOT NULL,
        whole INTEGER NOT NULL, seed INTEGER NOT NULL, seconds REAL NOT NULL, hints INTEGER NOT NULL);
    CREATE TABLE results (
        attempt INTEGER NOT NULL REFERENCES attempts, test TEXT NOT NULL, outcome TEXT NOT NULL, seconds REAL NOT NULL);
    CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, kind TEXT NOT NULL);
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE INDEX attempts_of ON attempts (exercise);
    """,
    """
    CREATE TABLE speeds (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, function TEXT NOT NULL, device TEXT NOT NULL,
        driver TEXT NOT NULL, torch TEXT NOT NULL, yours REAL NOT NULL, reference REAL NOT NULL, ratio REAL NOT NULL,
        outcome TEXT NOT NULL, operations INTEGER)
    """,
)  # MIGRATIONS[n] brings a database of version n to version n + 1


@dataclass
class State:
    """Where a learner stands with one exercise. Times are ISO 8601 in UTC."""

    attempts: int = 0
    hints: int = 0
    revealed: bool = False
    skipped: bool = False
    given_at: str | None = None
    passed_at: str | None = None
    last_activity: str | None = None

    @property
    def status(self) -> Status:
        """Passed, skipped, started, or to do."""
        if self.passed_at:
            return "passed"
        if self.skipped:
            return "skipped"
        return "started" if self.last_activity else "todo"


@dataclass
class Pace:
    """The history of one function on one device, with one driver and one version of torch.

    Attributes:
        yours, reference: seconds a call, when it was last timed.
        ratios: of the two, at each check, oldest first.
    """

    exercise: str
    function: str
    device: str
    driver: str
    torch: str
    yours: float
    reference: float
    ratios: list[float] = field(default_factory=list)


@dataclass
class Totals:
    """How many exercises of a subject, a topic or a course are where."""

    passed: int = 0
    started: int = 0
    todo: int = 0
    attempts: int = 0
    last_activity: str | None = None

    @property
    def all(self) -> int:
        return self.passed + self.started + self.todo

    def add(self, state: State) -> None:
        """Count one exercise; a skipped one is still to do."""
        self.passed += state.status == "passed"
        self.started += state.status == "started"
        self.todo += state.status in {"todo", "skipped"}
        self.attempts += state.attempts
        self.last_activity = max(filter(None, [self.last_activity, state.last_activity]), default=None)


class Progress:
    """The database of one workspace. Several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._mending():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            self._migrate()

    def close(self) -> None:
        self._db.close()

    # --- writing --------------------------------------------------------------------------------------------

    def record_attempt(self, report: Report) -> None:
        """Keep a check and the result of each of its tests."""
        hints = self.states().get(report.exercise, State()).hints
        at = _now()
        row = (at, report.exercise, report.verdict, report.whole, report.seed, report.seconds, hints)
        with self._transaction() as db:
            attempt = db.execute(
                "INSERT INTO attempts (at, exercise, verdict, whole, seed, seconds, hints) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
            db.executemany(
                "INSERT INTO results VALUES (?, ?, ?, ?)",
                [(attempt, test.id, test.outcome, test.seconds) for test in report.tests],
            )
            db.executemany(
                "INSERT INTO speeds (at, exercise, function, device, driver, torch, yours, reference, ratio, outcome, "
                "operations) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (at, report.exercise, row.function, row.name, row.driver, row.torch, *_measured(row))
                    for row in report.speed
                    if row.ratio is not None
                ],
            )

    def record(self, exercise: str, kind: Kind) -> None:
        """Keep an event."""
        with self._transaction() as db:
            db.execute("INSERT INTO events (at, exercise, kind) VALUES (?, ?, ?)", (_now(), exercise, kind))

    def choose(self, **settings: str | None) -> None:
        """Remember `track` (None for the whole tree) or `current`, the exercise in hand."""
        with self._transaction() as db:
            for key, value in settings.items():
                db.execute("DELETE FROM settings WHERE key = ?", (key,))
                if value is not None:
                    db.execute("INSERT INTO settings VALUES (?, ?)", (key, value))

    def rename(self, old: str, new: str) -> None:
        """Give all that is known of an exercise to its new name."""
        with self._transaction() as db:
            for table in ("attempts", "events", "speeds"):
                db.execute(f"UPDATE {table} SET exercise = ? WHERE exercise = ?", (new, old))
            db.execute("UPDATE settings SET value = ? WHERE key = 'current' AND value = ?", (new, old))

    # --- reading --------------------------------------------------------------------------------------------

    def chosen(self, key: Literal["track", "current"]) -> str | None:
        """What `choose` remembered."""
        with self._mending():
            row = self._db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def states(self) -> dict[str, State]:
        """The state of every exercise that something is known of."""
        states: dict[str, State] = {}
        with self._mending():
            attempts = self._db.execute(
                "SELECT exercise, count(*), max(at), min(CASE WHEN verdict = 'passed' AND whole THEN at END) "
                "FROM attempts GROUP BY exercise"
            ).fetchall()
            events = self._db.execute("SELECT exercise, kind, at FROM events ORDER BY id").fetchall()
        for exercise, count, last, passed in attempts:
            states[exercise] = State(attempts=count, last_activity=last, passed_at=passed)
        for exercise, kind, at in events:
            _apply(states.setdefault(exercise, State()), kind, at)
        return states

    def speeds(self, exercise: str | None = None) -> list[Pace]:
        """What was timed, oldest first; of one exercise or of all. Only like is put together with like."""
        with self._mending():
            rows = self._db.execute(
                "SELECT exercise, function, device, driver, torch, yours, reference, ratio FROM speeds "
                "WHERE ? IS NULL OR exercise = ? ORDER BY id",
                (exercise, exercise),
            ).fetchall()
        paces: dict[tuple[str, ...], Pace] = {}
        for name, function, device, driver, torch, yours, reference, ratio in rows:
            pace = paces.setdefault(
                (name, function, device, driver, torch), Pace(name, function, device, driver, torch, yours, reference)
            )
            pace.yours, pace.reference = yours, reference
            pace.ratios.append(ratio)
        return [paces[key] for key in sorted(paces)]

    # --- parts ----------------------------------------------------------------------------------------------

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return
        with self._transaction() as db:
            version = self._version()
            if version > len(MIGRATIONS):
                raise TutorError(
                    f"{self._path} was written by a newer version of tutor.", "Update tutor, or use another workspace."
                )
            for step in MIGRATIONS[version:]:
                for statement in step.split(";"):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._mending():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Say what sqlite's errors mean for the learner."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise TutorError(
                f"Progress can't be kept in {self._path}: {error}.",
                "Is the disk full, or the folder read-only? What was recorded before is safe.",
            ) from None
        except sqlite3.DatabaseError as error:
            raise TutorError(
                f"{self._path} is damaged: {error}.",
                "Move it away; your exercise files are not touched, and `tutor check --all` records passes anew.",
            ) from None


def _apply(state: State, kind: str, at: str) -> None:
    state.last_activity = max(state.last_activity or at, at) if kind != "skipped" else state.last_activity
    state.hints += kind == "hint"
    state.revealed |= kind == "revealed"
    state.skipped = kind == "skipped" or (state.skipped and kind not in {"given", "reset"})
    state.given_at = state.given_at or (at if kind == "given" else None)


def _measured(row: Speed) -> tuple[float | int | str | None, ...]:
    return row.yours, row.reference, row.ratio, row.outcome, row.operations


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


# --- views ------------------------------------------------------------------------------------------------------


@dataclass
class Standing:
    """A course seen through a learner's progress: totals of all, of each subject and of each topic."""

    course: Course
    states: dict[str, State]
    names: frozenset[str]  # the exercises that count: a track's, or all
    track: str | None
    totals: Totals = field(default_factory=Totals)
    subjects: dict[str, Totals] = field(default_factory=dict)
    topics: dict[tuple[str, str], Totals] = field(default_factory=dict)


def standing(course: Course, states: dict[str, State], track: str | None = None) -> Standing:
    """Count the exercises of a track (of the whole course without one)."""
    names = frozenset(exercise.name for exercise in course.walk(track))
    result = Standing(course, states, names, track)
    for exercise in course.exercises.values():
        if exercise.name in names:
            state = states.get(exercise.name, State())
            result.totals.add(state)
            result.subjects.setdefault(exercise.subject, Totals()).add(state)
            result.topics.setdefault((exercise.subject, exercise.topic), Totals()).add(state)
    return result


def progress_to_json(view: Standing) -> dict[str, Any]:
    """`tutor progress --json`, as data.

    Returns:
        schema: 1; raised when a field changes its meaning or goes away.
        course, track: the course's title; the track's id or null.
        totals: passed, started, todo, all (numbers of exercises), attempts, last_activity (ISO 8601, UTC, or null).
        subjects: a list of {id, title, totals, topics}; topics a list of {id, title, totals, exercises}; exercises a
            list of {name, title, status, attempts, hints, revealed, given_at, passed_at, last_activity}, status one of
            "passed", "started", "skipped", "todo".
    """
    return {
        "schema": SCHEMA,
        "course": view.course.title,
        "track": view.track,
        "totals": _totals_to_json(view.totals),
        "subjects": [
            {
                "id": subject.id,
                "title": subject.title,
                "totals": _totals_to_json(view.subjects[subject.id]),
                "topics": [
                    {
                        "id": topic.id,
                        "title": topic.title,
                        "totals": _totals_to_json(view.topics[subject.id, topic.id]),
                        "exercises": [
                            _exercise_to_json(e.name, e.title, view.states.get(e.name, State()))
                            for e in topic.exercises
                            if e.name in view.names
                        ],
                    }
                    for topic in subject.topics
                    if (subject.id, topic.id) in view.topics
                ],
            }
            for subject in view.course.subjects
            if subject.id in view.subjects
        ],
    }


def _totals_to_json(totals: Totals) -> dict[str, Any]:
    return {**vars(totals), "all": totals.all}


def _exercise_to_json(name: str, title: str, state: State) -> dict[str, Any]:
    values = vars(state).copy()
    del values["skipped"]
    return {"name": name, "title": title, "status": state.status, **values}
