"""Why a result is wrong: the exercise's known mistakes, tried on the very inputs that failed; then what else holds.

A mistake is an edit of the solution. It runs in a worker of its own and answers the same calls as the learner's code
did; if its answers are the learner's, its sentence is the diagnosis. It is said only if that holds on two independently
drawn sets of inputs, and if no other mistake answers alike: a false diagnosis is worse than none. Answers with little
in them (a yes, a name, a count) are soon the same by chance: there it has to answer as the learner's code did in every
test that passed, too. Where no mistake is it, the relations between what came and what was expected are tried, on two
sets of inputs as well.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from tutor.grading.learner import Call, LearnerFailed, Session, arguments_of
from tutor.grading.relations import Evidence, relate
from tutor.testkit.compare import Part, tolerance

Answer = tuple[Any, tuple[str, ...]]  # a result, and the arguments that were changed

TESTS = 4  # that are diagnosed, one of each kind
DRAWS = 4  # sets of inputs that are tried for a second failure


@dataclass(frozen=True)
class Failed:
    """A test that failed on what the learner's code returned or raised.

    Attributes:
        id: of the test; those that differ only in parameters have the same up to the bracket.
        calls: what was asked, and what came back.
        parts: what of it differs from what was expected.
        repeat: runs the test again with another seed; what it is then if it fails again, else None.
        fails: whether it fails on this session's code as well, for a test that asks for more than answers: what they
            cost. None for all others.
    """

    id: str
    calls: list[Call]
    parts: list[Part]
    repeat: Callable[[int], Failed | None]
    fails: Callable[[Session], bool] | None = None


class Diagnosis:
    """Tries the mistakes of one exercise, one after the other in one worker; `close` ends it.

    Args:
        learner: the learner's session, whose limits and sandbox hold for the mistakes as well.
        mistakes: pairs (what to say, source).
    """

    def __init__(self, learner: Session, mistakes: list[tuple[str, str]]) -> None:
        self._end = 0.0
        self._signatures = learner.signatures
        self._sources = dict(mistakes)
        submission = replace(learner.submission, source="", filename="mistake.py", forbid=())
        self._session = Session(learner.control, submission, learner.seed, learner.signatures, learner.device)
        self._loaded: str | None = None  # whose source the session has
        self._answers: dict[tuple[str, bytes], Answer | LearnerFailed] = {}  # by mistake, and what was asked

    def close(self) -> None:
        self._session.close()

    def explain(self, failed: list[Failed], passed: list[list[Call]], seconds: float) -> dict[str, str]:
        """What to say of which test, by the tests' ids; nothing of tests whose cause isn't known.

        Args:
            failed: the tests to explain. The other cases of one test are a second draw of its inputs where no
                repetition fails, and tell mistakes apart that answer alike in it.
            passed: the calls of the tests that passed, which tell mistakes apart as well.
            seconds: after which no further mistake is tried.
        """
        self._end = time.monotonic() + seconds
        kinds = {test.id.partition("[")[0]: test for test in reversed(failed)}
        first = sorted(kinds.values(), key=failed.index)[:TESTS]
        candidates: dict[str, set[str]] = {test.id: set() for test in first}
        for says in self._sources:  # each is loaded once for all tests
            for test in first:
                if self._answers_alike(says, test.calls, exactly=True):
                    candidates[test.id].add(says)
        said = {
            test.id: self._explain(test, candidates[test.id], [o for o in failed if o.id != test.id], passed)
            for test in first
        }
        return {test: says for test, says in said.items() if says}

    def _explain(
        self, test: Failed, candidates: set[str], others: list[Failed], passed: list[list[Call]]
    ) -> str | None:
        kind = test.id.partition("[")[0]
        siblings = [other for other in others if other.id.partition("[")[0] == kind]
        repeated = next((failed for draw in range(DRAWS) if (failed := test.repeat(draw)) is not None), None)
        again = repeated or next(iter(siblings), None)
        if again is None:
            return None
        alike = {says for says in candidates if self._answers_alike(says, again.calls, exactly=True)}
        if test.fails is not None:
            alike = {says for says in alike if self._fails(test.fails, says)}
        likely = self._tell_apart(alike, [sibling.calls for sibling in siblings] + passed)
        if len(likely) == 1 and not any(says_much(call.result) for call in test.calls):
            likely = {says for says in likely if all(self._answers_alike(says, calls) for calls in passed)}
        if len(likely) == 1:
            return likely.pop()
        return relate(self._evidence(test), self._evidence(again))

    def _fails(self, test: Callable[[Session], bool], says: str) -> bool:
        self._become(says)
        return time.monotonic() < self._end and test(self._session)

    def _evidence(self, test: Failed) -> Evidence:
        return Evidence(test.parts, arguments_of(test.calls[-1], self._signatures))

    def _tell_apart(self, found: set[str], asked: list[list[Call]]) -> set[str]:
        """Of several, those that answer as the learner's code did elsewhere too."""
        for calls in asked:
            if len(found) > 1:
                found = {says for says in found if self._answers_alike(says, calls)}
        return found

    def _answers_alike(self, says: str, calls: list[Call], exactly: bool = False) -> bool:
        """Whether this mistake does in all these calls what the learner's code did.

        Args:
            exactly: an exception has to say the same; else its type is enough, for the words may be the learner's own.
        """
        return all(self._answers_call_alike(says, call, exactly) for call in calls)

    def _answers_call_alike(self, says: str, call: Call, exactly: bool) -> bool:
        """The same result, and the same inputs changed: of a right result, a test may dislike something else."""
        if time.monotonic() > self._end:
            return False
        answer = self._answer(says, call)
        if isinstance(answer, LearnerFailed):
            theirs = call.failed
            if theirs is None or answer.types != theirs.types:
                return False
            return not exactly or answer.failure.summary == theirs.failure.summary
        result, changed = answer
        return call.answered and changed == call.changed and alike(result, call.result)

    def _answer(self, says: str, call: Call) -> Answer | LearnerFailed:
        """What this mistake answers; asked once, for another submission may have been asked the same."""
        key = says, self._session.key(call)
        if key not in self._answers:
            self._become(says)
            try:
                self._answers[key] = self._ask(call)
            except LearnerFailed as failed:
                self._answers[key] = failed
        return self._answers[key]

    def _become(self, says: str) -> None:
        if self._loaded != says:
            self._loaded = says
            self._session.become(self._sources[says])

    def _ask(self, call: Call) -> Answer:
        """The mistake's answer; of a process that crashed, a second one's, for a mistake before may have ruined it."""
        try:
            return self._session.ask(call)
        except LearnerFailed as failed:
            if failed.failure.kind != "crash":
                raise
            return self._session.ask(call)


def says_much(result: Any) -> bool:
    """Whether there is a fraction anywhere in it; yes and no, names and counts can be right or wrong by chance."""
    if isinstance(result, np.ndarray) and result.dtype.kind in "biuf":
        result = torch.from_numpy(result.copy())
    if isinstance(result, torch.Tensor):
        return result.is_floating_point() and bool(result[result.isfinite()].frac().any())
    if isinstance(result, dict):
        return any(map(says_much, result.values()))
    if isinstance(result, list | tuple):
        return any(map(says_much, result))
    return isinstance(result, float) and not result.is_integer() and math.isfinite(result)


def alike(one: Any, other: Any) -> bool:
    """Whether two results are the same up to rounding; here NaN equals NaN."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return alike(torch.from_numpy(one.copy()), torch.from_numpy(other.copy()))
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return _tensors_alike(one, other)
    if isinstance(one, tuple | list) and type(one) is type(other):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return _tensors_alike(torch.tensor(one, dtype=torch.float64), torch.tensor(other, dtype=torch.float64))
    return type(one) is type(other) and bool(one == other)


def _tensors_alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if not one.is_floating_point():
        return torch.equal(one, other)
    finite = other[other.isfinite()].abs()
    scale = finite.max().item() if finite.numel() else 0.0
    close = tolerance(one.dtype)
    return torch.allclose(one.double(), other.double(), rtol=close, atol=close * scale, equal_nan=True)
