"""How much a suite asks of the learner's code beyond being right: time, operations, memory, synchronisations."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from tutor.report import Speed
from tutor.testkit.compare import assert_matches

if TYPE_CHECKING:
    from tutor.grading.learner import Learner, Session
    from tutor.grading.timing import Side, Timing
    from tutor.testkit.draw import Draw


WAITS = {"_local_scalar_dense": "the value of one element (item, float, if)", "index": "a mask as an index"}


@dataclass(frozen=True)
class Cost:
    """What one call of the learner's code cost, as torch's dispatcher saw it.

    Attributes:
        operations: operators dispatched; views (reshape, transpose, slices) are not counted, they compute nothing.
        operators: the most frequent of them.
        flops: by torch's formulas for products and convolutions, one for each element made by everything else.
        moved: bytes that the operators read and wrote.
        largest: bytes of the largest tensor made.
        peak: the most bytes of a GPU's memory that were taken at once, beyond the inputs; 0 on a CPU.
        waits: what made the program wait for the device: item, nonzero, a mask as an index, `if tensor`, numpy.
    """

    operations: int = 0
    operators: Mapping[str, int] = field(default_factory=dict)
    flops: int = 0
    moved: int = 0
    largest: int = 0
    peak: int = 0
    waits: Mapping[str, int] = field(default_factory=dict)

    def named(self) -> str:
        """`9,216 × mul, 9,216 × add, …`."""
        told = [f"{count:,} × {name}" for name, count in list(self.operators.items())[:4]]
        return ", ".join([*told, "…"] if len(self.operators) > 4 else told)


def cost_of(learner: Learner, name: str, *args: Any, **kwargs: Any) -> Cost:
    """Call the learner's function once more, and count."""
    counted = learner._count(name, args, kwargs)
    known = {key: value for key, value in counted.items() if key in Cost.__dataclass_fields__}
    return Cost(**known)


def assert_operations(cost: Cost, at_most: int) -> None:
    """No more torch operations than these."""
    if cost.operations > at_most:
        raise AssertionError(
            f"{cost.operations:,} torch operations where {at_most:,} would do: {cost.named()}. "
            "Each costs the same few microseconds whether it makes one number or a million: let one make them all."
        )


def assert_largest(cost: Cost, at_most: int, what: str) -> None:
    """No tensor larger than this many bytes."""
    if cost.largest > at_most:
        raise AssertionError(
            f"The largest tensor that you make has {cost.largest:,} bytes; {at_most:,} have to be enough. {what}"
        )


def assert_moved(cost: Cost, at_most: int) -> None:
    """No more bytes read and written than these."""
    if cost.moved > at_most:
        raise AssertionError(
            f"Your operations read and write {cost.moved:,} bytes in all, where {at_most:,} would do: {cost.named()}. "
            "Every operation reads its inputs from memory and writes its result back."
        )


def assert_waits(cost: Cost, at_most: int) -> None:
    """The program asks for a value that the device has yet to compute no more often than this."""
    count = sum(cost.waits.values())
    if count > at_most:
        told = ", ".join(f"{n:,} × {WAITS.get(name, name)}" for name, n in cost.waits.items())
        where = "it has to run on without waiting" if at_most == 0 else f"{at_most:,} would do"
        times = "once" if count == 1 else f"{count:,} times"
        raise AssertionError(
            f"The program waits for the device {times}: {told}; {where}. "
            "item(), float(), bool(), `if tensor`, a mask as an index and nonzero need values before they can go on."
        )


class Stopwatch:
    """The fixture `stopwatch`: times the learner's code beside a reference, on each device that there is."""

    def __init__(
        self,
        sessions: Callable[[str, bool], Session],
        seed: Callable[[str], int],
        devices: Mapping[str, str],
        report: Callable[[Speed], None],
        test: str,
        seconds: float,
        gates: bool,
    ) -> None:
        self._sessions, self._seed, self._devices = sessions, seed, devices
        self._report, self._test, self._seconds, self._gates = report, test, seconds, gates

    def compare(
        self,
        function: str | Callable[..., Any],
        reference: Callable[..., Any],
        inputs: Callable[[Draw, Any], tuple[Any, ...]],
        sizes: Mapping[str, Any],
        *,
        limits: Mapping[str, float] | None = None,
        operations: int | None = None,
        memory: float | None = None,
        terms: int = 1,
    ) -> None:
        """Time `function` beside `reference` on the same inputs; a row of the report for each device.

        A learner who exceeds the limits is told; one who exceeds them in a test marked `speed(gates=True)` fails.

        Args:
            function: the learner's function, or a scenario.
            reference: a function at the top level of the suite that does the same work with torch.
            inputs: a function at the top level of the suite that makes one call's arguments from a `Draw` and a size.
                It runs on the device: what it makes without the `Draw` has to be put on `draw.device`.
            sizes: what to pass to `inputs`, by kind of device: `{"cpu": 32, "cuda": 512}`.
            limits: the largest ratio to the reference's time that passes, by kind of device.
            operations: how many torch operations are enough.
            memory: the largest ratio to the reference's peak of memory that passes, on a GPU.
            terms: length of the sums in the result, for the tolerance.

        Raises:
            AssertionError: if results are wrong, or, where it gates, if it is too slow or takes too much memory.
        """
        problems = []
        for device, why_not in self._devices.items():
            kind = device.partition(":")[0]
            name = function if isinstance(function, str) else function.__name__
            row = Speed(self._test, name, device, "unmeasured", self._gates, says=why_not, enough=operations)
            if kind not in sizes:
                continue
            if not why_not:
                row = replace(row, limit=(limits or {}).get(kind), memory_limit=memory)
                row = self._measure(row, function, reference, inputs, sizes[kind], terms)
            self._report(row)
            if self._gates and (row.outcome == "slow" or too_many(row) or too_large(row)):
                problems.append(row.says)
        if problems:
            raise AssertionError(" ".join(problems))

    def _measure(self, row: Speed, function: Any, reference: Any, inputs: Any, size: Any, terms: int) -> Speed:
        from tutor.grading.devices import describe
        from tutor.grading.learner import LearnerFailed
        from tutor.grading.timing import Race, Side

        yours, theirs = self._sessions(row.device, False), self._sessions(row.device, True)
        seeds = random.Random(self._seed(row.device))

        def seed() -> int:
            return seeds.getrandbits(32)

        def check(mine: Any, right: Any) -> None:
            assert_matches(mine, right, "the result", terms=terms)

        try:
            first = Side(yours, function, inputs, size, self._seconds)
            second = Side(theirs, reference, inputs, size, self._seconds, plain=True)
            try:
                right = _result(second, number := seed(), double=True)
                second.hold(number, 1)
            except LearnerFailed as failed:
                if row.device == "cpu":
                    raise
                # Ours has failed: the device has too little memory, say.
                return replace(row, outcome="unmeasured", says=f"It can't be timed there: {failed.failure.summary}")
            mine = _result(first, number)
            assert_matches(mine, _as(right, mine), "the result", terms=terms)
            cost = first.count()
            row = replace(row, operations=cost.get("operations"), cost=cost)
            timing = Race(first, second, seed, check).run(row.limit)
            about: dict[str, Any] = describe("cpu") if row.device == "cpu" else second.roof()
            least = second.count()
            share = _share(about, second.bytes, least, timing)
        except LearnerFailed as failed:
            if failed.failure.kind != "timeout":
                raise
            return replace(row, outcome="slow", says=f"{failed.failure.summary} On inputs of this size it is too slow.")
        finally:
            yours.close()
            theirs.close()
        low, high = timing.interval
        row = replace(
            row,
            outcome=timing.outcome,
            yours=timing.yours,
            reference=timing.reference,
            ratio=None if timing.outcome == "small" else timing.ratio,
            low=low,
            high=high,
            name=about["name"],
            driver=about["driver"],
            torch=about["torch"],
            memory=cost["peak"] / least["peak"] if cost.get("peak") and least.get("peak") else None,
            roof=share,
        )
        return replace(row, says=say(row))


def too_many(row: Speed) -> bool:
    """Whether there are more operations than enough."""
    return bool(row.operations and row.enough and row.operations > row.enough)


def too_large(row: Speed) -> bool:
    """Whether it takes more memory than it may."""
    return bool(row.memory and row.memory_limit and row.memory > row.memory_limit)


def say(row: Speed) -> str:
    """What a row means, in a sentence or two."""
    said = []
    if row.ratio is not None and row.outcome in {"slow", "fast", "measured"}:
        times = f"{row.ratio:.1f}" if row.ratio < 9.95 else f"{row.ratio:,.0f}"
        limit = f" (the limit is {row.limit:g})" if row.outcome == "slow" else ""
        said.append(f"{row.function} takes {times} times as long as torch on {row.device}{limit}.")
    if row.roof is not None:
        said.append(f"That is {row.roof:.0%} of what this device can.")
    if row.outcome == "noisy":
        said.append(f"Too noisy to say whether {row.function} is fast enough on {row.device}: that costs you nothing.")
    if row.outcome == "small":
        said.append("A call is over too soon to be timed.")
    if too_large(row):
        said.append(f"It takes {row.memory:.1f} times the memory of torch's (the limit is {row.memory_limit:g}).")
    if too_many(row):
        said.append(f"It makes {row.operations:,} torch operations where {row.enough:,} would do.")
    return " ".join(said)


def _result(side: Side, seed: int, double: bool = False) -> Any:
    """What one call returns."""
    side.hold(seed, 1, double)
    side.spend()
    return side.result(0)


def _as(right: Any, mine: Any) -> Any:
    """In the precision of the learner's result, which the results of the timed calls are held to."""
    if isinstance(right, torch.Tensor) and isinstance(mine, torch.Tensor):
        return right.to(mine.dtype) if mine.is_floating_point() else right
    if isinstance(right, list | tuple) and isinstance(mine, list | tuple) and len(right) == len(mine):
        return type(right)(_as(one, other) for one, other in zip(right, mine, strict=True))
    return right


def _share(about: Mapping[str, Any], nbytes: int, cost: Mapping[str, Any], timing: Timing) -> float | None:
    """How much of the device's bandwidth or arithmetic the operation needs at the learner's speed, if that is known.

    Args:
        nbytes: of the inputs; as many again are taken to be written.
        cost: of the reference, which does no more than has to be done.
    """
    if "bandwidth" not in about:
        return None
    least: float = max(2 * nbytes / about["bandwidth"], cost.get("flops", 0) / about["rate"])
    return least / timing.yours
