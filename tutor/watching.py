"""`tutor watch`: the exercise in hand is graded at every save; keys do the rest."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

from tutor import render
from tutor.checking import record
from tutor.curriculum import Course, Exercise
from tutor.errors import TutorError
from tutor.giving import first_open, hand_out, known_track, show_end
from tutor.grading import Sandbox, Server, read_submission
from tutor.progress import State
from tutor.report import Report, TestResult
from tutor.workspace import Workspace

STEP = 15  # milliseconds without a further change, after which a save is complete
SAME = 1.0  # seconds in which an editor's second event for one save is no save of its own
KEYS = "n next · h hint · l lesson · e explain · a only what fails · r reset · q quit"


class Watch:
    """One session of `tutor watch`.

    What happens elsewhere, in a thread of its own, a save, a key, a result, is posted as a function, and called here in
    turn: the terminal and the state belong to one thread.
    """

    def __init__(
        self, course: Course, server: Server, workspace: Workspace, exercise: Exercise, sandbox: Sandbox
    ) -> None:
        self._course, self._server, self._workspace = course, server, workspace
        self._exercise, self._sandbox = exercise, sandbox
        self._events: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._number = 0  # of the check that counts; what comes of an earlier one is dropped
        self._source: str | None = None  # what was graded last
        self._started = 0.0
        self._report: Report | None = None  # of the last check, once it has ended
        self._results = render.Results()
        self._only_failing = False
        self._failed: list[str] = []  # the tests that did not pass in the last check that ended
        self._question: Callable[[], None] | None = None  # what a y does
        self._ended = False
        self._keys = sys.stdin.isatty() and sys.stdout.isatty()

    def run(self) -> None:
        """Until q, or an interrupt.

        Raises:
            TutorError: if the folder can't be watched, or goes away.
        """
        threading.Thread(target=self._watch_files, daemon=True).start()
        with self._terminal():
            self._check()
            while not self._ended:
                self._events.get()()

    # --- what happens elsewhere -----------------------------------------------------------------------------

    def _watch_files(self) -> None:
        import watchfiles

        root = self._workspace.root
        try:
            for changes in watchfiles.watch(
                root, step=STEP, debounce=200, watch_filter=lambda _, path: path.endswith(".py")
            ):
                paths = {Path(path) for _, path in changes}
                self._post(lambda paths=paths: self._saved(paths))  # type: ignore[misc]
        except (OSError, RuntimeError) as error:
            self._post(lambda error=error: self._lost(error))  # type: ignore[misc]

    def _read_keys(self, stop: int) -> None:
        """Until something can be read from `stop`: what is typed after the end is the shell's."""
        stdin = sys.stdin.fileno()
        while True:
            ready, _, _ = select.select([stdin, stop], [], [])
            if stop in ready or not (key := os.read(stdin, 1).decode(errors="replace")):
                return
            self._post(lambda key=key: self._press(key))  # type: ignore[misc]

    def _post(self, event: Callable[[], None]) -> None:
        self._events.put(event)

    @contextlib.contextmanager
    def _terminal(self) -> Iterator[None]:
        """Keys come one by one, without Enter, and the terminal is as it was afterwards."""
        if not self._keys:
            yield
            return
        stdin = sys.stdin.fileno()
        before = termios.tcgetattr(stdin)
        tty.setcbreak(stdin)
        resume = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(stdin))  # after Ctrl-Z and fg
        resized = signal.signal(signal.SIGWINCH, lambda *_: self._post(self._redraw))
        stop, end = os.pipe()
        keys = threading.Thread(target=self._read_keys, args=(stop,), daemon=True)
        keys.start()
        try:
            yield
        finally:
            os.close(end)
            keys.join(1)
            os.close(stop)
            signal.signal(signal.SIGCONT, resume)
            signal.signal(signal.SIGWINCH, resized)
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)

    # --- saves ----------------------------------------------------------------------------------------------

    def _saved(self, paths: set[Path]) -> None:
        file = self._file
        if not any(path.name == file.name for path in paths):
            return
        try:
            source = read_submission(file)
        except TutorError as error:
            self._supersede()
            self._source = None
            self._heading()
            render.show_error(
                error.what, "Waiting for it to come back; r writes the stub again." if self._keys else None
            )
            return
        if source == self._source and time.monotonic() - self._started < SAME:
            return
        self._check()

    def _lost(self, error: BaseException) -> None:
        raise TutorError(f"{self._workspace.root} can't be watched any more: {error}.")

    # --- checks ---------------------------------------------------------------------------------------------

    @property
    def _file(self) -> Path:
        return self._workspace.file(self._exercise)

    def _supersede(self) -> None:
        self._number += 1
        self._server.supersede()

    def _check(self, explain: bool = False) -> None:
        """Grade what is in the file now; a check that is running is not wanted any more."""
        only = self._failed if self._only_failing and self._failed else None
        self._supersede()
        self._started, self._report, self._results = time.monotonic(), None, render.Results()
        self._heading()
        try:
            self._source = read_submission(self._file)
        except TutorError as error:
            self._source = None
            render.show_error(error.what, error.hint)
            return
        arguments = (self._number, self._exercise, self._source, only, explain)
        threading.Thread(target=self._grade, args=arguments, daemon=True).start()

    def _grade(self, number: int, exercise: Exercise, source: str, only: list[str] | None, explain: bool) -> None:
        """In a thread of its own."""
        try:
            report = self._server.grade(
                exercise,
                source,
                str(self._workspace.file(exercise)),
                sandbox=self._sandbox,
                pictures=self._workspace.pictures(exercise),
                speed=False,
                only=only,
                explain=explain,
                on_result=lambda result: self._post(lambda: self._show_result(number, result)),
            )
        except TutorError as error:
            failed = error
            self._post(lambda: self._fail(number, failed))
        else:
            self._post(lambda: self._finish(number, report))

    def _show_result(self, number: int, result: TestResult) -> None:
        if number == self._number:
            self._results.show(result)

    def _fail(self, number: int, error: TutorError) -> None:
        if number == self._number:
            render.show_error(error.what, error.hint)

    def _finish(self, number: int, report: Report) -> None:
        if number != self._number:
            return
        if not report.whole and report.verdict == "passed":
            self._only_failing = False
            self._check()  # what failed passes now: and the rest?
            return
        self._report = report
        self._failed = [test.id for test in report.tests if test.outcome != "passed"]
        self._show_end_of(report)
        if report.whole:
            record(self._course, self._workspace, self._exercise, report)
        self._show_keys()

    def _show_end_of(self, report: Report) -> None:
        render.show_report(report, self._file)
        render.show_verdict(report, f"tutor check {self._exercise.name}")

    # --- the terminal ---------------------------------------------------------------------------------------

    def _heading(self) -> None:
        render.clear()
        chosen = " · only what failed" if self._only_failing else ""
        render.say(f"{self._exercise.title} · `{render.shorten(self._file)}`{chosen} · {time.strftime('%H:%M:%S')}")

    def _show_keys(self) -> None:
        if self._keys:
            render.say(KEYS.replace("only what fails", "all tests") if self._only_failing else KEYS, "dim")

    def _redraw(self) -> None:
        """The terminal has another size: its lines are broken anew."""
        if self._report is None:
            return
        self._heading()
        results = render.Results()
        for test in self._report.tests:
            results.show(test)
        self._show_end_of(self._report)
        self._show_keys()

    # --- keys -----------------------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        if self._question is not None:
            answer, self._question = self._question, None
            if key in "yY":
                answer()
            else:
                render.say("Left as it is.", "dim")
            return
        actions = {
            "n": self._next,
            "h": self._hint,
            "l": self._lesson,
            "e": lambda: self._check(explain=True),
            "a": self._toggle,
            "r": self._reset,
            "q": self._quit,
            "\x04": self._quit,
        }
        action = actions.get(key)
        if action:
            try:
                action()
            except TutorError as error:
                render.show_error(error.what, error.hint)
        elif key.isprintable():
            self._show_keys()

    def _ask(self, question: str, answer: Callable[[], None]) -> None:
        render.say(f"{question} `y` does it, any other key leaves it.", "yellow")
        self._question = answer

    def _quit(self) -> None:
        self._ended = True

    def _next(self) -> None:
        progress = self._workspace.progress()
        status = progress.states().get(self._exercise.name, State()).status
        progress.close()
        if status in {"passed", "skipped"}:
            self._move_on(skip=False)
        else:
            self._ask(
                f"{self._exercise.name} has not passed yet. Leave it for later?", lambda: self._move_on(skip=True)
            )

    def _move_on(self, skip: bool) -> None:
        self._supersede()
        progress = self._workspace.progress()
        try:
            if skip:
                progress.record(self._exercise.name, "skipped")
            track = known_track(self._course, progress)
            exercises = self._course.walk(track)
            following = first_open(exercises, progress.states())
            render.clear()
            if following is None:
                show_end(self._course, progress, exercises, track, None)
            else:
                hand_out(self._course, self._workspace, progress, following)
                self._exercise, self._report, self._only_failing, self._failed = following, None, False, []
                self._source, self._started = read_submission(self._file), time.monotonic()  # written, but not saved
        finally:
            progress.close()
        self._show_keys()

    def _hint(self) -> None:
        progress = self._workspace.progress()
        shown = progress.states().get(self._exercise.name, State()).hints
        if shown < len(self._exercise.details().hints):
            progress.record(self._exercise.name, "hint")
            shown += 1
        progress.close()
        render.show_hints(self._exercise, shown)

    def _lesson(self) -> None:
        render.show_lesson(self._exercise.lesson)
        self._show_keys()

    def _toggle(self) -> None:
        self._only_failing = not self._only_failing and bool(self._failed)
        self._check()

    def _reset(self) -> None:
        self._ask(f"Write the stub over {render.shorten(self._file)}, with a backup of what is there?", self._do_reset)

    def _do_reset(self) -> None:
        backup = self._workspace.reset(self._exercise)
        progress = self._workspace.progress()
        progress.record(self._exercise.name, "reset")
        progress.close()
        self._check()
        if backup:
            render.say(f"What you had is in `{render.shorten(backup)}`.")
