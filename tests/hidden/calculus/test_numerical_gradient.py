"""Slopes against autograd. With h = 1e-5 the method's own error is about h² = 1e-10 times a third derivative, and
rounding's about eps / h = 2e-11; a forward difference is wrong by about h = 1e-5. The tolerance lies between."""

import pytest
import torch

from tutor.testkit import assert_matches, reference, strided

METHOD = 1e-7
UPSTREAM = torch.tensor(1.0, dtype=torch.float64)


def wavy(x):
    """Elements that take part in each other's slopes, each in a different way."""
    weights = torch.linspace(0.5, 2.0, x.numel(), dtype=x.dtype).reshape(x.shape)
    return (torch.sin(x) * weights).sum() + (x * weights).sum() ** 2 / x.numel()


def cubes(x):
    return (x**3).sum()


def cubes_as_float(x):
    return float((x**3).sum())


def of_wavy(solution, x, h):
    return solution.numerical_gradient(wavy, x, h)


def of_cubes(solution, x, h):
    return solution.numerical_gradient(cubes, x, h)


def of_cubes_as_float(solution, x):
    return solution.numerical_gradient(cubes_as_float, x)


def leaving_x(solution, x):
    """The gradient, and what x holds afterwards."""
    return solution.numerical_gradient(wavy, x), x


def counting(solution, x):
    """The gradient, and how often the function was called."""
    calls = []

    def counted(z):
        calls.append(1)
        return wavy(z)

    return solution.numerical_gradient(counted, x), len(calls)


def of_scaled(solution, x, scale):
    def scaled(z):
        return wavy(z) * scale

    return solution.numerical_gradient(scaled, x)


def shapes_given(solution, x):
    """The shape and dtype of every tensor that the function was given."""
    given = []

    def looking(z):
        given.append((tuple(z.shape), z.dtype))
        return wavy(z)

    solution.numerical_gradient(looking, x)
    return given


def of_nothing(solution, x):
    return solution.numerical_gradient(cubes, x)


def remembering(solution, x, h):
    """How far each tensor that the function was given lies from x, looked at after the end."""
    kept, start = [], x.clone()

    def remembered(z):
        kept.append(z)
        return wavy(z)

    solution.numerical_gradient(remembered, x, h)
    return torch.stack([(z - start).abs().sum() for z in kept])


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 1, 3), (2, 1, 2, 1, 3)])
def test_the_gradient_matches_autograd(learner, draw, shape):
    x = draw.normal(*shape)
    expected = reference(wavy, x).gradients(UPSTREAM)[0]
    assert_matches(learner.run(of_wavy, x, 1e-5), expected, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("h", [0.5, 0.1, 1e-3])
def test_a_large_nudge_is_wrong_by_exactly_its_square(learner, draw, h):
    """((x + h)³ − (x − h)³) / 2h = 3x² + h²: the central difference and no other."""
    x = draw.normal(3, 2)
    assert_matches(learner.run(of_cubes, x, h), 3 * x**2 + h**2, "the gradient", rtol=1e-10)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_a_function_that_returns_a_float(learner, draw):
    x = draw.normal(5)
    assert_matches(learner.run(of_cubes_as_float, x), 3 * x**2, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_a_single_number(learner, draw):
    x = draw.uniform(low=1, high=2)
    assert_matches(learner.run(of_cubes, x, 1e-5), 3 * x**2, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_an_x_that_is_not_contiguous(learner, draw):
    x = draw.normal(4, 3)
    expected = reference(wavy, x).gradients(UPSTREAM)[0]
    assert_matches(learner.run(of_wavy, strided(x), 1e-5), expected, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("axis", [0, 1])
def test_an_x_whose_elements_share_memory(learner, draw, axis):
    """An expanded tensor: whoever nudges one element of x itself moves a whole row of it."""
    x = draw.normal(*((1, 3) if axis == 0 else (4, 1))).expand(4, 3)
    expected = reference(wavy, x).gradients(UPSTREAM)[0]
    assert_matches(learner.run(of_wavy, x, 1e-5), expected, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("shape", [(0,), (2, 0)])
def test_an_x_without_elements(learner, shape):
    x = torch.zeros(shape, dtype=torch.float64)
    assert_matches(learner.run(of_nothing, x), torch.zeros_like(x), "the gradient")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_tiny_and_large_slopes(learner, draw, scale):
    x = draw.normal(3, 2)
    expected = reference(wavy, x).gradients(UPSTREAM)[0] * scale
    assert_matches(learner.run(of_scaled, x, scale), expected, "the gradient", rtol=METHOD)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_function_is_given_tensors_in_the_shape_of_x(learner, draw):
    x = draw.normal(2, 3)
    given = learner.run(shapes_given, x)
    assert_matches(given, [((2, 3), torch.float64)] * 12, "what the function was given")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_x_is_left_exactly_as_it_was(learner, draw):
    x = draw.normal(3, 4)
    expected = reference(wavy, x).gradients(UPSTREAM)[0]
    result = learner.run(leaving_x, x)
    assert_matches(result, (expected, x), ("the gradient", "x afterwards"), rtol=METHOD)
    assert torch.equal(result[1], x), (
        "x came back changed in its last bits: x + h − h need not be x. Keep the old value."
    )


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_function_is_called_twice_for_each_element(learner, draw):
    x = draw.normal(2, 5)
    expected = reference(wavy, x).gradients(UPSTREAM)[0]
    assert_matches(learner.run(counting, x), (expected, 20), ("the gradient", "the number of calls"), rtol=METHOD)


@pytest.mark.builds_on("test_the_function_is_given_tensors_in_the_shape_of_x")
def test_a_function_that_keeps_what_it_was_given(learner, draw):
    x = draw.normal(2, 2)
    moved = learner.run(remembering, x, 0.25)
    assert_matches(moved, torch.full((8,), 0.25, dtype=x.dtype), "how far each kept input lies from x", rtol=1e-9)
