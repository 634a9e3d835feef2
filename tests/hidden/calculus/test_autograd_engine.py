"""Expressions as data: run on the learner's Values in the worker, and on torch's scalars here."""

import math

import pytest
import torch

from tutor.testkit import assert_matches

OPERATIONS = {
    "a + b": lambda a, b: a + b,
    "a * b": lambda a, b: a * b,
    "-a": lambda a, b: -a,
    "a - b": lambda a, b: a - b,
    "a / b": lambda a, b: a / b,
    "a ** 3": lambda a, b: a**3,
    "a ** -2": lambda a, b: a**-2,
    "b ** 0.5": lambda a, b: b**0.5,
    "a.exp()": lambda a, b: a.exp(),
    "a.tanh()": lambda a, b: a.tanh(),
    "a.relu()": lambda a, b: a.relu(),
    "a + 2": lambda a, b: a + 2,
    "2.5 + a": lambda a, b: 2.5 + a,
    "a * 3": lambda a, b: a * 3,
    "0.5 * a": lambda a, b: 0.5 * a,
    "a - 4": lambda a, b: a - 4,
    "4 - a": lambda a, b: 4 - a,
    "a / 4": lambda a, b: a / 4,
    "4 / a": lambda a, b: 4 / a,
    "a * a": lambda a, b: a * a,
    "a + a": lambda a, b: a + a,
    "a - a": lambda a, b: a - a,
    "a / a": lambda a, b: a / a,
    "a * a * a": lambda a, b: a * a * a,
    "(a + b) * (a - b)": lambda a, b: (a + b) * (a - b),
    "a.exp() * b + a.tanh() / b": lambda a, b: a.exp() * b + a.tanh() / b,
}
SINGLE = list(OPERATIONS)[:11]
WITH_NUMBERS = list(OPERATIONS)[11:19]
REUSING = list(OPERATIONS)[19:]


def of_two(solution, expression, a, b):
    """The value of an expression in a and b, and its gradients for both."""
    a, b = solution.Value(a), solution.Value(b)
    out = eval(expression, {"a": a, "b": b})
    out.backward()
    return out.data, a.grad, b.grad


def check_expression(learner, draw, expression, sign=1.0):
    a = sign * float(draw.uniform(low=0.5, high=2.0))
    b = float(draw.uniform(low=0.5, high=2.0))
    left, right = (torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (a, b))
    out = OPERATIONS[expression](left, right)
    grads = torch.autograd.grad(out, [left, right], allow_unused=True)
    expected = (out.item(), *(0.0 if grad is None else grad.item() for grad in grads))
    names = (f"({expression}).data", "a.grad", "b.grad")
    assert_matches(learner.run(of_two, expression, a, b), expected, names, terms=9)


@pytest.mark.parametrize("expression", SINGLE)
def test_each_operation(learner, draw, expression):
    check_expression(learner, draw, expression)
    check_expression(learner, draw, expression, sign=-1.0)


@pytest.mark.parametrize("expression", WITH_NUMBERS)
def test_plain_numbers_on_either_side(learner, draw, expression):
    check_expression(learner, draw, expression)
    check_expression(learner, draw, expression, sign=-1.0)


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("expression", REUSING)
def test_a_value_that_is_used_more_than_once(learner, draw, expression):
    check_expression(learner, draw, expression)


def relu_at_zero(solution):
    a = solution.Value(0.0)
    out = a.relu()
    out.backward()
    return out.data, a.grad


def test_the_slope_of_relu_at_zero_is_zero(learner):
    assert_matches(learner.run(relu_at_zero), (0.0, 0.0), ("relu(0)", "its slope"))


def of_powers_at_zero(solution, exponent):
    a = solution.Value(0.0)
    out = a**exponent
    out.backward()
    return out.data, a.grad


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("exponent, value, slope", [(2, 0.0, 0.0), (1, 0.0, 1.0), (0, 1.0, 0.0)])
def test_powers_of_zero(learner, exponent, value, slope):
    result = learner.run(of_powers_at_zero, exponent)
    assert_matches(result, (value, slope), (f"0 ** {exponent}", "its slope"))


def tanh_of(solution, number):
    a = solution.Value(number)
    out = a.tanh()
    out.backward()
    return out.data, a.grad


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("number", [1000.0, -1000.0])
def test_tanh_of_large_numbers(learner, number):
    expected = (math.copysign(1.0, number), 0.0)
    assert_matches(learner.run(tanh_of, number), expected, (f"tanh({number:g})", "its slope"))


def exp_of(solution, numbers):
    """Values and slopes, one row for each number."""
    rows = []
    for number in numbers:
        a = solution.Value(number)
        out = a.exp()
        out.backward()
        rows.append([out.data, a.grad])
    return torch.tensor(rows, dtype=torch.float64)


@pytest.mark.builds_on("test_each_operation")
def test_exp_of_large_numbers(learner):
    numbers = [-300.0, -30.0, 0.0, 30.0, 300.0]
    expected = torch.tensor(numbers, dtype=torch.float64).exp()[:, None].expand(5, 2)
    assert_matches(learner.run(exp_of, numbers), expected, "exp and its slope [number, which]", relative=True)


def of_a_scaled_product(solution, x, y, scale):
    a, b = solution.Value(x), solution.Value(y)
    out = (a * b) * scale
    out.backward()
    return torch.tensor([out.data, a.grad, b.grad], dtype=torch.float64)


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_tiny_and_large_gradients(learner, draw, scale):
    x, y = float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=0.5, high=2.0))
    expected = torch.tensor([x * y, y, x], dtype=torch.float64) * scale
    actual = learner.run(of_a_scaled_product, x, y, scale)
    assert_matches(actual, expected, "[out.data, a.grad, b.grad]", relative=True)


def with_every_operation(solution, x, y):
    """What both numbers are after each operation has been used, and after a variable was assigned to anew."""
    a, b = solution.Value(x), solution.Value(y)
    results = [a + b, a * b, -a, a - b, a / b, a**2, a.exp(), a.tanh(), a.relu(), 1 + a, 1 - a, 2 * a, 1 / a]
    total = a
    total += b
    total *= b
    total -= b
    total /= b
    for result in [*results, total]:
        result.backward()
    return a.data, b.data


@pytest.mark.builds_on("test_each_operation", "test_plain_numbers_on_either_side")
def test_no_operation_changes_its_operands(learner, draw):
    x, y = float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=0.5, high=2.0))
    assert_matches(learner.run(with_every_operation, x, y), (x, y), ("a.data", "b.data"))


def of_a_diamond(solution, number):
    """b is reached from the output along two ways of different length, and is itself made from a."""
    a = solution.Value(number)
    b = a * 3.0
    c = b * b
    d = c + b
    e = d * c
    e.backward()
    return e.data, e.grad, d.grad, c.grad, b.grad, a.grad


@pytest.mark.builds_on("test_a_value_that_is_used_more_than_once")
def test_gradients_in_the_middle_of_a_diamond(learner, draw):
    number = float(draw.uniform(low=0.5, high=2.0))
    a = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    b = a * 3.0
    c = b * b
    d = c + b
    e = d * c
    grads = [grad.item() for grad in torch.autograd.grad(e, [e, d, c, b, a])]
    names = ("e.data", "e.grad", "d.grad", "c.grad", "b.grad", "a.grad")
    assert_matches(learner.run(of_a_diamond, number), (e.item(), *grads), names, terms=9)


def of_two_outputs(solution, x, y):
    a, b = solution.Value(x), solution.Value(y)
    (a * b).backward()
    (a + b * b).backward()
    first = a.grad, b.grad
    a.grad = b.grad = 0.0
    (a * 3.0).backward()
    return first, (a.grad, b.grad)


@pytest.mark.builds_on("test_each_operation")
def test_gradients_of_two_outputs_add_up_until_they_are_set_to_zero(learner, draw):
    x, y = float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=0.5, high=2.0))
    expected = ((y + 1, x + 2 * y), (3.0, 0.0))
    names = ("(a.grad, b.grad) of both outputs", "(a.grad, b.grad) afterwards")
    assert_matches(learner.run(of_two_outputs, x, y), expected, names)


def of_a_shared_value(solution, x, y):
    """c is computed once, and both outputs are made of it."""
    a, b = solution.Value(x), solution.Value(y)
    c = a * b
    twice, square = c * 2.0, c * c
    twice.backward()
    first = a.grad, b.grad, c.grad
    square.backward()
    return first, (a.grad, b.grad, c.grad)


@pytest.mark.builds_on("test_gradients_of_two_outputs_add_up_until_they_are_set_to_zero")
def test_what_a_shared_value_got_from_one_output_is_not_passed_on_again_by_the_next(learner, draw):
    x, y = float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=0.5, high=2.0))
    slope = 2.0 + 2 * x * y
    expected = ((2 * y, 2 * x, 2.0), (slope * y, slope * x, slope))
    names = ("(a.grad, b.grad, c.grad) of the first output", "(a.grad, b.grad, c.grad) of both")
    assert_matches(learner.run(of_a_shared_value, x, y), expected, names, terms=9)


def of_one_output_twice(solution, x, y):
    a, b = solution.Value(x), solution.Value(y)
    c = a * b
    out = c.exp() + c
    out.backward()
    out.backward()
    return a.grad, b.grad, c.grad, out.grad


@pytest.mark.builds_on("test_gradients_of_two_outputs_add_up_until_they_are_set_to_zero")
def test_a_second_backward_of_one_output_adds_the_same_once_more(learner, draw):
    x, y = float(draw.uniform(low=0.5, high=1.5)), float(draw.uniform(low=0.5, high=1.5))
    slope = math.exp(x * y) + 1
    names = ("a.grad", "b.grad", "c.grad", "out.grad")
    expected = (2 * slope * y, 2 * slope * x, 2 * slope, 1.0)
    assert_matches(learner.run(of_one_output_twice, x, y), expected, names, terms=9)


def of_the_middle(solution, x, y):
    """First the output, then something in its middle."""
    a, b = solution.Value(x), solution.Value(y)
    c = a * b
    out = c * 3.0
    out.backward()
    c.backward()
    return a.grad, b.grad, c.grad, out.grad


@pytest.mark.builds_on("test_gradients_of_two_outputs_add_up_until_they_are_set_to_zero")
def test_backward_from_the_middle_of_a_graph(learner, draw):
    x, y = float(draw.uniform(low=0.5, high=2.0)), float(draw.uniform(low=0.5, high=2.0))
    names = ("a.grad", "b.grad", "c.grad", "out.grad")
    assert_matches(learner.run(of_the_middle, x, y), (4 * y, 4 * x, 1.0, 1.0), names, terms=9)


def of_what_changes_nothing(solution, expression, x):
    """The operand has a gradient already; that of the operation, which has slope 1, comes on top."""
    a = solution.Value(x)
    (a * 3.0).backward()
    eval(expression, {"a": a}).backward()
    return a.grad


@pytest.mark.builds_on("test_gradients_of_two_outputs_add_up_until_they_are_set_to_zero")
@pytest.mark.parametrize("expression", ["a + 0", "0 + a", "a - 0", "a * 1", "1 * a", "a / 1", "a ** 1", "a.relu()"])
def test_an_operation_that_changes_nothing_still_makes_a_value_of_its_own(learner, draw, expression):
    x = float(draw.uniform(low=0.5, high=2.0))
    result = learner.run(of_what_changes_nothing, expression, x)
    assert_matches(result, 4.0, f"a.grad after (a * 3).backward() and ({expression}).backward()")


def of_a_leaf(solution, number):
    a = solution.Value(number)
    before = a.grad
    a.backward()
    return a.data, before, a.grad


def test_backward_of_a_leaf(learner, draw):
    number = float(draw.normal())
    assert_matches(learner.run(of_a_leaf, number), (number, 0.0, 1.0), ("data", "grad before", "grad after"))


def step(value, kind, other):
    """One operation of a random program; squashed, so that no number runs away."""
    if kind == 0:
        return value + other
    if kind == 1:
        return value * other
    if kind == 2:
        return value - other * 0.5
    if kind == 3:
        return value / (other * other + 1.5)
    if kind == 4:
        return value.tanh().exp()
    if kind == 5:
        return value.relu() - 0.1
    if kind == 6:
        return 2 - value.tanh() ** 3
    return (value * other).tanh()


def run_program(leaves, program):
    """All the values of a program: each step takes two earlier ones."""
    values = list(leaves)
    for kind, i, j in program:
        values.append(step(values[i], kind, values[j]))
    return values


def of_a_program(solution, numbers, program):
    values = run_program([solution.Value(number) for number in numbers], program)
    values[-1].backward()
    return [value.data for value in values], [value.grad for value in values[: len(numbers)]]


def random_program(draw):
    """Leaves, forty steps, and torch's values and gradients; drawn again where only rounding would be compared."""
    while True:
        numbers = [float(number) for number in draw.normal(4)]
        earlier = [(draw.integer(max(0, n - 6), n), draw.integer(0, n)) for n in range(4, 44)]
        program = [(draw.integer(0, 8), i, j) for i, j in earlier]
        leaves = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]
        values = run_program(leaves, program)
        found = torch.autograd.grad(values[-1], leaves, allow_unused=True) if values[-1].requires_grad else [None] * 4
        slopes = torch.stack(
            [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found, strict=True)]
        )
        if slopes.abs().max() > 0.01:
            return numbers, program, torch.stack(values).detach(), slopes


@pytest.mark.builds_on("test_a_value_that_is_used_more_than_once", "test_plain_numbers_on_either_side")
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_random_programs_of_forty_steps(learner, draw, number):
    numbers, program, data, slopes = random_program(draw)
    result = learner.run(as_tensors, numbers, program)
    assert_matches(result, (data, slopes), ("the data of every step", "the gradients of the leaves"), terms=400)


def as_tensors(solution, numbers, program):
    data, grads = of_a_program(solution, numbers, program)
    return torch.tensor(data, dtype=torch.float64), torch.tensor(grads, dtype=torch.float64)


def of_a_long_chain(solution, number, length):
    a = solution.Value(number)
    out = a
    for _ in range(length):
        out = out * 0.9999 + a
    out.backward()
    return out.data, a.grad


@pytest.mark.builds_on("test_a_value_that_is_used_more_than_once")
def test_a_chain_of_twenty_thousand_operations(learner, draw):
    number = float(draw.uniform(low=0.5, high=2.0))
    slope = 1.0
    for _ in range(10_000):
        slope = slope * 0.9999 + 1
    expected = (slope * number, slope)
    assert math.isfinite(slope), "the suite's own sum"
    assert_matches(learner.run(of_a_long_chain, number, 10_000), expected, ("out.data", "a.grad"), terms=10_000)


def of_a_wide_graph(solution, number):
    """Each step uses the one before twice: two to the power of sixty ways lead back to a."""
    a = solution.Value(number)
    out = a
    for _ in range(60):
        out = (out + out) * 0.5
    out.backward()
    return out.data, a.grad


@pytest.mark.builds_on("test_a_value_that_is_used_more_than_once")
def test_every_value_passes_its_gradient_on_once_and_not_once_for_each_way(learner, draw):
    number = float(draw.uniform(low=0.5, high=2.0))
    assert_matches(learner.run(of_a_wide_graph, number), (number, 1.0), ("out.data", "a.grad"), terms=60)
