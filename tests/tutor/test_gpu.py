"""How a GPU is timed, on a CPU that passes for one, by a clock that only moves when it is told to.

What is tested is what is decided from events, clocks and sizes, not that torch.cuda does what its documentation says.
"""

import random
from types import SimpleNamespace

import pytest
import torch

from tutor.grading import devices, timing, wire
from tutor.grading.learner import LearnerFailed
from tutor.grading.timing import Race, Side, believed
from tutor.grading.worker import Worker
from tutor.testkit import assert_matches

NOW = [0.0]  # seconds
PENDING = [0.0]  # seconds of work on streams that no event knows of
SOURCE = """
from test_gpu import work


def f(x):
    work({milliseconds})
    return x * 2
"""


def work(milliseconds):
    NOW[0] += milliseconds / 1000


def inputs(draw, size):
    return (draw.normal(size, 3, dtype=torch.float32),)


def by_torch(x):
    from test_gpu import work

    work(2)
    return x * 2


class Event:
    """CUDA's, on that clock."""

    def record(self):
        self.at = NOW[0]

    def elapsed_time(self, end):
        return 1000 * (end.at - self.at)


class LyingEvent(Event):
    def elapsed_time(self, end):
        return 0.0


def synchronise(device):
    NOW[0], PENDING[0] = NOW[0] + PENDING[0], 0.0


class Here:
    """A session without a process: requests still travel as bytes."""

    device = "cpu"

    def __init__(self, source="", event=Event):
        self.worker, self.event = Worker(None), event
        load = {"source": source, "filename": "f.py", "forbid": (), "quiet": False, "seed": 0}
        self.worker._load(load, {}, {})

    def start(self):
        return self

    def ask(self, message, blob, seconds):
        devices._event, out = self.event, {}
        work(0.3)  # what a request takes
        reply = self.worker._requests[message["op"]](*travelled(message, blob), out)
        return travelled(reply, out)


def travelled(message, blob):
    frame = wire.Unpacker()
    frame.feed(wire.pack(message, blob))
    return frame.take()


@pytest.fixture(autouse=True)
def pretend(monkeypatch):
    """Take the CPU for a GPU."""
    for module in (devices, timing):
        monkeypatch.setattr(module, "is_cuda", lambda device: True)
    monkeypatch.setattr(devices, "_event", Event)
    monkeypatch.setattr(devices, "_scratch", lambda device: torch.empty(10))
    monkeypatch.setattr(torch.cuda, "synchronize", synchronise)
    clock = lambda: NOW[0]  # noqa: E731
    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=clock, monotonic=clock))
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda device: None)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: 100)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: 350)


def sides(source, event=Event, size=4):
    yours = Side(Here(source, event), "f", inputs, size, 5)
    return yours, Side(Here(), by_torch, inputs, size, 5, plain=True)


def race(source, event=Event):
    seeds = random.Random(0)
    check = lambda mine, right: assert_matches(mine, right, "the result")  # noqa: E731
    return Race(*sides(source, event), lambda: seeds.getrandbits(32), check)


@pytest.mark.parametrize("milliseconds, outcome", [(0.5, "fast"), (2, "fast"), (5, "slow"), (80, "slow")])
def test_a_verdict_from_events(milliseconds, outcome):
    found = race(SOURCE.format(milliseconds=milliseconds)).run(limit=1.6)
    assert found.outcome == outcome and found.ratio == pytest.approx(milliseconds / 2)
    assert found.yours == pytest.approx(milliseconds / 1000)


def test_events_that_lie_gain_nothing():
    found = race(SOURCE.format(milliseconds=12), LyingEvent).run(limit=2.0)
    assert found.outcome == "slow" and found.ratio == pytest.approx(6, rel=0.1)


def test_work_on_another_stream_is_waited_for_and_counts():
    elsewhere = """
from test_gpu import PENDING


def f(x):
    PENDING[0] += 0.02
    return x * 2
"""
    found = race(elsewhere).run(limit=2.0)
    assert found.outcome == "slow" and found.ratio == pytest.approx(10, rel=0.1)


def test_large_inputs_are_held_few_at_a_time(monkeypatch):
    monkeypatch.setattr(timing, "HELD", 5 * 4 * 3 * 4)
    monkeypatch.setattr(timing, "UNIT", 1.0)
    found = race(SOURCE.format(milliseconds=1))
    found._warm_up()
    assert found._calls == {True: 5, False: 5}


def test_wrong_results_of_timed_calls_are_found():
    wrong = SOURCE.format(milliseconds=1).replace("x * 2", "x * 2 + (calls.append(0) or len(calls) > 3)")
    with pytest.raises(AssertionError):
        race("calls = []\n" + wrong).run(limit=1.6)


def test_a_result_that_changes_after_it_was_committed_to_is_refused():
    yours, _ = sides(SOURCE.format(milliseconds=0))
    yours.hold(3, 2)
    yours.spend()
    assert yours.result(1).shape == (4, 3)
    yours.session.worker._made[0][2, 1] += 1e-6
    with pytest.raises(LearnerFailed, match="changed after the clock had stopped"):
        yours.result(0)


def test_both_sides_draw_the_same_and_doubles_are_the_same_numbers():
    yours, reference = sides(SOURCE.format(milliseconds=0))
    yours.hold(7, 2)
    reference.hold(7, 2)
    for mine, right in zip(yours.session.worker._held, reference.session.worker._held, strict=True):
        assert torch.equal(mine[0], right[0])
    assert reference.bytes == 4 * 3 * 4 and reference.dtype == "float32"
    address = reference.session.worker._held[0][0].data_ptr()
    reference.hold(8, 1)
    assert reference.session.worker._held[0][0].data_ptr() == address
    assert not torch.equal(reference.session.worker._held[0][0], yours.session.worker._held[0][0])
    reference.hold(7, 1, double=True)
    double = reference.session.worker._held[0][0]
    assert double.dtype is torch.float64 and torch.equal(double.float(), yours.session.worker._held[0][0])


def test_the_peak_is_counted():
    yours, _ = sides(SOURCE.format(milliseconds=0))
    yours.hold(7, 1)
    cost = yours.count()
    assert cost["peak"] == 250 and cost["operations"] == 1


def test_events_are_believed_unless_the_clock_says_much_more():
    assert believed(clock=0.0011, overhead=0.001, events=0.001) == 0.001
    assert believed(clock=0.0001, overhead=0.003, events=0.001) == 0.001  # they overlap
    assert believed(clock=0.010, overhead=0.001, events=0.001) == 0.010
    assert believed(clock=0.010, overhead=0.001, events=0.0) == 0.010


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.int64, torch.bool])
def test_a_mix_depends_on_every_bit_and_its_place(dtype):
    values = torch.arange(12).remainder(5).to(dtype)
    assert devices.mix(values) == devices.mix(values.clone())
    found = {devices.mix(values)}
    for index in range(12):
        changed = values.clone()
        changed[index] = ~changed[index] if dtype is torch.bool else changed[index] + 1
        found.add(devices.mix(changed))
    found.add(devices.mix(values.flip(0)))
    assert len(found) == 14
    assert devices.digest(values, "cpu") != devices.digest(values.reshape(3, 4), "cpu")
    assert devices.mix(values[:0]) == 0
