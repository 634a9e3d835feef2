"""Products with autograd's Jacobian; multiplications counted by multiplying shapes one pair at a time."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

SIZES = [(3, 5), (4, 2, 3), (2, 5, 4, 3), (5, 3, 6, 2, 4)]
DIRECTIONS = {"jvp": "J·tangent", "vjp": "upstream·J"}


def shapes_of(sizes):
    """Of each step's Jacobian, and of its weight: outputs, inputs."""
    return [(sizes[i + 1], sizes[i]) for i in range(len(sizes) - 1)]


def chain(x, weights):
    for weight in weights:
        x = torch.tanh(weight @ x)
    return x


def jacobian(x, weights):
    """Autograd's, one backward pass per output."""
    x = x.clone().requires_grad_()
    return torch.stack([torch.autograd.grad(out, x, retain_graph=True)[0] for out in chain(x, weights)])


def case(draw, function, sizes, dtype=torch.float64):
    """The arguments of `function`, and the right product."""
    x = draw.normal(sizes[0], dtype=dtype)
    # Rows no longer than 1: where tanh is flat, 1 − tanh² would be rounding and little else.
    ends = [(rows, columns, columns**-0.5) for rows, columns in shapes_of(sizes)]
    weights = [draw.uniform(rows, columns, low=-end, high=end, dtype=dtype) for rows, columns, end in ends]
    table = jacobian(x, weights)
    vector = draw.normal(sizes[0] if function == "jvp" else sizes[-1], dtype=dtype)
    return (x, weights, vector), table @ vector if function == "jvp" else vector @ table


@pytest.mark.parametrize("sizes", SIZES)
def test_a_direction_pushed_forward_matches_autograd(learner, draw, sizes):
    inputs, expected = case(draw, "jvp", sizes)
    assert_matches(learner.jvp(*inputs), expected, "J·tangent", terms=200)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_gradient_sent_back_matches_autograd(learner, draw, sizes):
    inputs, expected = case(draw, "vjp", sizes)
    assert_matches(learner.vjp(*inputs), expected, "upstream·J", terms=200)


BOTH = ["test_a_direction_pushed_forward_matches_autograd", "test_a_gradient_sent_back_matches_autograd"]


@pytest.mark.builds_on(*BOTH)
@pytest.mark.parametrize("function", list(DIRECTIONS))
def test_a_chain_of_no_steps_passes_the_vector_on(learner, draw, function):
    x, vector = draw.normal(4), draw.normal(4)
    assert_matches(getattr(learner, function)(x, [], vector), vector, DIRECTIONS[function])


@pytest.mark.builds_on(*BOTH)
@pytest.mark.parametrize("function", list(DIRECTIONS))
def test_a_long_vector_gives_a_product_as_much_longer(learner, draw, function):
    (x, weights, vector), expected = case(draw, function, (3, 4, 2))
    result = getattr(learner, function)(x, weights, 1000 * vector)
    assert_matches(result, 1000 * expected, DIRECTIONS[function], terms=200)


@pytest.mark.builds_on(*BOTH)
@pytest.mark.parametrize("function", list(DIRECTIONS))
def test_layers_of_a_single_unit(learner, draw, function):
    inputs, expected = case(draw, function, (1, 1, 3, 1))
    assert_matches(getattr(learner, function)(*inputs), expected, DIRECTIONS[function], terms=200)


@pytest.mark.builds_on(*BOTH)
@pytest.mark.parametrize("function", list(DIRECTIONS))
def test_float32_stays_float32(learner, draw, function):
    inputs, expected = case(draw, function, (4, 2, 3), dtype=torch.float32)
    assert_matches(getattr(learner, function)(*inputs), expected, DIRECTIONS[function], terms=200)


@pytest.mark.builds_on(*BOTH)
@pytest.mark.parametrize("function", list(DIRECTIONS))
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw, function):
    (x, weights, vector), expected = case(draw, function, (2, 5, 4, 3))
    result = getattr(learner, function)(strided(x), [strided(weight) for weight in weights], strided(vector))
    assert_matches(result, expected, DIRECTIONS[function], terms=200)
    assert_inputs_unchanged(learner)


def count(sizes, order):
    """Multiply the shapes, pair by pair."""
    shapes = shapes_of(sizes)
    total = 0
    while len(shapes) > 1:
        if order == "forward":
            right, left = shapes.pop(0), shapes.pop(0)
            shapes.insert(0, (left[0], right[1]))
        else:
            right, left = shapes.pop(-2), shapes.pop()
            shapes.append((left[0], right[1]))
        total += left[0] * left[1] * right[1]
    return total


@pytest.mark.parametrize("order", ["forward", "reverse"])
@pytest.mark.parametrize("steps", [2, 3, 6])
def test_the_number_of_multiplications(learner, draw, steps, order):
    for _ in range(8):
        sizes = [draw.integer(2, 30) for _ in range(steps + 1)]
        assert_matches(learner.multiplications(sizes, order), count(sizes, order), f"{order} for {sizes}")


@pytest.mark.builds_on("test_the_number_of_multiplications")
@pytest.mark.parametrize("order", ["forward", "reverse"])
def test_a_single_step_needs_no_product(learner, order):
    assert_matches(learner.multiplications([7, 5], order), 0, "the number of multiplications")


@pytest.mark.builds_on("test_the_number_of_multiplications")
@pytest.mark.parametrize("order", ["backward", ""])
def test_any_other_order_raises(learner, order):
    assert_raises(ValueError, learner.multiplications, [3, 4, 2], order)
