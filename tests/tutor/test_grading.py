"""The server, the grader and the verdict: seeds, choices, waiting tests, broken suites, repro scripts, scenarios."""

import inspect
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from torch.optim.adam import _single_tensor_adam

from tutor.curriculum import load_course
from tutor.errors import TutorError
from tutor.grading import Server, read_submission
from tutor.grading.client import _import_paths

COURSE = Path(__file__).parent / "course"
GOOD = "def twice(x):\n    return 2 * x\n\n\ndef plus(a, b):\n    return a + b\n"
WRONG = GOOD.replace("2 * x", "3 * x")


@pytest.fixture(scope="module")
def server():
    with Server(COURSE) as server:
        yield server


@pytest.fixture(scope="module")
def pair():
    return load_course(COURSE).exercises["pair"]


def outcomes(report):
    return {test.id: test.outcome for test in report.tests}


def test_a_right_answer_passes_and_a_wrong_one_fails(server, pair):
    assert server.grade(pair, GOOD, "pair.py").verdict == "passed"
    report = server.grade(pair, WRONG, "pair.py")
    assert report.verdict == "failed"
    assert outcomes(report) == {
        "test_twice": "failed",
        "test_plus": "passed",
        "test_twice_of_float32": "failed",
        "test_plus_again": "passed",
    }
    failure = report.tests[0].failure
    assert failure.kind == "mismatch" and failure.call == "twice(x=float64 (3, 4))"


def test_the_seed_repeats_the_inputs_and_another_draws_others(server, pair):
    first, again, other = (server.grade(pair, WRONG, "pair.py", seed=seed).tests[0].failure for seed in (7, 7, 8))
    assert first == again and first != other
    assert server.grade(pair, GOOD, "pair.py").seed != server.grade(pair, GOOD, "pair.py").seed


def test_inputs_do_not_depend_on_which_tests_run(server, pair):
    whole = server.grade(pair, WRONG, "pair.py", seed=5)
    part = server.grade(pair, WRONG, "pair.py", seed=5, select="float32")
    assert [test.id for test in part.tests] == ["test_twice_of_float32"] and not part.whole
    assert part.tests[0].failure == whole.tests[2].failure


def test_choosing_no_test_is_not_a_pass(server, pair):
    report = server.grade(pair, GOOD, "pair.py", select="nothing of this name")
    assert report.verdict == "ungraded" and "-k" in report.notes[0]


def test_results_come_in_one_by_one(server, pair):
    seen = []
    report = server.grade(pair, GOOD, "pair.py", on_result=seen.append)
    assert seen == report.tests


def test_the_learners_random_numbers_are_not_the_inputs(server, pair):
    source = "import torch\n\n\ndef twice(x):\n    return torch.randn(x.shape, dtype=torch.float64).to(x.dtype)\n"
    numbers = server.grade(pair, source, "pair.py").tests[0].failure.details[1]
    yours, expected = re.search(r"yours (\S+), expected (\S+)", numbers).groups()
    assert abs(2 * float(yours) - float(expected)) > 1e-6


def test_several_checks_at_once(server, pair):
    verdicts = {}

    def check(number, source):
        verdicts[number] = server.grade(pair, source, "pair.py").verdict

    threads = [threading.Thread(target=check, args=(n, WRONG if n % 2 else GOOD)) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert verdicts == {n: "failed" if n % 2 else "passed" for n in range(6)}


def test_what_was_printed_is_shown_with_the_test_that_failed(server, pair):
    source = GOOD.replace("return 2 * x", "print('shape', tuple(x.shape))\n    return x")
    report = server.grade(pair, source, "pair.py")
    assert report.tests[0].failure.printed == "shape (3, 4)\n"


def test_a_warning_is_shown_without_our_own_files(server, pair):
    source = "import warnings\n\n\ndef twice(x):\n    warnings.warn('careful')\n    return x\n"
    assert server.grade(pair, source, "pair.py").tests[0].failure.printed == "UserWarning: careful\n"


def test_an_exception_is_shown_with_the_learners_own_lines(server, pair):
    source = "def twice(x):\n    return helper(x)\n\n\ndef helper(x):\n    return x.reshape(5, 5)\n"
    failure = server.grade(pair, source, "pair.py").tests[0].failure
    assert failure.kind == "exception" and "shape '[5, 5]' is invalid" in failure.summary
    assert [(frame.line, frame.function) for frame in failure.frames] == [(2, "twice"), (6, "helper")]


BUILDS = """
import pytest
from torch.optim.adam import _single_tensor_adam
from tutor.testkit import assert_matches

def test_one(learner, draw):
    x = draw.normal(3)
    assert_matches(learner.f(x), x)

@pytest.mark.builds_on("test_one")
def test_two(learner, draw):
    x = draw.normal(3, 2)
    assert_matches(learner.f(x), x)

@pytest.mark.builds_on("test_two")
def test_three(learner, draw):
    x = draw.normal(3, 2)
    assert_matches(learner.f(x), x)

def test_other(learner, draw):
    pass
"""


def test_a_test_that_builds_on_a_failed_one_waits_and_says_for_what(server, make):
    exercise = make(BUILDS)
    assert server.grade(exercise, "def f(x):\n    return x\n", "f.py").verdict == "passed"
    report = server.grade(exercise, "def f(x):\n    return -x\n", "f.py")
    assert list(outcomes(report).values()) == ["failed", "waiting", "waiting", "passed"]
    assert "“one”" in report.tests[1].failure.summary and report.verdict == "failed"


@pytest.mark.parametrize(
    "suite, says",
    [
        ("import nothing_of_this_name\n", "can't be loaded"),
        ("def test_f(learner):\n    raise KeyError('x')\n", "broken"),
        ("def helper():\n    pass\n", "no tests"),
        ("import os\n\ndef test_f(learner):\n    os._exit(0)\n", "before every test"),
        ("import pytest\n\ndef test_f(learner):\n    pytest.skip('later')\n", "broken"),
        ("import pytest\n\ndef test_f(learner):\n    pytest.exit('enough')\n", "."),
        ("def test_f(learner, nothing):\n    pass\n", "broken"),
        ("import time\n\ndef test_f(learner):\n    g = lambda s: s\n    learner.run(g)\n", "broken"),
    ],
)
def test_a_broken_suite_is_never_a_pass(server, make, suite, says):
    report = server.grade(make(suite), "def f(x):\n    return x\n", "f.py")
    assert report.verdict == "ungraded" and re.search(says, report.notes[0]), report


def test_an_unknown_name_in_the_rules_can_not_be_graded(server, make):
    report = server.grade(make(BUILDS, forbid="[torch.nn.functional.convolve]"), "def f(x):\n    return x\n", "f.py")
    assert report.verdict == "ungraded" and "torch.nn.functional.convolve" in report.notes[0]


DOUBLES = """
from tutor.testkit import assert_matches

def test_f(learner, draw):
    x = draw.normal(3)
    assert_matches(learner.f(x), 2 * x)
"""


def endless(exercise):
    """The exercise with a solution, and a mistake that never answers."""
    exercise.solution.write_text("def f(x):\n    return 2 * x\n")
    config = exercise.config.read_text()
    mistake = "  - says: You never stop.\n    edit: {from: 2 * x, to: '[x for x in iter(int, 1)]'}\n"
    exercise.config.write_text(config[: config.index("mistakes:")] + "mistakes:\n" + mistake)
    return exercise


def test_a_check_can_be_ended_while_it_looks_for_the_cause(make):
    """Then it has two workers, its own and the one that makes mistakes."""
    exercise, failed, reports = endless(make(DOUBLES, seconds=30)), threading.Event(), []
    with Server(exercise.course_root) as server:
        check = threading.Thread(
            target=lambda: reports.append(
                server.grade(exercise, "def f(x):\n    return x\n", "f.py", on_result=lambda result: failed.set())
            )
        )
        check.start()
        failed.wait()
        time.sleep(0.5)
        server.supersede()
        check.join()
        assert reports[0].notes == ["A later check took its place."]
        assert server.grade(exercise, "def f(x):\n    return x + x\n", "f.py").verdict == "passed"


def test_several_submissions_are_graded_as_each_would_be_alone(server, make):
    bodies = ["x + x", "2 * x", "x", "1 / 0", "y", "__import__('os')._exit(3)", "x.clone().mul_(2)", "("]
    sources = [f"def f(x):\n    return {body}\n" for body in bodies]
    exercise = make(DOUBLES)
    together = server.grade_all(exercise, sources, "f.py", seed=1)
    alone = [server.grade(exercise, source, "f.py", seed=1) for source in sources]
    assert [report.verdict for report in together] == ["passed" if k in (0, 1, 6) else "failed" for k in range(8)]
    for one, other in zip(together, alone, strict=True):
        assert [test.failure for test in one.tests] == [test.failure for test in other.tests]


def test_the_server_imports_this_tutor_and_nothing_from_the_learners_folder(monkeypatch, tmp_path):
    package, other = str(Path(__file__).parents[2]), str(tmp_path)
    monkeypatch.setattr(sys, "path", ["", package, other])
    monkeypatch.chdir(package)
    assert _import_paths() == [package, other]
    monkeypatch.chdir(other)
    assert _import_paths() == [package]
    monkeypatch.setattr(sys, "path", ["", other])
    monkeypatch.chdir(package)
    assert _import_paths() == [package, other]
    (tmp_path / "tutor").mkdir()
    (tmp_path / "tutor/__init__.py").touch()
    monkeypatch.setattr(sys, "path", ["/lib", other, "/more", package])
    assert _import_paths() == ["/lib", package, other, "/more"]


STEP = """
import torch
from tutor.testkit import assert_matches

def test_f(learner, draw):
    x = draw.normal(3)
    assert_matches(learner.f(x), 2 * x)
"""
STEPS = [
    "torch.optim.Adam([x], lr=0.1)",
    "from torch.optim.adam import adam as step; step(*state, **ADAM)",
    "torch.optim._functional.adam(*state, **ADAM)",
    "from torch.optim.adam import _single_tensor_adam as step; step(*state, None, None, **ADAM, **SINGLE)",
    "from torch.optim.sgd import sgd as step; step([x], [x], [None], **{k: SGD[k] for k in list(SGD)[:-1]})",
    "torch._fused_sgd_([x], [x], [], **SGD)",
    "torch.ops.aten._fused_sgd_([x], [x], [], **SGD)",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_torchs_optimizers_is_refused_whatever_it_is_called(server, make, step):
    options = {"has_complex", "capturable", "differentiable", "decoupled_weight_decay"}  # the last isn't in older ones
    given = dict.fromkeys(options & inspect.signature(_single_tensor_adam).parameters.keys(), False)
    source = f"""
import torch
ADAM = dict(amsgrad=False, beta1=0.9, beta2=0.99, lr=0.1, weight_decay=0, eps=1e-8, maximize=False)
SINGLE = {given}
SGD = dict(weight_decay=0, momentum=0, lr=0.1, dampening=0, nesterov=False, maximize=False, is_first_step=True)
def f(x):
    x = x.clone()
    state = [x], [x], [x], [x], [], [torch.ones(())]
    {step}
    return x
"""
    exercise = make(STEP)
    assert server.grade(exercise, source, "f.py").tests[0].failure.kind == "mismatch"
    exercise.config.write_text(exercise.config.read_text().replace("forbid: []", "forbid: [torch.optim]"))
    report = server.grade(replace(exercise), source, "f.py")
    assert report.tests[0].failure.kind == "rule" and "torch.optim" in report.tests[0].failure.summary, report


@pytest.mark.parametrize(
    "forbidden, use",
    [
        ("torch.nn.init.calculate_gain", "torch.nn.init.calculate_gain('relu') * x"),
        ("torch.broadcast_shapes", "x.expand(torch.broadcast_shapes((3,), (1,)))"),
        (
            "torch.distributions.kl_divergence",
            "torch.distributions.kl_divergence(*[torch.distributions.Normal(x, 1.0)] * 2)",
        ),
        ("torch.autograd.functional.jacobian", "torch.autograd.functional.jacobian(torch.sin, x)"),
        ("torch.broadcast_shapes", "x.expand(torch.functional.broadcast_shapes((3,), (1,)))"),
        ("torch.func", "torch.func.grad(lambda z: (z * z).sum())(x)"),
        ("torch.func", "__import__('torch._functorch.apis').func.hessian(lambda z: (z * z).sum())(x)[0]"),
        ("torch.distributions", "torch.distributions.Normal(x, x * x).sample()"),
        ("numpy.einsum", "__import__('numpy').einsum('i,i->i', x.numpy(), x.numpy())"),
        ("numpy.linalg", "__import__('numpy').linalg.inv(x.numpy()[:, None] * x.numpy())"),
    ],
)
def test_plain_functions_of_torchs_can_be_forbidden_too(server, make, forbidden, use):
    source = f"import torch\ndef f(x):\n    return {use}\n"
    report = server.grade(make(STEP, forbid=f"[{forbidden}]"), source, "f.py")
    assert report.tests[0].failure.kind == "rule" and forbidden in report.tests[0].failure.summary, report


@pytest.mark.parametrize(
    "use, came",
    [
        ("torch.nn.functional.logsigmoid(x)", ["It came as torch's operator log_sigmoid_forward."]),
        ("x.sigmoid()", []),
        ("torch.special.expit(x)", []),
    ],
)
def test_a_refusal_names_what_was_run_if_that_goes_by_another_name(server, make, use, came):
    report = server.grade(make(STEP, forbid="[torch.sigmoid]"), f"import torch\ndef f(x):\n    return {use}\n", "f.py")
    assert [*report.tests[0].failure.details] == [*came, "The point here is to write that yourself."]


@pytest.mark.parametrize("clip", ["torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad.clip_grad_norm_", "clip"])
def test_a_utility_of_torchs_can_be_forbidden_too(server, make, clip):
    source = "import torch\nfrom torch.nn.utils.clip_grad import clip_grad_norm_ as clip\ndef f(x):\n"
    source += f"    p = torch.nn.Parameter(x)\n    p.grad = x.clone()\n    {clip}([p], 1.0)\n    return p.grad\n"
    report = server.grade(make(STEP, forbid="[torch.nn.utils.clip_grad_norm_]"), source, "f.py")
    assert report.tests[0].failure.kind == "rule" and "clip_grad_norm_" in report.tests[0].failure.summary, report


@pytest.mark.parametrize("solve", ["np.linalg.inv", "np.linalg._linalg.inv", "from_numpy_linalg_import_inv"])
def test_numpys_decompositions_can_be_forbidden_too(server, make, solve):
    imports = "from numpy.linalg import inv as from_numpy_linalg_import_inv\nimport numpy as np\nimport torch\n"
    source = imports + f"def f(x):\n    np.linalg.norm(x)\n    return torch.from_numpy({solve}(np.eye(3)))[0]\n"
    exercise = make(STEP, forbid="[numpy.linalg]")
    report = server.grade(exercise, source, "f.py")
    assert report.tests[0].failure.kind == "rule" and "numpy.linalg" in report.tests[0].failure.summary, report


SCENARIO = """
import math
import torch
from tutor.testkit import assert_matches

FACTOR = 3.0
OFFSETS = torch.arange(4.0)

def apply(f, x):
    return [f(x) for _ in range(2)]

def twice_through(solution, x, power):
    counter = solution.Counter()
    values = apply(solution.f, x)
    for value in values:
        counter.add(value.sum())
    return counter.total * FACTOR + math.pi + OFFSETS, power

def test_scenario(learner, draw):
    x = draw.normal(3, 2)
    total, power = learner.run(twice_through, x, power=2)
    assert_matches(total, 2 * x.sum() * 3.0 + math.pi + OFFSETS)
"""
COUNTER = """
class Counter:
    def __init__(self):
        self.total = 0

    def add(self, x):
        self.total = self.total + x


def f(x):
    return x
"""


def test_a_scenario_takes_its_helpers_constants_and_modules_along(server, make):
    exercise = make(SCENARIO)
    report = server.grade(exercise, COUNTER, "f.py")
    assert report.verdict == "passed", report.tests
    report = server.grade(exercise, COUNTER.replace("+ x", "- x"), "f.py", repro=True)
    assert report.verdict == "failed" and "def twice_through(solution, x, power)" in report.tests[0].failure.call


def test_repro_is_a_script_that_stands_alone(server, pair, tmp_path):
    file = tmp_path / "pair.py"
    file.write_text(WRONG)
    report = server.grade(pair, WRONG, str(file), repro=True)
    (tmp_path / "repro_pair.py").write_text(report.repro)
    run = subprocess.run([sys.executable, "repro_pair.py"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("yours: tensor(") and "expected: tensor(" in run.stdout
    assert "twice(" in report.repro and server.grade(pair, GOOD, "pair.py", repro=True).repro is None


def test_pictures_are_reported(server, make, tmp_path):
    suite = """
def test_picture(learner, album, draw):
    with album.figure("dots", "Some dots") as axes:
        axes.plot([1, 2, 3])
"""
    report = server.grade(make(suite), GOOD, "f.py", pictures=tmp_path / "pictures")
    assert report.pictures == [str(tmp_path / "pictures" / "dots.png")]
    assert (tmp_path / "pictures" / "dots.png").read_bytes().startswith(b"\x89PNG")


def test_a_learners_folder_full_of_traps_changes_nothing(pair, tmp_path, monkeypatch):
    """Files that Python or pytest would pick up from the current folder, or from the environment."""
    for name in ("torch.py", "pytest.py", "numpy.py", "conftest.py", "sitecustomize.py", "json.py", "safetensors.py"):
        (tmp_path / name).write_text("raise SystemExit('a trap')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nothing-of-this-name\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "torch.py"))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nothing-of-this-name")
    monkeypatch.setenv("PYTEST_PLUGINS", "nothing_of_this_name")
    with Server(COURSE) as server:
        assert server.grade(pair, GOOD, "pair.py").verdict == "passed"
        assert server.grade(pair, WRONG, "pair.py").verdict == "failed"


def test_a_read_only_course_stays_as_it_is(make, tmp_path):
    exercise = make(BUILDS)
    before = sorted(str(path) for path in exercise.course_root.rglob("*"))
    for path in [exercise.course_root, *exercise.course_root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with Server(exercise.course_root) as server:
            assert server.grade(exercise, "def f(x):\n    return x\n", "f.py").verdict == "passed"
        assert sorted(str(path) for path in exercise.course_root.rglob("*")) == before
    finally:
        for path in [exercise.course_root, *exercise.course_root.rglob("*")]:
            path.chmod(0o755)


def test_a_server_that_is_gone_is_said_to_be(pair):
    with Server(COURSE) as server:
        server._process.kill()
        server._process.wait()
        report = server.grade(pair, GOOD, "pair.py")
    assert report.verdict == "ungraded" and "server ended" in report.notes[0]


def test_submissions_are_regular_files(tmp_path):
    good = tmp_path / "good.py"
    good.write_text("x = 'ü'\n")
    assert read_submission(good) == "x = 'ü'\n"
    (tmp_path / "link.py").symlink_to(good)
    os.mkfifo(tmp_path / "fifo.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "huge.py").write_bytes(b"#" * (2 << 20))
    (tmp_path / "latin.py").write_bytes(b"x = '\xfc'\n")
    for name, says in [
        ("link.py", "link"),
        ("fifo.py", "regular"),
        ("folder.py", "regular"),
        ("huge.py", "bytes"),
        ("latin.py", "UTF-8"),
        ("none.py", "no file"),
    ]:
        with pytest.raises(TutorError, match=says):
            read_submission(tmp_path / name)
    with pytest.raises(TutorError, match="regular"):
        read_submission(Path("/dev/null"))


def test_an_input_that_was_taken_away_has_changed(server, make):
    exercise = make(
        "import torch\n\nfrom tutor.testkit import assert_inputs_unchanged, assert_matches\n\n\n"
        "def test_f(learner, draw):\n    state = {'a': draw.normal(3), 'b': draw.normal(2)}\n"
        "    assert_matches(learner.f(dict(state)), state['a'], 'the result')\n    assert_inputs_unchanged(learner)\n"
    )
    report = server.grade(exercise, "def f(x):\n    return x.pop('a')\n", "f.py")
    failure = report.tests[0].failure
    assert report.verdict == "failed" and failure.kind == "check", failure
    assert "changed" in failure.summary


@pytest.mark.parametrize("version, told", [("3.2.0", True), ("3.6.1", True), ("3.7.0", False), ("3.10.0", False)])
def test_an_old_triton_that_fails_with_a_new_numpy_is_not_the_learners_fault(server, make, version, told):
    source = f"""
import sys
import types

sys.modules["triton"] = types.SimpleNamespace(__version__="{version}")

class InterpreterError(Exception):
    pass

def f(x):
    try:
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
    except TypeError as error:
        raise InterpreterError() from error
"""
    (test,) = server.grade(make(STEP), source, "f.py").tests
    assert test.failure.summary.startswith("TypeError: only 0-dimensional")
    assert ("pip install 'numpy<2.4'" in " ".join(test.failure.details)) == told


def test_what_a_scenario_trips_over_is_shown(server, make):
    suite = """
def both(solution, x):
    first, second = solution.f(x)
    return first + second

def test_both(learner, draw):
    learner.run(both, draw.normal(3))
"""
    (test,) = server.grade(make(suite), "def f(x):\n    return x\n", "f.py").tests
    assert "too many values to unpack" in test.failure.summary
    assert "which runs `first, second = solution.f(x)`" in " ".join(test.failure.details)
