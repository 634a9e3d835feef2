"""The grader: runs one hidden suite under pytest, in a process that never executes a line of the learner's.

It tells the client what happens as events, one control message each: `collected`, `result`, `finished`, `broken`. A job
may have several submissions, which are graded one after the other; each ends with `finished`.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Literal

import pytest
import torch

import tutor.testkit  # noqa: F401 (imported by the server, so that suites find it loaded)
from tutor.grading import sandbox
from tutor.grading.control import send_control
from tutor.grading.devices import is_cuda
from tutor.grading.diagnosis import Diagnosis, Failed
from tutor.grading.explain import Attempt, explain
from tutor.grading.learner import (
    Call,
    Learner,
    LearnerFailed,
    SandboxMissing,
    Session,
    Submission,
    describe_call,
)
from tutor.grading.own import compare_with_own
from tutor.grading.pattern import pattern
from tutor.grading.repro import write_repro
from tutor.grading.rules import known
from tutor.grading.signatures import signatures_of
from tutor.report import Failure, Outcome, TestResult
from tutor.testkit.compare import Mismatch
from tutor.testkit.draw import Draw
from tutor.testkit.picture import Album
from tutor.testkit.stopwatch import Stopwatch

EXPLAINED = 5  # tests of which the smallest failing input is looked for
UNUSED = (  # plugins of pytest's that do nothing for us but take their time
    *("terminal", "cacheprovider", "faulthandler", "logging", "doctest", "junitxml", "pastebin", "stepwise"),
    *("setuponly", "setupplan", "debugging", "unittest", "tmpdir", "monkeypatch", "recwarn", "warnings"),
    *("unraisableexception", "threadexception", "subtests"),
)
INI = os.path.join(os.path.dirname(__file__), "suite.ini")


def run(events: socket.socket, control: socket.socket, job: dict[str, Any]) -> int:
    """Grade the submissions of a job; the exit status is for logs, the verdicts are in the events."""
    sandbox.hide_memory()
    unknown = [name for name in job["forbid"] if not known(name)]
    if unknown:
        send_control(events, {"broken": f"exercise.yaml: rules.forbid: torch has no {', '.join(unknown)}."})
        return 1
    session = _open_session(control, job)
    diagnosis = Diagnosis(session, [(says, source) for says, source in job["mistakes"]])
    try:
        return max(_grade(events, control, job | {"source": source}, session, diagnosis) for source in job["sources"])
    finally:
        diagnosis.close()
        session.close()


def _grade(
    events: socket.socket, control: socket.socket, job: dict[str, Any], session: Session, diagnosis: Diagnosis
) -> int:
    session.become(job["source"])
    plugin = Suite(job, session, lambda event: send_control(events, event), partial(_open_session, control, job))
    try:
        session.start()
    except SandboxMissing as missing:
        send_control(events, {"broken": str(missing)})
        return 1
    except LearnerFailed:
        pass  # each test that calls the learner says so
    status = pytest.main(_arguments(job), plugins=[plugin])
    if job["diagnose"] and plugin.wrong:
        plugin.diagnose(diagnosis)
    if job["explain"] and plugin.wrong:
        plugin.explain()
    send_control(events, {"finished": int(status), "sandbox": session.sandbox, "repro": plugin.repro})
    return 0


def _arguments(job: dict[str, Any]) -> list[str]:
    return [
        job["suite"],
        *("-c", INI, "--rootdir", os.path.dirname(job["suite"]), "--noconftest", "--import-mode=importlib"),
        *("--assert=plain", "--capture=no", "--strict-markers"),
        *(part for name in UNUSED for part in ("-p", f"no:{name}")),
        *(["--maxfail=1"] if job["first_failure_ends"] else []),
    ]


def _open_session(control: socket.socket, job: dict[str, Any], device: str = "cpu", ours: bool = False) -> Session:
    """A session of the learner's file; or, if it is `ours`, of nothing at all, to run functions of the suite's."""
    settings = {key: job[key] for key in ("scratch", "readable", "hidden", "environment", "sandbox")}
    settings["cuda"] = is_cuda(device)
    settings["compiles"] = is_cuda(device) and job["needs"] == "triton"
    if not is_cuda(device):
        settings["environment"] = job["environment"] | {"TRITON_INTERPRET": "1"}
    source = "" if ours else job.get("source", "")
    submission = Submission(source, job["filename"], tuple(job["forbid"]), job["seconds"], settings, quiet=ours)
    return Session(control, submission, job["seed"], signatures_of(job["stub"]), device)


def seed_of(seed: int, test: str) -> int:
    """A test's own seed: the check's seed and the test's name, so that the order of tests does not matter."""
    return int.from_bytes(hashlib.blake2s(f"{seed}/{test}".encode(), digest_size=6).digest(), "big")


def title_of(item: pytest.Function) -> str:
    """`test_matches_torch[2-1]` with its parameters' names: `matches torch (stride=2, padding=1)`."""
    words = item.originalname.removeprefix("test_").replace("_", " ")
    spec = getattr(item, "callspec", None)
    if spec is None:
        return words
    plain = all(isinstance(v, bool | int | float | str | tuple | None | torch.dtype) for v in spec.params.values())
    if not plain:
        return f"{words} ({spec.id})"
    return f"{words} ({', '.join(f'{name}={_show(value)}' for name, value in spec.params.items())})"


def _show(value: Any) -> str:
    return str(value).removeprefix("torch.") if isinstance(value, torch.dtype) else str(value)


class Suite:
    """The pytest plugin: gives suites their fixtures, and reports each test once."""

    def __init__(
        self,
        job: dict[str, Any],
        session: Session,
        tell: Callable[[dict[str, Any]], None],
        sessions: Callable[[str, bool], Session],
    ) -> None:
        self._job, self._session, self._tell, self._sessions = job, session, tell, sessions
        self._titles: dict[str, str] = {}  # originalname -> title, of tests that did not pass
        self.failed: list[Failed] = []  # on what the learner's code returned
        self.passed: list[list[Call]] = []  # the calls of those that passed
        self.wrong: list[tuple[pytest.Function, Attempt]] = []  # every test that failed with a call, answered or not
        self._started = 0.0
        self._learner: Learner | None = None
        self.repro: str | None = None

    # --- fixtures -------------------------------------------------------------------------------------------

    @pytest.fixture
    def learner(self, request: pytest.FixtureRequest) -> Learner:
        """The learner's solution; every call crosses to the worker."""
        self._learner = self._new_learner(request.node.name)
        return self._learner

    def _new_learner(self, test: str, session: Session | None = None) -> Learner:
        """With a seed that no input is drawn from, or the learner's random numbers would be the inputs."""
        return Learner(session or self._session, seed_of(self._job["seed"], f"{test} in the worker"))

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Draw:
        """Random inputs of this test's own."""
        return Draw(seed_of(self._job["seed"], request.node.name))

    @pytest.fixture
    def album(self) -> Album:
        """Pictures for the learner to look at."""
        return Album(self._job["pictures"], lambda path: self._tell({"picture": path}))

    @pytest.fixture
    def stopwatch(self, request: pytest.FixtureRequest) -> Stopwatch:
        """Times the learner's code beside torch's."""
        name = request.node.name
        return Stopwatch(
            self._sessions,
            lambda device: seed_of(self._job["seed"], f"{name} on {device}"),
            self._job["devices"],
            lambda row: self._tell({"speed": asdict(row)}),
            name,
            self._job["seconds"],
            _gates(request.node),
        )

    # --- hooks ----------------------------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "builds_on(*tests): waits when one of these tests did not pass")
        config.addinivalue_line("markers", "speed(gates=False): times; comes last, and waits when any did not pass")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._tell({"broken": f"The exercise's suite can't be loaded.\n{report.longrepr}"})

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Function]) -> None:
        wanted = self._job["select"]
        if wanted:
            items[:] = [item for item in items if wanted in title_of(item) or wanted in item.name]

        only = self._job["only"]
        if only is not None:
            items[:] = [item for item in items if item.name in only]
        timed = [item for item in items if item.get_closest_marker("speed")]
        rest = [item for item in items if item not in timed]
        items[:] = rest + timed if self._job["speed"] else rest
        if not self._job["speed"] and any(map(_gates, timed)):
            self._tell({"ungated": True})

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._tell({"collected": [item.name for item in session.items]})

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        self._started = time.perf_counter()
        self._learner = None
        self._session.take_output()
        if item.get_closest_marker("speed") and self._titles:
            raise Waiting(next(iter(self._titles.values())))
        for marker in item.iter_markers("builds_on"):
            for name in marker.args:
                if name in self._titles:
                    raise Waiting(self._titles[name])

    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """In place of pytest's own account of a failure, which nobody reads and which takes longer than most tests."""
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or error is not None:
            self._report(item, error)
        assert call.when != "collect"
        outcome: Literal["failed", "passed"] = "passed" if error is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    # --- results --------------------------------------------------------------------------------------------

    def _report(self, item: pytest.Function, error: BaseException | None) -> None:
        seconds = time.perf_counter() - self._started
        title = title_of(item)
        if error is None:
            result = TestResult(item.name, title, "passed", seconds)
            if self._learner and _settled(self._learner._calls):
                self.passed.append(self._learner._calls)
        elif isinstance(error, Waiting):
            result = TestResult(item.name, title, "waiting", seconds, Failure("waiting", str(error)))
        else:
            failure = self._explain(error)
            outcome: Outcome = "error" if failure.kind == "suite" else "failed"
            result = TestResult(item.name, title, outcome, seconds, failure)
            self._keep_repro(error)
            if self._learner and self._learner._calls and isinstance(error, AssertionError | LearnerFailed):
                self.wrong.append((item, Attempt(self._learner._calls, error)))
            self._keep_for_diagnosis(item, error)
        if error is not None:
            self._titles.setdefault(item.originalname, title.partition(" (")[0])
        self._tell({"result": asdict(result)})

    def _explain(self, error: BaseException) -> Failure:
        if isinstance(error, LearnerFailed):
            failure = error.failure
        elif isinstance(error, Mismatch):
            failure = Failure("mismatch", error.summary, tuple(error.details))
        elif isinstance(error, AssertionError):
            failure = Failure("check", str(error) or "An assertion of the suite does not hold.")
        else:
            frames = _where(error)
            return Failure("suite", f"The suite itself broke: {type(error).__name__}: {error}", frames)
        calls = self._learner._calls if self._learner else []
        call = describe_call(calls[-1], self._session.signatures) if calls else None
        printed = failure.printed or self._session.take_output()
        return Failure(failure.kind, failure.summary, failure.details, call, printed, failure.frames)

    def diagnose(self, diagnosis: Diagnosis) -> None:
        """Tell the likely cause of what failed, where a known mistake is it."""
        passed = [call for calls in self.passed for call in calls]
        if common := pattern([attempt.calls[-1] for _, attempt in self.wrong], passed, self._session.signatures):
            self._tell({"pattern": common})
        told = [*passed, *(call for test in self.failed for call in test.calls)]
        answered = [call for call in told if call.answered]
        wrong = {test.calls[-1].name for test in self.failed if test.calls[-1].answered}
        failed = {attempt.calls[-1].name for _, attempt in self.wrong}
        if own := compare_with_own(self._session, wrong, failed, answered):
            self._tell({"own": own})
        for test, says in diagnosis.explain(self.failed, self.passed, self._job["diagnose"]).items():
            self._tell({"diagnosis": says, "test": test})

    def explain(self) -> None:
        """Tell the smallest failing call that can be found, of one test of each kind."""
        kinds = {item.originalname: (item, attempt) for item, attempt in reversed(self.wrong)}
        first = sorted(kinds.values(), key=self.wrong.index)[:EXPLAINED]
        tests = [(title_of(item), partial(self._attempt, item), attempt) for item, attempt in first]
        found = explain(tests, self._session.signatures, self._job["seed"])
        if found:
            self._tell({"explanation": asdict(found)})

    def _attempt(self, item: pytest.Function, draw: Draw, learner: Learner | None = None) -> Attempt:
        """Run a test with another `draw`; a test that can't be run like that counts as one that passes."""
        learner = learner or self._new_learner(item.name)
        try:
            self._rerun(item, learner, draw)
        except (AssertionError, LearnerFailed) as error:
            return Attempt(learner._calls, error)
        except Exception:
            pass  # torch, say, that has no convolution for such shapes
        return Attempt(learner._calls, None)

    def _keep_for_diagnosis(self, item: pytest.Function, error: BaseException) -> None:
        learner = self._learner
        if learner and isinstance(error, AssertionError | LearnerFailed) and _settled(learner._calls):
            self.failed.append(self._failed(item, learner, error))

    def _failed(self, item: pytest.Function, learner: Learner, error: AssertionError | LearnerFailed) -> Failed:
        parts = error.parts if isinstance(error, Mismatch) else []
        fails = partial(self._fails, item) if learner._counted else None
        return Failed(item.name, learner._calls, parts, lambda draw: self._repeat(item, draw), fails)

    def _fails(self, item: pytest.Function, session: Session) -> bool:
        """Whether a test fails on this session's code, with the inputs that it had."""
        draw = Draw(seed_of(self._job["seed"], item.name))
        return self._attempt(item, draw, self._new_learner(item.name, session)).error is not None

    def _repeat(self, item: pytest.Function, draw: int) -> Failed | None:
        """Run a test once more with other inputs: what it is if it fails again on what was returned or raised."""
        test = f"{item.name} once more {draw}"
        learner = self._new_learner(test)
        error = self._attempt(item, Draw(seed_of(self._job["seed"], test)), learner).error
        return self._failed(item, learner, error) if error and _settled(learner._calls) else None

    def _rerun(self, item: pytest.Function, learner: Learner, draw: Draw) -> None:
        """Call a test's function with these in place of the fixtures of its own."""
        fixtures = {"learner": learner, "draw": draw, "album": Album(self._job["scratch"], lambda path: None)}
        given = fixtures | (item.callspec.params if hasattr(item, "callspec") else {})
        item.obj(**{name: given[name] for name in item._fixtureinfo.argnames})

    def _keep_repro(self, error: BaseException) -> None:
        calls = self._learner._calls if self._learner else []
        if self._job["repro"] and self.repro is None and calls:
            expected = error.expected if isinstance(error, Mismatch) else None
            self.repro = write_repro(self._job["exercise"], self._job["filename"], calls[-1], expected, error)


def _settled(calls: list[Call]) -> bool:
    """Whether each of them returned or raised something: what other code can be asked to do likewise."""
    return bool(calls) and all(call.answered or call.raised for call in calls)


def _gates(item: pytest.Function) -> bool:
    """Whether a test that times also fails who is too slow."""
    marker = item.get_closest_marker("speed")
    return bool(marker and marker.kwargs.get("gates"))


class Waiting(Exception):
    """Raised before a test that builds on one that failed."""

    def __init__(self, title: str) -> None:
        super().__init__(f"Waits for “{title}”.")


def _where(error: BaseException) -> tuple[str, ...]:
    trace, lines = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return tuple(lines[-4:])
