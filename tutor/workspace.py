"""The learner's folder: their files, the stubs as they were given, backups, and progress.

    <workspace>/<subject>/<exercise>.py     the learner's work; never written over without a backup
    <workspace>/pictures/<exercise>/        what capstones drew
    <workspace>/.tutor/                     progress.db, stubs/, backups/

No absolute path is stored, so a workspace can be moved or copied. Files appear whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tutor.curriculum import Course, Exercise
from tutor.errors import TutorError
from tutor.progress import Progress

FOLDER = "deep-learning-by-hand"
MARK = ".tutor"
PREFIX = ".tutor-"  # of temporary files
LEFTOVER = 3600  # seconds after which a temporary file is nobody's


@dataclass(frozen=True)
class Workspace:
    """A learner's folder, by its root."""

    root: Path

    def file(self, exercise: Exercise) -> Path:
        """Where the learner writes."""
        return self.root / exercise.subject / f"{exercise.name}.py"

    def need_file(self, exercise: Exercise) -> Path:
        """The learner's file, or a `TutorError` that says how to get one."""
        file = self.file(exercise)
        if not os.path.lexists(file):
            raise TutorError(
                f"You have no file of {exercise.name} yet.", f"`tutor next {exercise.name}` writes its stub."
            )
        return file

    def given(self, exercise: Exercise) -> Path:
        """The stub as it was given."""
        return self.root / MARK / "stubs" / f"{exercise.name}.py"

    def pictures(self, exercise: Exercise) -> Path:
        """The folder of what was drawn of the learner's results in this exercise."""
        return self.root / "pictures" / exercise.name

    def progress(self) -> Progress:
        """Open the database."""
        return Progress(self.root / MARK / "progress.db")

    def give(self, exercise: Exercise) -> bool:
        """Write the stub, unless the learner has a file there already; whether it was written."""
        stub = _read_stub(exercise)
        with _mending(self.root):
            if not self.file(exercise).exists() or not self.given(exercise).exists():
                _replace(self.given(exercise), stub)
            return _create(self.file(exercise), stub)

    def reset(self, exercise: Exercise) -> Path | None:
        """Write the stub over the learner's file, after a backup; where that is, or None if there was no file."""
        stub, file = _read_stub(exercise), self.file(exercise)
        backup = None
        with _mending(self.root):
            if file.exists():
                backup = self._back_up(exercise, file.read_bytes())
            _replace(self.given(exercise), stub)
            _replace(file, stub)
        return backup

    def _back_up(self, exercise: Exercise, data: bytes) -> Path:
        stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        for number in range(1000):
            suffix = f"-{number}" if number else ""
            backup = self.root / MARK / "backups" / f"{exercise.name}-{stamp}{suffix}.py"
            if _create(backup, data):
                return backup
        raise TutorError(f"{backup.parent} holds a thousand backups of this second.")

    def diff(self, exercise: Exercise, upstream: bool = False) -> str:
        """The stub as given against the learner's file, or against the course's stub as it is now."""
        given = self.given(exercise)
        old = given.read_text(encoding="utf-8") if given.exists() else _read_stub(exercise).decode()
        if upstream:
            return _diff(old, _read_stub(exercise).decode(), "the stub you were given", "the stub now")
        file = self.need_file(exercise)
        mine = file.read_text(encoding="utf-8", errors="replace")
        return _diff(old, mine, "the stub you were given", str(file.relative_to(self.root)))

    def stub_changed(self, exercise: Exercise) -> bool:
        """Whether the course's stub is not the one that was given."""
        given = self.given(exercise)
        return given.exists() and exercise.stub.exists() and given.read_bytes() != exercise.stub.read_bytes()

    def adopt(self, course: Course, progress: Progress) -> list[str]:
        """After a course has renamed exercises: keep passes and files under the new names; sentences about it."""
        notes = []
        for old in sorted(progress.states().keys() - course.exercises.keys()):
            if (exercise := course.renamed(old)) is not None:
                copied = self._adopt_files(old, exercise)  # first: a rename that was recorded is not looked at again
                progress.rename(old, exercise.name)
                notes.append(f"{old} is now called {exercise.name}.{copied}")
        return notes

    def _adopt_files(self, old: str, exercise: Exercise) -> str:
        file, given = self.file(exercise), self.root / MARK / "stubs" / f"{old}.py"
        files = [path for path in self.root.glob(f"*/{old}.py") if path.parent.name != MARK]
        with _mending(self.root):
            if given.exists():
                _create(self.given(exercise), given.read_bytes())
            if not files or not _create(file, files[0].read_bytes()):
                return ""
        return f" Your {files[0].relative_to(self.root)} was copied to {file.relative_to(self.root)}."


def find_workspace(start: Path) -> Workspace | None:
    """The workspace that `start` is in, or the one that lies in `start` under its usual name."""
    for folder in [start, *start.parents, start / FOLDER]:
        if (folder / MARK).is_dir():
            return Workspace(folder)
    return None


def need_workspace(start: Path) -> Workspace:
    """The workspace, or a `TutorError` that says how to get one."""
    workspace = find_workspace(start)
    if workspace is None:
        raise TutorError(f"There is no workspace in {start}.", "`tutor next` makes one here; or cd into yours.")
    return workspace


def make_workspace(start: Path) -> Workspace:
    """A new workspace: `start` itself if it is empty, else a folder in it."""
    with _mending(start):
        root = start / FOLDER if any(start.iterdir()) else start
        (root / MARK).mkdir(parents=True, exist_ok=True)
    return Workspace(root)


# --- files ------------------------------------------------------------------------------------------------------


def _read_stub(exercise: Exercise) -> bytes:
    try:
        return exercise.stub.read_bytes()
    except OSError as error:
        raise TutorError(f"The course has no stub for {exercise.name}: {error}.", "Is the course complete?") from None


def _diff(old: str, new: str, old_name: str, new_name: str) -> str:
    import difflib

    lines = difflib.unified_diff(old.splitlines(True), new.splitlines(True), old_name, new_name)
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


@contextlib.contextmanager
def _mending(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TutorError(
            f"{error.filename or where} can't be written: {error.strerror}.",
            "Nothing was lost. Is the disk full, or the folder read-only?",
        ) from None


@contextlib.contextmanager
def _written(path: Path, data: bytes) -> Iterator[str]:
    """A temporary file beside `path` that holds `data`, on the disk for sure; gone afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    fd, name = tempfile.mkstemp(prefix=PREFIX, suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
        os.chmod(name, 0o644)
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _sweep(folder: Path) -> None:
    """Remove temporary files that killed processes left here, once they are too old to be in use."""
    for name in os.listdir(folder):
        if name.startswith(PREFIX):
            with contextlib.suppress(OSError):
                if time.time() - os.stat(folder / name).st_mtime > LEFTOVER:
                    os.unlink(folder / name)


def _create(path: Path, data: bytes) -> bool:
    """Write a new file at once; False, and nothing is touched, if there is one."""
    if path.exists():
        return False
    with _written(path, data) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            return _create_plainly(path, data)
    return True


def _create_plainly(path: Path, data: bytes) -> bool:
    try:
        file = open(path, "xb")  # noqa: SIM115 (closed before a half-written file is removed)
    except FileExistsError:
        return False
    try:
        with file:
            file.write(data)
    except OSError:
        os.unlink(path)
        raise
    return True


def _replace(path: Path, data: bytes) -> None:
    """Write a file at once, over an old one if there is one."""
    with _written(path, data) as temporary:
        os.replace(temporary, path)
