"""How long the learner's code takes beside torch's, by a clock that it can't reach.

Two workers, the learner's and one of ours, make the same calls in turn, each pair in random order, on inputs that
are drawn afresh for each pair. On a CPU the clock is the worker's processor time, read from outside (all its threads,
whatever it replies and when). On a GPU it is the grader's own, up to results that are there, and never less than the
device's events say: those know nothing of other streams and can be patched, the clock has a request's overhead in it.
A result is committed to by a digest before the worker knows which one will be looked at; those that are looked at have
to be right.

The verdict is by counting: how many of the pairs exceed the limit. Where neither side has enough, there are more
pairs; where it stays so, it is "noisy", which costs nothing.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tutor.grading import wire
from tutor.grading.devices import digest, is_cuda
from tutor.grading.learner import LearnerFailed, Session
from tutor.grading.scenario import Scenario
from tutor.report import Failure

UNIT = 0.010  # seconds of work in one measurement
MOST_CALLS = 64  # in one measurement
STABLE = 0.1  # two pairs in a row that differ by less than this end the warm-up
WARM_UP, WARM_UP_GPU = 0.1, 1.0  # seconds after which it ends anyway
LOOKS = {11: 9, 21: 15, 41: 27}  # after so many pairs, so many on one side of the limit decide
CLEAR = 5  # pairs that decide if each is further from the limit than by this:
FAR = 2.0
SECONDS = 10.0  # of all pairs together
UNLIMITED, SECONDS_UNLIMITED = 7, 1.5  # pairs where there is no limit to hold, and seconds of them
PRECISE, MOST_PAIRS = 0.01, 200  # on a GPU: pairs until the ratio is known to this, or there are so many

Outcome = Literal["fast", "slow", "noisy", "small", "measured"]
Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass
class Timing:
    """What was measured.

    Attributes:
        outcome: `fast` and `slow` are relative to the limit; `measured` where there is none; `small` where calling
            costs as much as the call.
        yours, reference: seconds a call, medians.
        ratios: one a pair.
    """

    outcome: Outcome
    yours: float
    reference: float
    ratios: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def interval(self) -> tuple[float, float]:
        """Between which half of the ratios lie."""
        ordered = sorted(self.ratios)
        return ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]


class Side:
    """One of the two workers, and the calls that it makes.

    Args:
        function: a name of the learner's, or a function of the suite's: a scenario, or the reference if it is `plain`.
    """

    def __init__(
        self, session: Session, function: str | Callable[..., Any], seconds: float, plain: bool = False
    ) -> None:
        self.session, self._function, self._seconds, self._plain = session, function, seconds, plain
        self._blob: dict[str, Any] = {}
        self._held = 0
        self._digests: list[Any] = []
        self.events = 0.0  # seconds of the last calls, as the device's events have it

    def hold(self, sets: Sequence[Arguments]) -> None:
        """Hand over the arguments of the next calls; this isn't timed."""
        blob: dict[str, Any] = {}
        message = {"op": "hold", "sets": wire.encode(list(sets), blob), "device": self.session.device}
        if callable(self._function):
            message |= Scenario(self._function).message(blob) | {"plain": self._plain}
        else:
            message["name"] = self._function
        self._held = len(sets)
        self._ask(message, blob)

    def spend(self, calls: bool = True) -> float:
        """Make the calls (or do all but that); the seconds that it took."""
        before = self._clock()
        reply = self._ask({"op": "spend", "calls": calls, "device": self.session.device})[0]
        took = self._clock() - before
        if calls:
            found = reply.get("digests")
            self._digests = found if isinstance(found, list) else []
            events = reply.get("events")
            self.events = float(events) if isinstance(events, int | float) else 0.0
        return took

    def result(self, index: int) -> Any:
        """A result that was committed to.

        Raises:
            LearnerFailed: if it isn't what was committed to.
        """
        reply, blob = self._ask({"op": "fetch", "index": index})
        try:
            value = wire.decode(reply["value"], blob)
            committed = self._digests[index]
        except (wire.ProtocolError, KeyError, IndexError) as error:
            raise LearnerFailed(
                Failure("crash", "Your code broke the connection to the grader.", (str(error),))
            ) from None
        if len(self._digests) != self._held or digest(value) != committed:
            summary = "A result was changed after the clock had stopped."
            raise LearnerFailed(Failure("check", summary, ("What a function returns has to be complete.",)))
        return value

    def roof(self) -> dict[str, Any]:
        """See `devices.roof`; to be believed of our own worker only."""
        found: dict[str, Any] = self._ask({"op": "roof", "device": self.session.device})[0]
        return found

    def _ask(self, message: dict[str, Any], blob: dict[str, Any] | None = None) -> tuple[Any, Any]:
        answer: tuple[Any, Any] = self.session.start().ask(message, blob or {}, self._seconds)
        return answer

    @property
    def on_gpu(self) -> bool:
        return is_cuda(self.session.device)

    def _clock(self) -> float:
        if self.on_gpu or sys.platform != "linux":
            return time.perf_counter()
        pid = self.session.start().pid
        return time.clock_gettime((~pid << 3) | 2) if pid else 0.0


class Race:
    """The learner's side beside the reference's.

    Args:
        draw: the arguments of one call, new ones each time.
        check: compares a result with the reference's; raises if they differ.
    """

    def __init__(
        self, yours: Side, reference: Side, draw: Callable[[], Arguments], check: Callable[[Any, Any], None]
    ) -> None:
        self._yours, self._reference, self._draw, self._check = yours, reference, draw, check
        self._random = random.Random()
        self._calls = {True: 1, False: 1}  # in one measurement, by whether it is the learner's
        self._end = math.inf

    def run(self, limit: float | None, retry: bool = True) -> Timing:
        """Measure until there is a verdict; one that says slow has to be said twice."""
        self._end = time.monotonic() + (SECONDS if limit else SECONDS_UNLIMITED)
        small = self._warm_up()
        timing = self._measure(limit)
        if small:
            timing.outcome = "small"
        if timing.outcome == "slow" and retry and timing.ratio < 5 * (limit or 0):
            self._end = time.monotonic() + SECONDS
            timing = self._measure(limit)
        return timing

    def _warm_up(self) -> bool:
        """Find how many calls make a measurement; whether even the most are too few."""
        sets = [self._draw()]
        small = False
        for side in (self._reference, self._yours):
            side.hold(sets)
            took = side.spend()
            took = side.spend() if took < 20 * UNIT else took  # the first call may have had something to set up
            each = max(took - side.spend(calls=False), 1e-7)
            self._calls[side is self._yours] = min(MOST_CALLS, math.ceil(UNIT / each))
            small |= each * MOST_CALLS < UNIT / 20 and self._is_small(side)
        self._settle()
        return small

    def _settle(self) -> None:
        """Pairs that don't count, until caches, clocks and allocators are as they will be."""
        end = time.monotonic() + (WARM_UP_GPU if self._reference.on_gpu else WARM_UP)
        before: tuple[float, float] | None = None
        while time.monotonic() < end:
            pair = self._pair()
            if before and stable(before, pair):
                return
            before = pair

    def _is_small(self, side: Side) -> bool:
        """Whether even the most calls take next to no time; one call alone may only have seemed to."""
        side.hold([self._draw() for _ in range(MOST_CALLS)])
        return side.spend() - side.spend(calls=False) < UNIT / 20

    def _measure(self, limit: float | None) -> Timing:
        pairs: list[tuple[float, float]] = []
        outcome: Outcome | None = None
        while outcome is None:
            pairs.append(self._pair())
            ratios = [one / other for one, other in pairs]
            last = time.monotonic() > self._end
            outcome = decide(ratios, limit, last)
            if outcome and not last and self._reference.on_gpu and len(pairs) < MOST_PAIRS and error(ratios) > PRECISE:
                outcome = None
        yours, reference = (statistics.median(side) for side in zip(*pairs, strict=True))
        return Timing(outcome, yours, reference, [one / other for one, other in pairs])

    def _pair(self) -> tuple[float, float]:
        """Seconds a call, the learner's and the reference's, for one set of inputs in random order."""
        most = max(self._calls.values())
        sets = [self._draw() for _ in range(most)]
        took: dict[bool, float] = {}
        events: dict[bool, float] = {}
        for mine in self._random.sample([True, False], 2):
            side, calls = (self._yours if mine else self._reference), self._calls[mine]
            side.hold(sets[:calls])
            took[mine], events[mine] = side.spend(), side.events
        overhead = self._reference.spend(calls=False) / self._calls[False]
        index = self._random.randrange(min(self._calls.values()))
        self._check(self._yours.result(index), self._reference.result(index))
        each = {
            mine: max(took[mine] / self._calls[mine] - overhead, events[mine] / self._calls[mine], 1e-9)
            for mine in took
        }
        return each[True], each[False]


def stable(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether both sides took as long in one pair as in the other."""
    return all(abs(a - b) <= STABLE * min(a, b) for a, b in zip(one, other, strict=True))


def error(ratios: Sequence[float]) -> float:
    """The relative standard error of the ratios' median, from their median deviation, which outliers don't move."""
    if len(ratios) < CLEAR:
        return math.inf
    middle = statistics.median(ratios)
    deviation = 1.4826 * statistics.median(abs(ratio - middle) for ratio in ratios)
    return 1.2533 * deviation / math.sqrt(len(ratios)) / middle


def decide(ratios: Sequence[float], limit: float | None, last: bool) -> Outcome | None:
    """The verdict on these pairs; None if there have to be more.

    Args:
        limit: the largest ratio that passes; None to measure only.
        last: no more can follow.
    """
    count = len(ratios)
    if limit is None:
        return "measured" if count >= UNLIMITED or last else None
    over = sum(ratio > limit for ratio in ratios)
    if count >= CLEAR:
        if min(ratios) > FAR * limit:
            return "slow"
        if max(ratios) < limit / FAR:
            return "fast"
    if last and min(ratios) > FAR**2 * limit:  # so slow that there was no time for more pairs
        return "slow"
    if count in LOOKS:
        if over >= LOOKS[count]:
            return "slow"
        if count - over >= LOOKS[count]:
            return "fast"
    return "noisy" if last or count >= max(LOOKS) else None
