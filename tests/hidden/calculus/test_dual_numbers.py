"""Expressions as data: run on the learner's Duals in the worker, and on torch's scalars here."""

import itertools

import pytest
import torch

from tutor.testkit import assert_matches

SINGLE = [
    "a + b",
    "a - b",
    "a * b",
    "a / b",
    "-a",
    "a ** 3",
    "a ** -2",
    "b ** 0.5",
    "b ** a",
    "a.exp()",
    "b.log()",
    "a.sin()",
    "a.tanh()",
]
WITH_NUMBERS = [
    "a + 2",
    "2.5 + a",
    "a - 4",
    "4 - a",
    "a * 3",
    "0.5 * a",
    "a / 4",
    "4 / a",
    "2 ** a",
    "0.3 ** a",
    "a ** 1",
]
TOGETHER = [
    "a * a",
    "a - a * b",
    "a / (a + b * b)",
    "(a * b).sin() / b.log().exp()",
    "b ** b",
    "(a * a + b) ** 0.5 - 3 / b",
    "1 - (2 * a - b).tanh() ** 2",
    "((a - b).exp() + 1).log() * 2 ** (a * b)",
]
NAMES = ("the value", "the slope")


def of_two(solution, expression, numbers, slopes):
    """The value and the slope of an expression in a and b."""
    a, b = (solution.Dual(number, slope) for number, slope in zip(numbers, slopes, strict=True))
    out = eval(expression, {"a": a, "b": b})
    return out.value, out.slope


def torchs(expression, numbers, slopes):
    a, b = (torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers)
    out = eval(expression, {"a": a, "b": b})
    grads = torch.autograd.grad(out, [a, b], allow_unused=True)
    slope = sum(float(grad) * slope for grad, slope in zip(grads, slopes, strict=True) if grad is not None)
    return out.item(), float(slope)


def check(learner, draw, expression):
    """Both operands move, at different rates; the first is negative in one of two rounds."""
    for sign in (1.0, -1.0):
        numbers = [sign * float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=1.2, high=2.0))]
        slopes = [float(draw.uniform(low=0.4, high=1.5)), float(draw.uniform(low=-2.0, high=-0.6))]
        expected = torchs(expression, numbers, slopes)
        assert_matches(learner.run(of_two, expression, numbers, slopes), expected, NAMES, terms=20)


@pytest.mark.parametrize("expression", SINGLE)
def test_each_operation(learner, draw, expression):
    check(learner, draw, expression)


@pytest.mark.parametrize("expression", WITH_NUMBERS)
def test_plain_numbers_on_either_side(learner, draw, expression):
    check(learner, draw, expression)


@pytest.mark.builds_on("test_each_operation", "test_plain_numbers_on_either_side")
@pytest.mark.parametrize("expression", TOGETHER)
def test_operations_together(learner, draw, expression):
    check(learner, draw, expression)


def power_at(solution, number, slope, exponent):
    out = solution.Dual(number, slope) ** exponent
    return out.value, out.slope


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("exponent, value, factor", [(1, 0.0, 1.0), (2, 0.0, 0.0), (3, 0.0, 0.0), (0, 1.0, 0.0)])
def test_powers_at_zero(learner, draw, exponent, value, factor):
    slope = float(draw.uniform(low=0.5, high=2.0))
    assert_matches(learner.run(power_at, 0.0, slope, exponent), (value, factor * slope), NAMES)


def without_a_slope(solution, number):
    a = solution.Dual(number)
    out = a * 2 + 1
    return a.slope, out.value, out.slope


def test_without_a_slope_a_dual_is_a_constant(learner, draw):
    number = float(draw.normal())
    expected = (0.0, 2 * number + 1, 0.0)
    assert_matches(learner.run(without_a_slope, number), expected, ("Dual(x).slope", "the value", "the slope"))


def operands_afterwards(solution, number):
    a, b = solution.Dual(number, 0.7), solution.Dual(2.5, -1.5)
    total = a + b
    kept = [b + a, a - b, a * b, a / b, b**2, b**a, 2**a, -a, a.exp(), b.log(), a.sin(), a.tanh(), 1 - a, 1 / a]
    afterwards = a.value, a.slope, b.value, b.slope
    a += 1
    a *= kept[0]
    return *afterwards, total.value, total.slope


@pytest.mark.builds_on("test_each_operation")
def test_operands_are_left_as_they_were(learner, draw):
    number = float(draw.uniform(low=0.5, high=2.0))
    expected = (number, 0.7, 2.5, -1.5, number + 2.5, 0.7 - 1.5)
    names = [
        f"{name} afterwards" for name in ("a.value", "a.slope", "b.value", "b.slope", "(a + b).value", "(a + b).slope")
    ]
    assert_matches(learner.run(operands_afterwards, number), expected, names)


# --- derivative, directional_derivative, gradient -----------------------------------------------------------------


def curve(x):
    return x * x.sin() + 3 / x


def flat(x):
    return 4.25


def surface(x):
    out = x[0] * x[1].sin()
    for left, right in itertools.pairwise(x[1:]):
        out = out + (left * right).tanh() * 2 - left / 3
    return out


def level(x):
    return 2.5


def of_the_curve(solution, x):
    return solution.derivative(curve, x)


def of_flat(solution, x):
    return solution.derivative(flat, x)


def along(solution, x, direction):
    return solution.directional_derivative(surface, x, direction)


def gradient_of_the_surface(solution, x):
    return solution.gradient(surface, x)


def of_level(solution, x):
    return solution.gradient(level, x), solution.directional_derivative(level, x, [1.0] * len(x))


def counted(solution, x, direction):
    """How often each of the three evaluates its function."""
    calls = []

    def watched(numbers):
        calls.append(1)
        return surface(numbers)

    def watched_curve(number):
        calls.append(1)
        return curve(number)

    counts = []
    for run in (
        lambda: solution.derivative(watched_curve, x[0]),
        lambda: solution.directional_derivative(watched, x, direction),
        lambda: solution.gradient(watched, x),
    ):
        calls.clear()
        run()
        counts.append(len(calls))
    return counts


def case(draw, n):
    x = [float(number) for number in draw.uniform(n, low=0.3, high=1.6)]
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    out = surface(list(leaf))
    return x, out.item(), torch.autograd.grad(out, leaf)[0]


def test_the_derivative_of_a_function_of_one_number(learner, draw):
    x = float(draw.uniform(low=0.5, high=2.0))
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    out = curve(leaf)
    expected = (out.item(), torch.autograd.grad(out, leaf)[0].item())
    assert_matches(learner.run(of_the_curve, x), expected, ("f(x)", "f′(x)"), terms=9)


@pytest.mark.parametrize("n", [2, 5])
def test_the_directional_derivative(learner, draw, n):
    x, value, grad = case(draw, n)
    direction = draw.uniform(n, low=0.5, high=3.0)
    expected = (value, (grad * direction).sum().item())
    result = learner.run(along, x, direction.tolist())
    assert_matches(result, expected, ("f(x)", "the slope along the direction"), terms=50)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_the_gradient(learner, draw, n):
    x, _, grad = case(draw, n)
    result = learner.run(gradient_of_the_surface, x)
    assert_matches(result, grad.tolist(), "the gradient", terms=50)


@pytest.mark.builds_on("test_the_derivative_of_a_function_of_one_number")
def test_a_function_that_does_not_depend_on_its_argument(learner, draw):
    x = draw.normal(3).tolist()
    assert_matches(learner.run(of_flat, x[0]), (4.25, 0.0), ("f(x)", "f′(x)"))
    expected = ([0.0, 0.0, 0.0], (2.5, 0.0))
    assert_matches(learner.run(of_level, x), expected, ("the gradient", "value and directional derivative"))


@pytest.mark.builds_on("test_the_gradient", "test_the_directional_derivative")
@pytest.mark.parametrize("n", [2, 5])
def test_how_often_the_function_is_evaluated(learner, draw, n):
    x, _, _ = case(draw, n)
    result = learner.run(counted, x, draw.normal(n).tolist())
    needed = {"derivative": 1, "directional_derivative": 1, "gradient": n}
    for (name, times), actual in zip(needed.items(), result, strict=True):
        assert actual == times, f"{name} evaluates f {actual} times for {n} inputs; {times} is what it takes"
