"""Each gradient against torch's autograd on the function that the stub spells out."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

ONE = torch.tensor(1.0, dtype=torch.float64)
WAVE = ("∂f/∂x", "∂f/∂y")


def quadratic(x, matrix, vector):
    return x @ matrix @ x + vector @ x


def wave(x, y):
    return x**2 * torch.sin(y) + torch.exp(x * y)


def soft_norm(x, weights):
    return torch.sqrt(1 + (weights * x**2).sum())


def quadratic_case(draw, n, dtype=torch.float64):
    inputs = draw.normal(n, dtype=dtype), draw.normal(n, n, dtype=dtype), draw.normal(n, dtype=dtype)
    return inputs, reference(quadratic, *inputs).gradients(ONE.to(dtype))[0]


def wave_case(draw, *shape, dtype=torch.float64):
    """The sum over all points has, for each point's coordinates, the slopes of that point."""
    inputs = draw.normal(*shape, dtype=dtype), draw.normal(*shape, dtype=dtype)
    made = reference(wave, *inputs)
    return inputs, made.gradients(torch.ones_like(made.output))


def soft_norm_case(draw, *shape, dtype=torch.float64):
    inputs = draw.normal(*shape, dtype=dtype), draw.uniform(*shape, low=0.3, high=3, dtype=dtype)
    return inputs, reference(soft_norm, *inputs).gradients(ONE.to(dtype))[0]


def direction_case(draw, *shape, dtype=torch.float64):
    """A gradient, a direction, and autograd's slope along it; drawn again where the slope would be rounding."""
    while True:
        gradient, direction = draw.normal(*shape, dtype=dtype), draw.normal(*shape, dtype=dtype)
        step = torch.zeros((), dtype=dtype, requires_grad=True)
        unit = direction / torch.linalg.vector_norm(direction)
        (slope,) = torch.autograd.grad((gradient * (step * unit)).sum(), step)
        if slope.abs() > 0.1:
            return (gradient, direction), slope


@pytest.mark.parametrize("n", [2, 5, 3])
def test_the_gradient_of_the_quadratic_matches_autograd(learner, draw, n):
    inputs, expected = quadratic_case(draw, n)
    assert_matches(learner.quadratic_gradient(*inputs), expected, "the gradient", terms=n)


@pytest.mark.builds_on("test_the_gradient_of_the_quadratic_matches_autograd")
def test_the_quadratic_of_one_variable(learner, draw):
    inputs, expected = quadratic_case(draw, 1)
    assert_matches(learner.quadratic_gradient(*inputs), expected, "the gradient", terms=100)


@pytest.mark.builds_on("test_the_gradient_of_the_quadratic_matches_autograd")
def test_at_the_origin_only_the_linear_part_of_the_quadratic_is_left(learner, draw):
    (_, matrix, vector), _ = quadratic_case(draw, 4)
    origin = torch.zeros(4, dtype=torch.float64)
    assert_matches(learner.quadratic_gradient(origin, matrix, vector), vector, "the gradient")


@pytest.mark.parametrize("shape", [(6,), (3, 4), (2, 4, 3)])
def test_the_slopes_of_the_wave_match_autograd(learner, draw, shape):
    inputs, expected = wave_case(draw, *shape)
    assert_matches(learner.wave_gradient(*inputs), expected, WAVE)


@pytest.mark.builds_on("test_the_slopes_of_the_wave_match_autograd")
@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_the_wave_at_a_single_point_and_at_none(learner, draw, shape):
    inputs, expected = wave_case(draw, *shape)
    assert_matches(learner.wave_gradient(*inputs), expected, WAVE, terms=100)


@pytest.mark.builds_on("test_the_slopes_of_the_wave_match_autograd")
def test_the_wave_on_the_axes(learner, draw):
    zeros, along = torch.zeros(3, dtype=torch.float64), draw.normal(3)
    x, y = torch.cat([zeros, along]), torch.cat([along, zeros])
    expected = reference(wave, x, y).gradients(torch.ones_like(x))
    assert_matches(learner.wave_gradient(x, y), expected, WAVE)


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_the_gradient_of_the_soft_norm_matches_autograd(learner, draw, shape):
    inputs, expected = soft_norm_case(draw, *shape)
    assert_matches(learner.soft_norm_gradient(*inputs), expected, "the gradient", terms=24)


@pytest.mark.builds_on("test_the_gradient_of_the_soft_norm_matches_autograd")
def test_the_soft_norm_of_a_single_number(learner, draw):
    inputs, expected = soft_norm_case(draw)
    assert_matches(learner.soft_norm_gradient(*inputs), expected, "the gradient")


@pytest.mark.builds_on("test_the_gradient_of_the_soft_norm_matches_autograd")
def test_the_soft_norm_is_flat_at_the_origin(learner):
    x, weights = torch.zeros(3, 2, dtype=torch.float64), torch.full((3, 2), 2.0, dtype=torch.float64)
    assert_matches(learner.soft_norm_gradient(x, weights), torch.zeros_like(x), "the gradient")


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_the_slope_in_a_direction_matches_autograd(learner, draw, shape):
    inputs, expected = direction_case(draw, *shape)
    assert_matches(learner.directional_derivative(*inputs), expected, "the slope", terms=100)


@pytest.mark.builds_on("test_the_slope_in_a_direction_matches_autograd")
@pytest.mark.parametrize("scale", [-3.0, 1e6, 1e-12])
def test_the_length_of_the_direction_does_not_matter(learner, draw, scale):
    (gradient, direction), slope = direction_case(draw, 5)
    expected = slope if scale > 0 else -slope
    assert_matches(learner.directional_derivative(gradient, scale * direction), expected, "the slope", terms=100)


@pytest.mark.builds_on("test_the_slope_in_a_direction_matches_autograd")
def test_along_the_gradient_the_slope_is_its_length(learner, draw):
    gradient = draw.normal(3, 4)
    expected = torch.linalg.vector_norm(gradient)
    assert_matches(learner.directional_derivative(gradient, 2 * gradient), expected, "the slope", terms=12)


@pytest.mark.builds_on("test_the_slope_in_a_direction_matches_autograd")
def test_a_direction_of_zeros_raises(learner, draw):
    assert_raises(ValueError, learner.directional_derivative, draw.normal(4), torch.zeros(4, dtype=torch.float64))


@pytest.mark.builds_on("test_a_direction_of_zeros_raises")
def test_a_direction_with_some_zeros_does_not_raise(learner, draw):
    gradient, direction = draw.normal(3), torch.tensor([0.0, -2.0, 0.0], dtype=torch.float64)
    assert_matches(learner.directional_derivative(gradient, direction), -gradient[1], "the slope")


FUNCTIONS = {
    "quadratic_gradient": (quadratic_case, 4, "the gradient"),
    "wave_gradient": (wave_case, 4, WAVE),
    "soft_norm_gradient": (soft_norm_case, 4, "the gradient"),
    "directional_derivative": (direction_case, 4, "the slope"),
}
ALL_MATCH = [
    "test_the_gradient_of_the_quadratic_matches_autograd",
    "test_the_slopes_of_the_wave_match_autograd",
    "test_the_gradient_of_the_soft_norm_matches_autograd",
    "test_the_slope_in_a_direction_matches_autograd",
]


@pytest.mark.builds_on(*ALL_MATCH)
@pytest.mark.parametrize("function", list(FUNCTIONS))
def test_float32_stays_float32(learner, draw, function):
    case, size, names = FUNCTIONS[function]
    inputs, expected = case(draw, size, dtype=torch.float32)
    assert_matches(getattr(learner, function)(*inputs), expected, names, terms=100)


@pytest.mark.builds_on(*ALL_MATCH)
@pytest.mark.parametrize("function", list(FUNCTIONS))
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw, function):
    case, size, names = FUNCTIONS[function]
    inputs, expected = case(draw, size)
    assert_matches(getattr(learner, function)(*map(strided, inputs)), expected, names, terms=100)
    assert_inputs_unchanged(learner)
