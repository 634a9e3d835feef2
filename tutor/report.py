"""What a check found, as data: built by the grader, kept by progress, printed by render."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Verdict = Literal["passed", "failed", "ungraded"]
Outcome = Literal["passed", "failed", "waiting", "error"]

SCHEMA = 1  # of `tutor check --json`; raised when a field changes meaning or goes away


@dataclass(frozen=True)
class Frame:
    """One line of the learner's own file in a traceback."""

    line: int
    function: str
    code: str


@dataclass(frozen=True)
class Failure:
    """Why a test did not pass.

    Attributes:
        kind: what sort of failure it is, for programs: `mismatch`, `exception`, `not_written`, `missing`,
            `signature`, `load`, `timeout`, `crash`, `memory`, `output`, `not_data`, `rule`, `check`, `suite`.
        summary: one sentence: what happened.
        details: further lines, each standing alone: shapes, counts, the worst error and where.
        call: the call that led here, with the shapes of its arguments.
        printed: what the learner's code printed during the test.
        frames: the learner's own lines of the traceback, outermost first.
        diagnosis: the likely cause, when it is known and not guessed.
    """

    kind: str
    summary: str
    details: tuple[str, ...] = ()
    call: str | None = None
    printed: str = ""
    frames: tuple[Frame, ...] = ()
    diagnosis: str | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Failure:
        frames = tuple(Frame(**frame) for frame in data["frames"])
        return cls(**{**data, "details": tuple(data["details"]), "frames": frames})


@dataclass(frozen=True)
class TestResult:
    """One test: `waiting` means that it builds on another that failed, `error` that the suite itself broke."""

    __test__ = False  # not a test for pytest to collect

    id: str
    title: str
    outcome: Outcome
    seconds: float
    failure: Failure | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TestResult:
        failure = data["failure"]
        return cls(**{**data, "failure": Failure.from_json(failure) if failure else None})


@dataclass(frozen=True)
class ResultPart:
    """A part of a result as text, what came beside what was expected; a star marks what differs."""

    name: str
    yours: str
    expected: str


@dataclass(frozen=True)
class Explanation:
    """The smallest failing call that was found.

    Attributes:
        test: the title of the test that fails.
        function: the learner's function, or the scenario, that was called.
        arguments: name and value, as text.
        parts: of the result, those that differ.
        says: what went wrong, where it isn't a result that differs.
        source: the scenario's text, if it was one.
    """

    test: str
    function: str
    arguments: list[tuple[str, str]]
    parts: list[ResultPart]
    says: str = ""
    source: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Explanation:
        parts = [ResultPart(**part) for part in data["parts"]]
        return cls(**{**data, "parts": parts, "arguments": [(name, text) for name, text in data["arguments"]]})


@dataclass(frozen=True)
class Speed:
    """How fast the learner's code is on one device, beside the reference doing the same work.

    Attributes:
        test: the id of the test that measured it.
        function: what was called.
        device: `cpu` or `cuda:0`.
        outcome: `fast` or `slow` beside the limit; `measured` where there is none; `noisy`, where no verdict could be
            had; `small`, where calling costs as much as the call; `unmeasured`, where there is no such device.
        gates: whether `slow` fails the exercise.
        name, driver, torch: of the device; only like is compared with like.
        yours, reference: seconds a call, medians.
        ratio, low, high: of the two, by pairs: the median, and between which half of them lie.
        limit: the largest ratio that passes.
        operations, enough: torch operations that were dispatched, and how many the exercise takes to be enough.
        cost: all that was counted; see `tutor.grading.cost`.
        memory, memory_limit: the peak of a GPU's memory, beside the reference's; and the largest that passes.
        roof: the share of what this device can that the operation reaches, in bytes moved or in arithmetic.
        says: a sentence for the learner.
    """

    test: str
    function: str
    device: str
    outcome: str
    gates: bool
    name: str = ""
    driver: str = ""
    torch: str = ""
    yours: float | None = None
    reference: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    operations: int | None = None
    enough: int | None = None
    cost: dict[str, Any] = field(default_factory=dict)
    memory: float | None = None
    memory_limit: float | None = None
    roof: float | None = None
    says: str = ""


@dataclass
class Report:
    """The whole of one check.

    Attributes:
        exercise: the exercise's name.
        verdict: `passed` only if every collected test reported from the grader that it passed.
        tests: one result a test, in the suite's order.
        seed: repeats the check's inputs (`tutor check --seed`).
        seconds: wall time of the check, from asking to verdict.
        sandbox: the layers of confinement that held during this check.
        whole: False when `-k` chose some of the tests; such a check never passes an exercise.
        notes: sentences about the check as a whole; why it could not be graded, above all.
        pictures: files (absolute paths) that the exercise made for the learner to look at.
        repro: a standalone script with the first failing call, when one was asked for.
        pattern: what the tests that fail have in common and those that pass have not, where there is such a thing.
        own: where a backward pass is wrong: how it compares with the learner's own forward pass.
        explanation: the smallest failing call, when one was asked for.
        speed: what was timed, a row for each device.
    """

    exercise: str
    verdict: Verdict
    tests: list[TestResult]
    seed: int
    seconds: float
    sandbox: list[str] = field(default_factory=list)
    whole: bool = True
    notes: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    repro: str | None = None
    pattern: str | None = None
    own: str | None = None
    explanation: Explanation | None = None
    speed: list[Speed] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many tests had each outcome."""
        return Counter(test.outcome for test in self.tests)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `tutor check --json`: this report's fields, and `schema`, the version of their meaning."""
        return {"schema": SCHEMA, **asdict(self)}
