"""`tutor check --explain`: the smallest failing input; and a backward pass beside the learner's own forward pass."""

import json

import pytest
import torch

from tutor.grading import Server
from tutor.grading.explain import SmallDraw, write

PLUS = "\n\ndef plus(a, b):\n    return a + b\n"


def explained(exercise, source, seed=1):
    with Server(exercise.course_root) as server:
        return server.grade(exercise, source, "pair.py", seed=seed, explain=True).explanation


LAYER = """
import torch
from tutor.testkit import assert_matches

def through(solution, x, weight):
    return solution.layer(x, weight)

def test_layer(learner, draw):
    x, weight = draw.normal(5, 4), draw.normal(3, 4)
    assert_matches(learner.layer(x, weight), x @ weight.T, "the output")

def test_in_a_scenario(learner, draw):
    x, weight = draw.normal(5, 4), draw.normal(3, 4)
    assert_matches(learner.run(through, x, weight), x @ weight.T, "the output")
"""
LAYER_STUB = "def layer(x, weight):\n    raise NotImplementedError\n"


def test_it_is_small_and_whole_and_both_results_are_shown(make):
    found = explained(make(LAYER, LAYER_STUB), "def layer(x, weight):\n    return 2 * x @ weight.T\n")
    assert found.test == "layer" and found.function == "layer" and not found.source
    (x, x_value), (weight, weight_value) = found.arguments
    assert (x, weight) == ("x (1, 1)", "weight (1, 1)")
    product = int(x_value) * int(weight_value)
    assert [(part.name, part.yours, part.expected) for part in found.parts] == [
        ("the output", f"{2 * product}*", str(product))
    ]


def test_it_is_as_large_as_it_has_to_be(make):
    """Wrong only where the batch has more than two rows, so that three are the fewest."""
    source = "def layer(x, weight):\n    return x @ weight.T + (len(x) > 2)\n"
    found = explained(make(LAYER, LAYER_STUB), source)
    assert found.arguments[0][0] == "x (3, 1)"
    assert found.parts[0].yours.count("*") == 3


def test_a_scenario_comes_with_its_text(make):
    suite = LAYER.replace("def test_layer", "def layer_test")
    found = explained(make(suite, LAYER_STUB), "def layer(x, weight):\n    return 2 * x @ weight.T\n")
    assert found.function == "through" and "return solution.layer(x, weight)" in found.source


def test_an_exception_is_followed_too(make):
    source = "def layer(x, weight):\n    return x @ weight.T if len(x) < 2 else x[9, 9]\n"
    found = explained(make(LAYER, LAYER_STUB), source)
    assert found.arguments[0][0] == "x (2, 1)" and "IndexError" in found.says and not found.parts


def test_a_shape_that_differs_is_shown(make):
    found = explained(make(LAYER, LAYER_STUB), "def layer(x, weight):\n    return weight @ x.T\n")
    assert found.parts[0].yours.splitlines()[0] != found.parts[0].expected.splitlines()[0]


def test_numbers_that_only_fail_unrounded_are_kept(make):
    source = "def layer(x, weight):\n    return x @ weight.T + (x.round() != x).any()\n"
    found = explained(make(LAYER, LAYER_STUB), source)
    assert "." in found.arguments[0][1]


def test_an_expected_result_of_next_to_nothing_explains_nothing(make):
    """x − x + tiny: whole numbers would cancel to zero, and show nothing of the factor."""
    suite = LAYER.replace(
        'x @ weight.T, "the output"', '(x @ weight.T - weight[0, 0] * x[:, :1]) + 0 * x[0, 0], "the output"'
    )
    source = "def layer(x, weight):\n    return 2 * (x @ weight.T - weight[0, 0] * x[:, :1])\n"
    found = explained(make(suite, LAYER_STUB), source)
    assert any(float(number.strip("*")) for number in found.parts[0].expected.split())


def test_what_passes_has_nothing_to_explain(make):
    assert explained(make(LAYER, LAYER_STUB), "def layer(x, weight):\n    return x @ weight.T\n") is None


def test_the_command_shows_it_and_json_has_it(tutor):
    tutor("next")
    (tutor.folder / "arithmetic/pair.py").write_text("def twice(x):\n    return 3 * x\n" + PLUS)
    shown = tutor("check", "--explain", status=1)
    assert "Smallest failing input found (twice)" in shown and "yours" in shown
    explanation = json.loads(tutor("check", "--explain", "--json", status=1))["explanation"]
    assert explanation["function"] == "twice" and explanation["arguments"][0][0] == "x (1, 1)"
    assert json.loads(tutor("check", "--json", status=1))["explanation"] is None
    tutor("check", "--all", "--explain", status=2)


def test_a_small_draw_stays_within_what_was_asked_for():
    draw = SmallDraw(0, {7: 2, 5: 3}, 0)
    assert draw.normal(7, 5, 9).shape == (2, 3, 9)
    whole = draw.normal(40, 40)
    assert torch.equal(whole, whole.round()) and whole.abs().min() == 1 and whole.abs().max() == 3
    assert draw.like(torch.zeros(7, 5)).shape == (7, 5)  # the shape of what there is already
    for low, high in ((0.0, 1.0), (-80.0, -10.0), (0.2, 0.7)):
        values = draw.uniform(50, low=low, high=high)
        assert ((values >= low) & (values < high)).all()
    assert draw.integers(0, 5, 7).shape == (2,) and draw.integers(0, 5, 400).max() < 3
    assert sorted(draw.permutation(7).tolist()) == [0, 1]


@pytest.mark.parametrize(
    "value, expected, text",
    [
        (torch.tensor([[1.0, -2.0], [3.5, 4.0]]), None, "  1  -2\n3.5   4"),
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 3.0]), " 1 2*"),
        (torch.tensor(2.0), None, "2"),
        (torch.tensor([1, 2]), None, "1 2"),
        (torch.tensor([float("nan")]), torch.tensor([1.0]), "nan*"),
        (torch.zeros(2, 1, 2), None, "[0]\n0 0\n[1]\n0 0"),
        (torch.zeros(100), None, "float32 (100,)"),
        ((2, 1), None, "(2, 1)"),
        (None, None, "None"),
    ],
)
def test_values_are_written_as_one_would_on_paper(value, expected, text):
    assert write(value, expected) == text


# --- forward and backward -----------------------------------------------------------------------------------------

CUBE = """
import torch
from tutor.testkit import assert_matches

def test_cube(learner, draw):
    x = draw.normal(3, 2)
    assert_matches(learner.cube(x, scale=2.0), 2 * x**3)

def test_cube_of_float32(learner, draw):
    x = draw.normal(3, 2, dtype=torch.float32)
    assert_matches(learner.cube(x, scale=2.0), 2 * x**3)

def test_backward(learner, draw):
    x, grad_output = draw.normal(3, 2), draw.normal(3, 2)
    assert_matches(learner.cube_backward(grad_output, x, scale=2.0), grad_output * 6 * x**2)

def test_backward_at_zero(learner, draw):
    x, grad_output = torch.tensor([0.0, 1.0, 2.0]).double(), draw.normal(3)
    assert_matches(learner.cube_backward(grad_output, x), grad_output * 3 * x**2)
"""
CUBE_STUB = "def cube(x, *, scale=1.0):\n    ...\n\n\ndef cube_backward(grad_output, x, *, scale=1.0):\n    ...\n"
FORWARD = "def cube(x, *, scale=1.0):\n    return scale * x**3\n"
BACKWARD = "def cube_backward(grad_output, x, *, scale=1.0):\n    return grad_output * scale * 3 * x**2\n"


@pytest.mark.parametrize(
    "forward, backward, says",
    [
        (FORWARD, BACKWARD.replace("x**2", "x"), "cube passes, so the mistake is in cube_backward"),
        (FORWARD.replace("3", "4"), BACKWARD.replace("3 * x**2", "4 * x**3"), "mend cube first"),
        (FORWARD.replace("3", "4"), BACKWARD.replace("3", "5"), "cube fails as well: mend cube first"),
        (
            "def cube(x, *, scale=1.0):\n    return scale * x**3 if x.dtype.itemsize == 8 else None.size\n",
            BACKWARD.replace("x**2", "x"),
            "cube fails as well",
        ),
        (
            "def cube(x, *, scale=1.0):\n    return scale * x**3 if x.dtype.itemsize == 8 else None.size\n",
            BACKWARD.replace("x**2", "x"),
            "cube fails as well",
        ),
        (FORWARD, BACKWARD.replace("x**2", "x**3 / x"), "for ordinary inputs cube_backward is right"),
        (FORWARD.replace("3", "4"), BACKWARD, None),
        (FORWARD, "def cube_backward(g, x, *, scale=1.0):\n    raise NotImplementedError\n", None),
    ],
)
def test_a_wrong_gradient_is_held_against_the_learners_own_forward_pass(make, forward, backward, says):
    exercise = make(CUBE, CUBE_STUB)
    with Server(exercise.course_root) as server:
        own = server.grade(exercise, forward + "\n\n" + backward, "pair.py").own
    assert (says in own) if says else own is None
