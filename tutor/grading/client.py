"""The client's end: starts the server, asks it to grade, and puts what comes back into a report. Imports no torch."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tutor.errors import TutorError
from tutor.grading.control import receive_control, send_control
from tutor.grading.sandbox import interpreter_paths
from tutor.report import Explanation, Report, Speed, TestResult

if TYPE_CHECKING:
    from tutor.curriculum import Exercise

MAX_SUBMISSION = 1 << 20  # bytes
CHECK_SECONDS = 300.0  # between two results, after which a check could not be graded
DIAGNOSIS_SECONDS = 20.0

Sandbox = Literal["auto", "strict", "off"]
OnResult = Callable[[TestResult], None]


def read_submission(path: Path) -> str:
    """The text of a learner's file.

    Raises:
        TutorError: if it isn't there, is a link, a device or the like, is too large, or isn't UTF-8 text.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise TutorError(f"There is no file {path}.", "`tutor next` writes the stub of your exercise.") from None
    except OSError as error:
        if path.is_symlink():
            raise TutorError(
                f"{path} is a link.", "Put the file itself there: only regular files are graded."
            ) from None
        raise TutorError(f"{path} can't be read: {error.strerror}.") from None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise TutorError(f"{path} is not a regular file.", "Only regular files are graded.")
        if status.st_size > MAX_SUBMISSION:
            raise TutorError(f"{path} has {status.st_size:,} bytes; at most {MAX_SUBMISSION:,} are graded.")
        data = os.read(fd, MAX_SUBMISSION + 1)
    finally:
        os.close(fd)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TutorError(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None


class Server:
    """A grading server, started in the background at once; ends, with all it started, when it is closed.

    Args:
        course_root: the course whose suites and solutions the learners' code must not read.
    """

    def __init__(self, course_root: Path) -> None:
        if not hasattr(os, "fork"):
            raise TutorError(
                "Grading needs Linux or macOS: this system can't fork processes.",
                "On Windows, run tutor inside WSL.",
            )
        self._hidden = [str(course_root / "solutions"), str(course_root / "tests")]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._control, theirs = socket.socketpair()
        self._paths = _import_paths()
        code = f"import sys; sys.path[:] = {self._paths!r}; from tutor.grading.server import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", code, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=_environment(None),
            start_new_session=True,
        )
        theirs.close()
        self._lock = threading.Lock()
        self._number = 0
        self._running: set[int] = set()  # the numbers of checks
        self._superseded: set[int] = set()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server; it kills what it started before it goes."""
        self._control.close()
        if self._number == 0:
            self._process.kill()  # it has started nothing yet, and may still be importing torch
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def grade(self, exercise: Exercise, source: str, filename: str, **options: Any) -> Report:
        """Grade one submission, the learner's file as text; see `grade_all`."""
        return self.grade_all(exercise, [source], filename, **options)[0]

    def grade_all(
        self,
        exercise: Exercise,
        sources: Sequence[str],
        filename: str,
        *,
        seed: int | None = None,
        select: str | None = None,
        sandbox: Sandbox = "auto",
        repro: bool = False,
        pictures: Path | None = None,
        first_failure_ends: bool = False,
        diagnose: float = DIAGNOSIS_SECONDS,
        explain: bool = False,
        only: Sequence[str] | None = None,
        speed: bool = True,
        devices: Mapping[str, str] | None = None,
        on_result: OnResult | None = None,
    ) -> list[Report]:
        """Grade submissions to one exercise, one after the other in one process. Several threads may ask at once.

        Args:
            exercise: whose suite to run.
            sources: the files as text; nothing is read from the disk again. Several must be such as can be trusted not
                to disturb each other: they share a worker.
            filename: the name that messages and tracebacks show for it.
            seed: of the inputs; drawn if None.
            select: run only the tests whose name contains this.
            sandbox: "strict" refuses to grade where a layer is missing; "off" applies none.
            repro: also write a script with the first failing call.
            pictures: folder for the pictures of a capstone; they are thrown away if None.
            first_failure_ends: stop at the first test that fails.
            diagnose: seconds after which no further mistake of the exercise's known ones is tried as the cause of a
                failure; 0 looks for no cause at all.
            explain: look for the smallest failing input.
            only: run only the tests with these ids, as `TestResult.id` has them.
            speed: also run the tests that time.
            devices: those to time on, and of each why it can't be, if it can't; the CPU alone if None.
            on_result: called with each result as it comes in.

        Raises:
            TutorError: if the exercise needs what isn't installed, or its files are wrong.
        """
        exercise.require()
        details = exercise.details()
        seed = secrets.randbelow(2**32) if seed is None else seed
        scratch = tempfile.mkdtemp(prefix="tutor-")
        try:
            job = {
                "exercise": exercise.name,
                "suite": str(exercise.suite),
                "stub": exercise.stub.read_text(encoding="utf-8"),
                "sources": list(sources),
                "filename": filename,
                "forbid": list(details.forbid),
                "seconds": details.seconds,
                "needs": exercise.needs,
                "seed": seed,
                "select": select,
                "only": None if only is None else list(only),
                "sandbox": sandbox,
                "repro": repro,
                "first_failure_ends": first_failure_ends,
                "diagnose": float(diagnose),
                "explain": explain,
                "speed": speed,
                "devices": dict(devices or {"cpu": ""}),
                "mistakes": _mistakes(exercise) if diagnose else [],
                "pictures": str(pictures or scratch),
                "scratch": scratch,
                "hidden": self._hidden,
                "readable": [*interpreter_paths(), *self._paths],
                "environment": _environment(scratch),
            }
            whole = select is None and only is None
            collectors = [_Collector(exercise.name, seed, whole, on_result) for _ in sources]
            self._run(job, collectors)
            reports = [collector.report() for collector in collectors]
            return reports if pictures else [replace(report, pictures=[]) for report in reports]
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def supersede(self) -> None:
        """End the checks that are running: their answer isn't wanted any more, and says so."""
        with self._lock:
            self._superseded |= self._running
            running = list(self._running)
        for number in running:
            self._cancel(number)

    def _run(self, job: dict[str, Any], collectors: Sequence[_Collector]) -> None:
        """Send the job, and feed the collectors, one after the other, until the grader hangs up."""
        waiting = list(collectors)

        def note(text: str) -> None:
            for collector in waiting:
                collector.note(text)

        ours, theirs = socket.socketpair()
        with ours:
            with self._lock, theirs:
                self._number += 1
                number = self._number
                self._running.add(number)
                try:
                    send_control(self._control, {"grade": job, "number": number}, [theirs.fileno()])
                except OSError:
                    note(f"The grading server ended unexpectedly.\n{self._last_words()}".strip())
                    return
            ours.settimeout(CHECK_SECONDS)
            try:
                while (received := receive_control(ours)) is not None:
                    waiting[0].take(received[0])
                    if waiting[0].complete:
                        waiting.pop(0)
            except TimeoutError:
                note(f"The check did not end within {CHECK_SECONDS:g} seconds.")
            except OSError:
                note("The grader ended in the middle of a message.")
            finally:
                self._cancel(number)
                with self._lock:
                    self._running.discard(number)
        waiting = [collector for collector in waiting if not collector.noted]
        if number in self._superseded:
            note("A later check took its place.")
        elif waiting:
            try:
                self._process.wait(0.5)  # if the server has died, it may still be dying
                note(f"The grading server ended unexpectedly.\n{self._last_words()}".strip())
            except subprocess.TimeoutExpired:
                if words := self._last_words():
                    note(f"The grader ended unexpectedly.\n{words}")

    def _cancel(self, number: int) -> None:
        """End a grader that may still be there; the server forgets those that have ended."""
        try:
            with self._lock:
                send_control(self._control, {"cancel": number})
        except OSError:
            pass  # the server is gone, and its graders with it

    def _last_words(self) -> str:
        """What the server and its graders wrote last: a traceback, where one of them broke."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-2000:]


def _mistakes(exercise: Exercise) -> list[tuple[str, str]]:
    """What to say of each known mistake, and the solution with it; none that doesn't fit its solution any more."""
    found = []
    solution = exercise.solution.read_text(encoding="utf-8") if exercise.solution.exists() else ""
    for mistake in exercise.details().mistakes:
        with contextlib.suppress(TutorError):  # `tutor verify` complains about it
            found.append((mistake.says, mistake.apply(solution)))
    return found


def _import_paths() -> list[str]:
    """Where the server may import from: as here, but not from the current folder, which is the learner's.

    Unless it is the folder of this very package, as in a checkout: another tutor on the path must not take its place,
    so this one's folder comes before any that holds one.
    """
    here, package = os.path.realpath(os.getcwd()), str(Path(__file__).resolve().parents[2])
    paths = [path for path in dict.fromkeys(sys.path) if path and (os.path.realpath(path) != here or here == package)]
    if package not in map(os.path.realpath, paths):
        return [package, *paths]
    first = next(i for i, path in enumerate(paths) if os.path.isfile(f"{path}/tutor/__init__.py"))
    rest = [path for path in paths[first:] if os.path.realpath(path) != package]
    return [*paths[:first], package, *rest]


def _environment(scratch: str | None) -> dict[str, str]:
    """An environment by allow-list: nothing of the learner's shell reaches Python or torch."""
    names = ("PATH", "LANG", "LC_ALL", "TZ", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    fixed = {"OMP_WAIT_POLICY": "PASSIVE", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "MPLBACKEND": "Agg"}
    home = scratch or os.environ.get("HOME", "/")
    return kept | threads | fixed | {"HOME": home, **({"TMPDIR": scratch} if scratch else {})}


class _Collector:
    """Puts a check's events together. Only what the grader said counts, and only if it said all of it."""

    def __init__(self, exercise: str, seed: int, whole: bool, on_result: OnResult | None) -> None:
        self._exercise, self._seed, self._whole, self._on_result = exercise, seed, whole, on_result
        self._started = time.perf_counter()
        self._collected: list[str] | None = None
        self._results: list[TestResult] = []
        self._finished: dict[str, Any] = {}
        self._notes: list[str] = []
        self._pictures: list[str] = []
        self._diagnoses: dict[str, str] = {}
        self._pattern: str | None = None
        self._own: str | None = None
        self._explanation: Explanation | None = None
        self._speed: list[Speed] = []
        self._ungated = False  # the tests that time were left out, where they count

    @property
    def complete(self) -> bool:
        """Whether the grader has said its last word."""
        return bool(self._finished)

    @property
    def noted(self) -> bool:
        """Whether it is known why there is no verdict."""
        return bool(self._notes)

    def note(self, text: str) -> None:
        self._notes.append(text)

    def take(self, event: dict[str, Any]) -> None:
        if "collected" in event:
            self._collected = event["collected"]
        elif "result" in event:
            result = TestResult.from_json(event["result"])
            self._results.append(result)
            if self._on_result:
                self._on_result(result)
        elif "diagnosis" in event:
            self._diagnoses[event["test"]] = event["diagnosis"]
        elif "pattern" in event:
            self._pattern = event["pattern"]
        elif "explanation" in event:
            self._explanation = Explanation.from_json(event["explanation"])
        elif "speed" in event:
            self._speed.append(Speed(**event["speed"]))
        elif "ungated" in event:
            self._whole, self._ungated = False, True
        elif "own" in event:
            self._own = event["own"]
        elif "picture" in event:
            self._pictures.append(event["picture"])
        elif "broken" in event:
            self._notes.append(event["broken"])
        else:
            self._finished = event

    def report(self) -> Report:
        """The verdict: passed only if every collected test reported, and each passed."""
        complete = bool(self._collected) and [r.id for r in self._results] == self._collected
        outcomes = {result.outcome for result in self._results}
        if "failed" in outcomes and "error" not in outcomes:
            verdict: Literal["passed", "failed", "ungraded"] = "failed"
        else:
            verdict = "passed" if complete and self._finished and outcomes == {"passed"} else "ungraded"
        if verdict == "ungraded" and not self._notes:
            self._notes.append(self._why())
        if self._ungated:
            self._notes.append("Speed is part of this exercise: a check without it does not pass it.")
        layers = self._finished.get("sandbox", {})
        return Report(
            exercise=self._exercise,
            verdict=verdict,
            tests=[self._diagnosed(result) for result in self._results],
            seed=self._seed,
            seconds=time.perf_counter() - self._started,
            sandbox=[f"{layer}: {state}" for layer, state in layers.items()],
            whole=self._whole,
            notes=self._notes,
            pictures=self._pictures,
            repro=self._finished.get("repro"),
            pattern=self._pattern,
            own=self._own,
            explanation=self._explanation,
            speed=self._speed,
        )

    def _diagnosed(self, result: TestResult) -> TestResult:
        says = self._diagnoses.get(result.id)
        if says is None or result.failure is None:
            return result
        return replace(result, failure=replace(result.failure, diagnosis=says))

    def _why(self) -> str:
        if self._collected == []:
            return "No test was chosen: check the name given to -k." if not self._whole else "The suite has no tests."
        if any(result.outcome == "error" for result in self._results):
            return "A test of the exercise itself is broken; that is not your fault."
        return "The grader ended before every test had reported."
