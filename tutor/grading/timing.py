"""How long the learner's code takes beside torch's, by a clock that it can't reach.

Two workers, the learner's and one of ours, make the same calls in turn, each pair in random order, on inputs that
each draws afresh for each pair, from the same seed, on the device. On a CPU the clock is the worker's processor time,
read from outside (all its threads, whatever it replies and when). On a GPU it is the device's events around each
call, as long as the grader's own clock, up to results that are there, bears them out (see `believed`). A worker that
is slower than ours at drawing its inputs computes meanwhile, and is billed for it. A result is committed to by a
digest before the worker knows which one will be looked at; those that are looked at have to be right.

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
from tutor.grading.learner import LearnerFailed, Session, numbers
from tutor.grading.scenario import Scenario
from tutor.report import Failure

UNIT = 0.010  # seconds of work in one measurement
MOST_CALLS = 64  # in one measurement
MOST_CALLS_GPU, HELD = 16, 1 << 29  # in one measurement on a GPU, and bytes of the arguments of all of them
START_GPU = 30.0  # seconds that a request may take longer on a GPU: its context, and compilers
STABLE = 0.1  # two pairs in a row that differ by less than this end the warm-up
WARM_UP, WARM_UP_GPU = 0.1, 1.0  # seconds after which it ends anyway
LOOKS = {11: 9, 21: 15, 41: 27}  # after so many pairs, so many on one side of the limit decide
CLEAR = 5  # pairs that decide if each is further from the limit than by this:
FAR = 2.0
SECONDS = 10.0  # of all pairs together
UNLIMITED, SECONDS_UNLIMITED = 7, 1.5  # pairs where there is no limit to hold, and seconds of them
PRECISE, MOST_PAIRS = 0.01, 200  # on a GPU: pairs until the ratio is known to this, or there are so many

Outcome = Literal["fast", "slow", "noisy", "small", "measured"]


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
        inputs: a function of the suite's that makes one call's arguments from a `Draw` and `size`.
        seconds: that one request may take.
    """

    def __init__(
        self,
        session: Session,
        function: str | Callable[..., Any],
        inputs: Callable[..., Any],
        size: Any,
        seconds: float,
        plain: bool = False,
    ) -> None:
        self.session, self._function, self._plain = session, function, plain
        self._inputs, self._size = Scenario(inputs), size
        self._seconds = seconds + (START_GPU if self.on_gpu else 0)
        self._held = 0
        self._digests: list[Any] = []
        self.bytes, self.dtype = 0, "float32"  # of one call's arguments; to be believed of our own worker only
        self.events = 0.0  # seconds of the last calls, as the device's events have it

    def hold(self, seed: int, sets: int, double: bool = False) -> float:
        """Have the arguments of the next calls drawn, on the device; the seconds that it took, which aren't timed.

        Args:
            sets: how many calls there will be.
            double: in float64, to compute what is right.
        """
        blob: dict[str, Any] = {}
        message = {"op": "hold", "seed": seed, "sets": sets, "double": double, "inputs": self._inputs.message(blob)}
        message |= {"size": wire.encode(self._size, blob), "device": self.session.device}
        if callable(self._function):
            message |= Scenario(self._function).message(blob) | {"plain": self._plain}
        else:
            message["name"] = self._function
        self._held = sets
        before = self._clock()
        reply = self._ask(message, blob)[0]
        took = self._clock() - before
        if self._plain:
            self.bytes, self.dtype = reply["bytes"], reply["dtype"]
        return took

    def spend(self, calls: bool = True) -> float:
        """Make the calls (or do all but that); the seconds that it took."""
        before = self._clock()
        reply = self._ask({"op": "spend", "calls": calls, "device": self.session.device})[0]
        took = self._clock() - before
        if calls:
            found = reply.get("digests")
            self._digests = found if isinstance(found, list) else []
            events = reply.get("events")
            self.events = events if isinstance(events, float) and math.isfinite(events) else 0.0
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
        if len(self._digests) != self._held or digest(value, self.session.device) != committed:
            summary = "A result was changed after the clock had stopped."
            raise LearnerFailed(Failure("check", summary, ("What a function returns has to be complete.",)))
        return value

    def count(self) -> dict[str, Any]:
        """What the first of the calls costs; see cost.py."""
        return numbers(self._ask({"op": "count", "seed": 0, "device": self.session.device})[0].get("cost"))

    def roof(self) -> dict[str, Any]:
        """See `devices.roof`; to be believed of our own worker only."""
        found: dict[str, Any] = self._ask({"op": "roof", "device": self.session.device, "dtype": self.dtype})[0]
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
        seed: gives the seed of the next inputs; both sides draw the same from it.
        check: compares a result with the reference's; raises if they differ.
    """

    def __init__(
        self, yours: Side, reference: Side, seed: Callable[[], int], check: Callable[[Any, Any], None]
    ) -> None:
        self._yours, self._reference, self._seed, self._check = yours, reference, seed, check
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
        seed = self._seed()
        most = MOST_CALLS
        small = False
        for side in (self._reference, self._yours):
            side.hold(seed, 1)
            took = side.spend()
            took = side.spend() if took < 20 * UNIT else took  # the first call may have had something to set up
            each = max(self._each(side, took, side.spend(calls=False), 1), 1e-7)
            if side.on_gpu:  # where events tell a single call's time, and memory is soon full
                most = max(1, min(MOST_CALLS_GPU, HELD // max(1, self._reference.bytes)))
            self._calls[side is self._yours] = min(most, math.ceil(UNIT / each))
            small |= not side.on_gpu and each * most < UNIT / 20 and self._is_small(side)
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
        side.hold(self._seed(), MOST_CALLS)
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
        seed = self._seed()
        held: dict[bool, float] = {}
        took: dict[bool, float] = {}
        for mine in self._random.sample([True, False], 2):
            side, calls = (self._yours if mine else self._reference), self._calls[mine]
            held[mine] = side.hold(seed, calls)
            took[mine] = side.spend()
        share = self._calls[True] / self._calls[False]
        took[True] += max(0.0, held[True] - 1.5 * held[False] * share - UNIT / 10)  # work done before the clock ran
        overhead = self._reference.spend(calls=False)
        index = self._random.randrange(min(self._calls.values()))
        self._check(self._yours.result(index), self._reference.result(index))
        yours = self._each(self._yours, took[True], overhead * share, self._calls[True])
        theirs = self._each(self._reference, took[False], overhead, self._calls[False])
        return max(yours, 1e-9), max(theirs, 1e-9)

    def _each(self, side: Side, took: float, overhead: float, calls: int) -> float:
        """Seconds of one of these calls.

        Args:
            overhead: seconds that everything but the calls takes.
        """
        if side.on_gpu:
            return believed(took - overhead, overhead, side.events) / calls
        return (took - overhead) / calls


def believed(clock: float, overhead: float, events: float) -> float:
    """Seconds of work on a GPU: what its events say, unless our own clock says so much more that they can't be right.

    Events are exact, but know nothing of other streams, and can be patched. The clock can't, but what it says is what
    is left of a whole request, up to results that are there, when the request's own time (`overhead`) is taken off.
    """
    return clock if clock > 1.5 * events + overhead / 2 + 2e-4 else events


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
