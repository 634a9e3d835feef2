"""`tutor verify` finds each kind of fault, and none in a sound course."""

import shutil

import pytest
from conftest import COURSE

from tutor.authoring.verify import verify


def faults_of(course, *names):
    return [str(fault) for fault in verify(course, list(names) or None)]


def test_a_sound_course_has_no_faults():
    seen = []
    assert verify(COURSE, on_progress=lambda done, total: seen.append((done, total))) == []
    assert seen[-1][0] == seen[-1][1] and seen == sorted(set(seen))


def change(course, path, old, new):
    file = course / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


SQUARE = "exercises/geometry/square"
SUITE = "tests/hidden/geometry/test_square.py"
SOLUTION = "solutions/geometry/square/solution.py"


@pytest.mark.parametrize(
    "path, old, new, fault",
    [
        (
            f"{SQUARE}/stub.py",
            "raise NotImplementedError",
            "return x * x",
            "stub: the stub passes “square of a matrix”",
        ),
        (SOLUTION, "return x * x", "return x * x + 1", "solution: does not pass"),
        (SUITE, "x * x", "x + x", "solution.py: solution: does not pass"),
        (SUITE, "x = draw.normal(3, 4)", "x = draw.normal(3, 4).abs() * 0 + 1", "mistakes[1]: the suite lets it pass"),
        (SUITE, "assert_matches(learner.square(x), x * x)", "learner.square(x)", "an input: the suite lets it pass"),
        (
            SUITE,
            "assert_matches(learner.square(x), x * x)",
            "assert learner.square(x).equal(x * x)",
            "could not be graded",
        ),
        (SUITE, "import assert_matches", "import assert_something", "could not be graded"),
        (f"{SQUARE}/exercise.yaml", '"return x + x"', '"return x * * x"', "mistakes[0]: does not even run"),
        (
            f"{SQUARE}/exercise.yaml",
            'from: "return x * x"',
            'from: "return y"',
            "mistakes[0]: edit.from 'return y' occurs 0",
        ),
        (f"{SQUARE}/exercise.yaml", ", It is there.]", "]", "hints: there are 2, there have to be 3"),
        (f"{SQUARE}/exercise.yaml", "You cubed it.", "You doubled it.", "mistakes: 'You doubled it.' stands twice"),
        (f"{SQUARE}/exercise.yaml", "task:", "tusk:", "task, which is missing"),
        (
            f"{SQUARE}/exercise.yaml",
            "mistakes:",
            "rules: {forbid: [torch.mul]}\nmistakes:",
            "torch.mul may not be used",
        ),
        (f"{SQUARE}/exercise.yaml", "mistakes:", "rules: {forbid: [torch.mull]}\nmistakes:", "torch has no torch.mull"),
        (f"{SQUARE}/stub.py", '"""Square of', '# """Square of', "square: has no docstring"),
        (f"{SQUARE}/stub.py", "(x: Tensor)", "(x: Tensor, n: int = 2)", "square: its signature is (x: Tensor)"),
        (SOLUTION, "def square", "def squared", "square: is in the stub, but not here"),
        (SOLUTION, "return x * x", "return x * * x", "solution: is not Python"),
        (f"{SQUARE}/lesson.md", "The square of x is", "", "lesson: is empty"),
    ],
)
def test_each_kind_of_fault(own_course, path, old, new, fault):
    if path.endswith("lesson.md"):
        (own_course / path).write_text("# Squares\n")
    elif '# "' in new:
        (own_course / path).write_text(
            (own_course / path).read_text().split('    """')[0] + "    raise NotImplementedError\n"
        )
    else:
        change(own_course, path, old, new)
    faults = faults_of(own_course, "square")
    assert any(fault in " ".join(found.split()) for found in faults), faults


@pytest.mark.parametrize(
    "path", [f"{SQUARE}/lesson.md", f"{SQUARE}/stub.py", f"{SQUARE}/exercise.yaml", SOLUTION, SUITE]
)
def test_a_missing_file(own_course, path):
    (own_course / path).unlink()
    assert f"{path}: file: is missing" in faults_of(own_course, "square")


def test_files_that_belong_to_no_exercise(own_course):
    for path in (f"{SQUARE}/notes.txt", "solutions/geometry/cube/solution.py", "tests/hidden/geometry/helpers.py"):
        (own_course / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(own_course / SOLUTION, own_course / path)
    stray = [fault for fault in faults_of(own_course) if "belongs to no exercise" in fault]
    assert len(stray) == 3
