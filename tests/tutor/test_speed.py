"""Timing: verdicts by counting pairs, a clock that can't be reached, and cheats that must fail."""

import json
import math
import random
from dataclasses import replace

import pytest
import torch
from conftest import COURSE

from tutor.authoring.verify import verify
from tutor.grading import Server, timing
from tutor.grading.cost import Counting
from tutor.grading.timing import LOOKS, Race, decide, error, stable
from tutor.report import Speed
from tutor.testkit.stopwatch import say, too_large

SUITE = """
import pytest
import torch

from tutor.testkit import assert_matches


def inputs(draw, size):
    return (draw.normal(size, size, dtype=torch.float32),)


def reference(x):
    for _ in range(4):
        x = torch.tanh(x @ x.T / x.shape[0])
    return x


def test_it_is_right(learner, draw):
    (x,) = inputs(draw, 5)
    assert_matches(learner.f(x), reference(x), terms=5)


@pytest.mark.speed(gates=True)
def test_the_time(stopwatch):
    stopwatch.compare("f", reference, inputs, {"cpu": 96, "cuda": 512}, limits={"cpu": 2.5}, operations=16, terms=96)
"""
RIGHT = """import torch


def f(x):
    for _ in range(4):
        x = torch.tanh(x @ x.T / x.shape[0])
    return x
"""
SLOW = RIGHT.replace("    return x", "    for _ in range(40):\n        torch.tanh(x @ x.T)\n    return x")


@pytest.fixture(scope="module")
def server():
    with Server(COURSE) as server:
        yield server


@pytest.fixture
def timed(server, make):
    """Grades a source by the suite above."""
    exercise = make(SUITE)
    return lambda source, **options: server.grade(exercise, source, "f.py", diagnose=False, **options)


def failures(report):
    return " ".join(f"{test.failure.summary} {' '.join(test.failure.details)}" for test in report.tests if test.failure)


def test_what_is_as_fast_as_torch_passes_and_is_told_how_fast(timed):
    report = timed(RIGHT)
    (row,) = report.speed
    assert report.verdict == "passed" and row.outcome == "fast" and row.gates and row.limit == 2.5
    assert 0.5 < row.ratio < 1.6 and row.yours > 0 and row.reference > 0 and row.low <= row.ratio <= row.high
    assert row.operations == 12 and row.cost["operators"]["mm"] == 4 and row.torch == torch.__version__
    json.dumps(report.to_json())


def test_what_is_right_and_slow_fails_and_is_told_by_how_much(timed):
    report = timed(SLOW)
    (row,) = report.speed
    assert report.verdict == "failed" and row.outcome == "slow" and row.ratio > 4
    assert [test.outcome for test in report.tests] == ["passed", "failed"]
    assert "times as long as torch on cpu (the limit is 2.5)" in failures(report)
    assert "torch operations where 16 would do" in failures(report)


def test_a_test_that_times_waits_for_all_others_and_can_be_left_out(timed):
    report = timed("def f(x):\n    return x\n")
    assert [test.outcome for test in report.tests] == ["failed", "waiting"] and report.speed == []
    report = timed(RIGHT, speed=False)
    assert report.verdict == "passed" and [test.id for test in report.tests] == ["test_it_is_right"]
    assert not report.whole and "Speed is part of this exercise" in report.notes[0]


def test_a_device_that_is_not_there_is_not_measured_and_never_passed(timed):
    report = timed(RIGHT, devices={"cpu": "", "cuda": "This machine has no CUDA device."})
    assert [(row.device, row.outcome) for row in report.speed] == [("cpu", "fast"), ("cuda", "unmeasured")]
    assert report.speed[1].ratio is None and report.speed[1].says == "This machine has no CUDA device."


CHEATS = {
    "the clocks are patched": "import time\ntime.time = time.perf_counter = time.monotonic = time.process_time = "
    "time.clock_gettime = lambda *_: 0.0\n" + SLOW,
    "synchronise, events and do_bench are patched": "import sys, types\nimport torch\n"
    "torch.cuda.synchronize = lambda *_: None\ntorch.cuda.Event = None\n"
    "sys.modules['triton.testing'] = types.SimpleNamespace(do_bench=lambda *_, **__: 0.0)\n" + SLOW,
    "cached by shape": "import functools\n"
    + RIGHT.replace("f(x)", "g(x)")
    + "\nknown = {}\n\n\ndef f(x):\n    return known.setdefault(x.shape, g(x) if x.shape not in known else None)\n",
    "cached by address": RIGHT.replace("f(x)", "g(x)")
    + "\nknown = {}\n\n\ndef f(x):\n    key = x.data_ptr()\n    if key not in known:\n        known[key] = g(x)\n"
    "    return known[key]\n\n\nimport gc\n",
    "cached by value": SLOW.replace("f(x)", "g(x)") + "\nknown = {}\n\n\ndef f(x):\n    key = x.numpy().tobytes()\n"
    "    if key not in known:\n        known[key] = g(x)\n    return known[key]\n",
    "a lazy tensor": SLOW.replace("f(x)", "g(x)") + "\n\nclass Lazy(torch.Tensor):\n    @classmethod\n"
    "    def __torch_function__(cls, func, types, args=(), kwargs=None):\n"
    "        if func is torch.Tensor.detach:\n            return g(args[0].given)\n"
    "        return super().__torch_function__(func, types, args, kwargs or {})\n\n\n"
    "def f(x):\n    later = torch.empty_like(x).as_subclass(Lazy)\n    later.given = x\n    return later\n",
    "every other call": RIGHT.replace("f(x)", "g(x)")
    + "\ncalls = []\n\n\ndef f(x):\n    calls.append(0)\n    return g(x) if len(calls) < 4 or len(calls) % 2 else x\n",
    "an uninitialised buffer": RIGHT.replace("f(x)", "g(x)")
    + "\ncalls = []\n\n\ndef f(x):\n    calls.append(0)\n    return g(x) if len(calls) < 4 else torch.empty_like(x)\n",
    "in half precision": RIGHT.replace("f(x)", "g(x)")
    + "\n\ndef f(x):\n    return g(x.bfloat16()).float() if len(x) > 9 else g(x)\n",
    "in a thread that goes on": "import threading, time\n"
    + RIGHT.replace("f(x)", "g(x)")
    + "\n\ndef f(x):\n    out = torch.empty_like(x)\n    pause = lambda: time.sleep(len(x) / 2e3)\n"
    "    thread = threading.Thread(target=lambda: pause() or out.copy_(g(x)))\n"
    "    thread.start()\n    if len(x) < 9:\n        thread.join()\n    return out\n",
    "digests are patched": "import hashlib\nfrom tutor.grading import worker\nworker.digest = lambda value: '0' * 32\n"
    + SLOW,
    "results are made while the inputs are drawn": "from tutor.grading import worker\n"
    + SLOW.replace("f(x)", "g(x)")
    + "\nmade = {}\n\n\ndef f(x):\n    return made.pop(x.data_ptr(), None) if len(x) > 9 else g(x)\n\n\n"
    "hold = worker.Worker._hold\n\n\ndef early(self, message, blob, out):\n"
    "    reply = hold(self, message, blob, out)\n"
    "    made.update({x.data_ptr(): g(x) for (x,) in self._held})\n    return reply\n\n\n"
    "worker.Worker._hold = early\n",
    "results are made when they are fetched": "from tutor.grading import worker\n"
    + RIGHT.replace("f(x)", "g(x)")
    + "\nheld = []\n\n\ndef f(x):\n    if len(x) < 9:\n        return g(x)\n    held.append(x)\n    return x * 0\n\n\n"
    "fetch = worker.Worker._fetch\n\n\ndef later(self, message, blob, out):\n"
    "    self._made = [g(args[0]) for args in self._held]\n    return fetch(self, message, blob, out)\n\n\n"
    "worker.Worker._fetch = later\n",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_cheats_fail(timed, cheat):
    report = timed(CHEATS[cheat])
    assert report.verdict == "failed" and report.tests[0].outcome == "passed", failures(report)
    assert report.tests[1].outcome == "failed"


def test_threads_are_billed(timed):
    """The work goes on after the reply, in threads: the processor time is the worker's all the same."""
    source = "import threading\n" + RIGHT.replace(
        "    return x",
        "    y = torch.ones(300, 300)\n    again = [threading.Thread(target=lambda: [y @ y for _ in range(30)])]\n"
        "    again[0].start()\n    return x",
    )
    (row,) = timed(source).speed
    assert row.outcome in {"slow", "noisy"}, row  # a busy machine may not let threads of its own be measured
    assert row.ratio is None or row.ratio > 2


@pytest.mark.parametrize("forbidden", ["torch.ops.aten.mm(x, x.T)", "torch.mm(x, x.T)", "x @ x.T"])
def test_a_forbidden_operation_fails_also_where_only_timed_calls_use_it(server, make, forbidden):
    exercise = make(SUITE.replace("terms=5", "terms=500"), forbid="[torch.matmul]")
    source = f"""import torch


def f(x):
    for _ in range(4):
        product = {forbidden} if len(x) > 9 else (x[:, None] * x).sum(2)
        x = torch.tanh(product / x.shape[0])
    return x
"""
    report = server.grade(exercise, source, "f.py", diagnose=False)
    assert report.tests[1].failure.kind == "rule" and "torch.matmul may not be used" in failures(report)


def test_what_never_ends_is_slow(server, make):
    source = RIGHT.replace("    return x", "    while len(x) > 9:\n        pass\n    return x")
    report = server.grade(make(SUITE, seconds=1), source, "f.py", diagnose=False)
    assert report.verdict == "failed" and report.speed[0].outcome == "slow"


def noisy(true, count, generator):
    return [true * generator.lognormvariate(0, 0.08) for _ in range(count)]


@pytest.mark.parametrize("true, limit, expected", [(1.0, 1.5, "fast"), (1.5, 1.0, "slow"), (20, 13, "slow")])
def test_verdicts_are_right_though_pairs_are_noisy(true, limit, expected):
    generator = random.Random(0)
    for _ in range(200):
        ratios = noisy(true, max(LOOKS), generator)
        verdicts = [decide(ratios[:count], limit, False) for count in range(1, len(ratios) + 1)]
        assert next(filter(None, verdicts)) == expected


def test_pairs_alike_are_stable():
    assert stable((1.0, 2.0), (1.09, 1.9))
    assert not stable((1.0, 2.0), (1.09, 2.3)) and not stable((1.0, 2.0), (0.5, 1.0))


def test_the_warm_up_goes_on_until_a_pair_is_like_the_one_before(monkeypatch):
    taken = iter([(9.0, 9.0), (5.0, 3.0), (2.0, 1.0), (1.05, 1.0), (1.0, 1.02), (7.0, 7.0)])
    side = type("Side", (), {"on_gpu": False})()
    race = Race(side, side, None, None)
    monkeypatch.setattr(race, "_pair", lambda: next(taken))
    race._settle()
    assert next(taken) == (7.0, 7.0)


def test_the_warm_up_ends_where_nothing_is_stable(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(timing.time, "monotonic", lambda: next(clock) / 100)
    side = type("Side", (), {"on_gpu": False})()
    race = Race(side, side, None, None)
    made = []
    monkeypatch.setattr(race, "_pair", lambda: made.append(1) or (float(len(made) ** 2), 1.0))
    race._settle()
    assert 5 < len(made) < 15


def test_how_well_the_median_is_known():
    assert error([2.0] * 4) == math.inf
    assert error([2.0] * 20) == 0
    wide = [2.0 + 0.1 * (-1) ** n for n in range(100)]
    assert error(wide) == pytest.approx(1.2533 * 1.4826 * 0.1 / 10 / 2, rel=0.06)
    assert error([*wide, 50.0]) < 0.02  # one outlier says nothing of the rest


def test_a_peak_of_memory_above_the_limit_is_said():
    row = Speed("t", "f", "cuda:0", "fast", True, ratio=1.0, memory=5.25, memory_limit=1.5)
    assert too_large(row)
    assert (
        say(row)
        == "f takes 1.0 times as long as torch on cuda:0. It takes 5.2 times the memory of torch's (the limit is 1.5)."
    )
    assert "That is 38% of what this device can." in say(replace(row, roof=0.38))
    assert not too_large(replace(row, memory=1.4))
    assert not too_large(replace(row, memory=None))


def test_where_pairs_are_on_both_sides_of_the_limit_it_is_too_noisy_to_say():
    ratios = [0.9, 1.1] * 20 + [1.0]
    assert all(decide(ratios[:count], 1.0, False) is None for count in range(1, 41))
    assert decide(ratios, 1.0, False) == "noisy" and decide(ratios[:6], 1.0, True) == "noisy"
    assert decide([50.0], 1.0, True) == "slow"


# --- counting -----------------------------------------------------------------------------------------------------


def counted(function, *args):
    with Counting() as counting:
        function(*args)
    return counting.to_json()


def test_operations_are_counted_and_views_are_not():
    x = torch.randn(6, 8)
    cost = counted(lambda: x.T.reshape(8, 6)[2:] + 1)
    assert cost["operations"] == 1 and cost["operators"] == {"add": 1} and cost["largest"] == 6 * 6 * 4
    assert counted(lambda: [x[i] * 2 for i in range(6)])["operations"] == 6


def test_flops_and_bytes():
    a, b = torch.randn(3, 4), torch.randn(4, 5)
    cost = counted(lambda: a @ b)
    assert cost["flops"] == 2 * 3 * 4 * 5 and cost["moved"] == 4 * (12 + 20 + 15)
    assert counted(lambda: a * a + a)["moved"] == 4 * 12 * 6


@pytest.mark.parametrize(
    "function, name",
    [
        (lambda x: x.sum().item(), "_local_scalar_dense"),
        (lambda x: float(x[0]), "_local_scalar_dense"),
        (lambda x: 1 if x[0] > 0 else 2, "_local_scalar_dense"),
        (lambda x: x[x > 0], "index"),
        (lambda x: x.nonzero(), "nonzero"),
        (lambda x: x.tolist(), "tolist"),
        (lambda x: x.numpy(), "numpy"),
        (lambda x: torch.tensor([x[0]]), "tensor"),
    ],
)
def test_waiting_for_the_device_is_counted(function, name):
    assert counted(function, torch.randn(4))["waits"] == {name: 1}


def put(x, mask, value):
    x = x.clone()
    x[mask] = value
    return x


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.where(x > 0, x, 0)[torch.tensor([1, 2])].sum(),
        lambda x: put(x, x > 0, 0.0),  # a masked_fill
        lambda x: (x > 0)[torch.tensor([1, 2])],
        lambda x: put(x > 0, torch.tensor([1, 2]), True),
    ],
)
def test_working_on_does_not_wait(function):
    assert counted(function, torch.randn(4))["waits"] == {}


def test_a_mask_is_counted_before_as_many_values_are_put():
    assert counted(lambda x: put(x, torch.tensor([True, False, True, False]), torch.randn(2)), torch.randn(4))["waits"]


# --- authors ------------------------------------------------------------------------------------------------------


def test_verify_demands_a_clear_margin_on_both_sides(make):
    exercise = make(SUITE)
    exercise.solution.write_text(RIGHT)
    for other in exercise.right()[1:]:
        other.unlink()
    config = exercise.config.read_text()
    edits = "".join(
        f'  - says: "{says}"\n    edit: {{from: "tanh(", to: "{function}("}}\n'
        for says, function in [("You took the sine.", "sin"), ("You took the cosine.", "cos"), ("Its root.", "sqrt")]
    )
    exercise.config.write_text(config[: config.index("mistakes:")] + "mistakes:\n" + edits)
    exercise.stub.write_text('"""Doc."""\n\n\ndef f(x):\n    """Doc."""\n    raise NotImplementedError\n')
    slow = exercise.solutions / "slow_again.py"
    slow.write_text(SLOW)
    assert [str(fault) for fault in verify(exercise.course_root, ["pair"])] == []
    exercise.suite.write_text(SUITE.replace('"cpu": 2.5', '"cpu": 1.2').replace("operations=16", "operations=999"))
    assert "is too near its limit of time" in " ".join(map(str, verify(exercise.course_root, ["pair"])))
    exercise.suite.write_text(SUITE.replace('"cpu": 2.5', '"cpu": 99').replace("operations=16", "operations=999"))
    assert "slow_again.py: slow solution: the suite lets it pass" in " ".join(
        map(str, verify(exercise.course_root, ["pair"]))
    )
    slow.write_text(RIGHT.replace("tanh", "sin"))
    assert "is not only slow" in " ".join(map(str, verify(exercise.course_root, ["pair"])))
