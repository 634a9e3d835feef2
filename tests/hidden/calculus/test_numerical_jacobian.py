"""Slopes against autograd, output by output. The central difference is wrong by about h² = 1e-10 times a third
derivative and by rounding's eps / h = 2e-11; a forward difference by about h = 1e-5. The tolerance lies between."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

METHOD = 1e-7


def mixing(x, weights):
    """Every output sees every input, each in its own way: weights has the output's axes, then one per element of x."""
    flat = x.reshape(-1)
    return torch.sin(weights * flat).sum(-1) + (weights * flat).sum(-1) ** 2 / flat.numel()


def slopes(function, x, *constants):
    """Autograd's Jacobian, one backward pass per output."""
    x = x.clone().requires_grad_()
    out = function(x, *constants)
    rows = [torch.autograd.grad(element, x, retain_graph=True)[0] for element in out.reshape(-1)]
    return torch.stack(rows).reshape((*out.shape, *x.shape))


def of_mixing(solution, x, weights, h):
    return solution.numerical_jacobian(lambda z: mixing(z, weights), x, h)


def of_mixing_as_it_comes(solution, x, weights):
    return solution.numerical_jacobian(lambda z: mixing(z, weights), x)


def cubes(x):
    return torch.stack([(x**3).sum(), (x**3).sum() * 2, x.reshape(-1)[0] ** 3])


def of_cubes(solution, x, h):
    return solution.numerical_jacobian(cubes, x, h)


def of_itself(solution, x):
    """The identity, which hands back the very tensor that it was given."""
    return solution.numerical_jacobian(lambda z: z, x)


def counting(solution, x, weights):
    """The Jacobian, and how often the function was called."""
    calls = []

    def counted(z):
        calls.append(1)
        return mixing(z, weights)

    return solution.numerical_jacobian(counted, x), len(calls)


def remembering(solution, x, weights):
    """The Jacobian, and how far each tensor that the function was given lies from x, looked at after the end."""
    kept, start = [], x.clone()

    def remembered(z):
        kept.append(z)
        return mixing(z, weights)

    jacobian = solution.numerical_jacobian(remembered, x, 0.25)
    return jacobian, torch.stack([(z - start).abs().sum() for z in kept])


def case(draw, outputs, inputs):
    x = draw.normal(*inputs)
    return x, draw.uniform(*outputs, x.numel(), low=0.5, high=1.5)


@pytest.mark.parametrize("inputs, outputs", [(3, 5), (4, 2)])
def test_the_jacobian_of_vectors_matches_autograd(learner, draw, inputs, outputs):
    x, weights = case(draw, (outputs,), (inputs,))
    expected = slopes(mixing, x, weights)
    assert_matches(learner.run(of_mixing, x, weights, 1e-5), expected, "the Jacobian", rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
@pytest.mark.parametrize("inputs, outputs", [((2, 3), (4,)), ((5,), (2, 3)), ((3, 2), (2, 4)), ((2, 1, 3), (5, 2))])
def test_inputs_and_outputs_with_several_axes(learner, draw, inputs, outputs):
    x, weights = case(draw, outputs, inputs)
    expected = slopes(mixing, x, weights)
    assert_matches(learner.run(of_mixing, x, weights, 1e-5), expected, "the Jacobian", rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
@pytest.mark.parametrize(
    "inputs, outputs", [((), (3,)), ((4,), ()), ((), ()), ((1,), (1,)), ((2, 3), ()), ((3,), (0,))]
)
def test_a_single_number_on_either_side_or_no_output_at_all(learner, draw, inputs, outputs):
    x, weights = case(draw, outputs, inputs)
    expected = slopes(mixing, x, weights) if 0 not in outputs else torch.zeros(*outputs, *inputs, dtype=x.dtype)
    assert_matches(learner.run(of_mixing, x, weights, 1e-5), expected, "the Jacobian", rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
@pytest.mark.parametrize("h", [0.5, 0.1, 1e-3])
def test_a_large_nudge_is_wrong_by_exactly_its_square(learner, draw, h):
    """((x + h)³ − (x − h)³) / 2h = 3x² + h²: the central difference and no other."""
    x = draw.normal(4)
    row = 3 * x**2 + h**2
    first = torch.tensor([1.0, 0.0, 0.0, 0.0], dtype=torch.float64)
    expected = torch.stack([row, 2 * row, row * first])
    assert_matches(learner.run(of_cubes, x, h), expected, "the Jacobian", rtol=1e-10)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
def test_the_nudge_is_small_when_none_is_given(learner, draw):
    x, weights = case(draw, (3,), (4,))
    expected = slopes(mixing, x, weights)
    assert_matches(learner.run(of_mixing_as_it_comes, x, weights), expected, "the Jacobian", rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
def test_a_function_that_returns_the_tensor_it_was_given(learner, draw):
    x = draw.normal(2, 3)
    expected = torch.eye(6, dtype=torch.float64).reshape(2, 3, 2, 3)
    assert_matches(learner.run(of_itself, x), expected, "the Jacobian of the identity", rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
def test_a_function_that_keeps_what_it_was_given(learner, draw):
    x, weights = case(draw, (3,), (5,))
    _, distances = learner_pair(learner.run(remembering, x, weights))
    expected = torch.full((10,), 0.25, dtype=torch.float64)
    assert_matches(distances, expected, "how far from x each tensor lies that f was given", rtol=1e-10)


def learner_pair(result):
    """Both values of a scenario that returns two."""
    assert isinstance(result, tuple | list) and len(result) == 2, "The scenario's result has to be two values."
    return result


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
def test_the_function_is_called_twice_for_each_input(learner, draw):
    x, weights = case(draw, (3,), (2, 4))
    expected = slopes(mixing, x, weights)
    names = ("the Jacobian", "the number of calls")
    assert_matches(learner.run(counting, x, weights), (expected, 16), names, rtol=METHOD)


@pytest.mark.builds_on("test_the_jacobian_of_vectors_matches_autograd")
def test_an_x_that_is_not_contiguous_is_left_as_it_was(learner, draw):
    x, weights = case(draw, (3,), (4, 2))
    expected = slopes(mixing, x, weights)
    assert_matches(learner.run(of_mixing, strided(x), weights, 1e-5), expected, "the Jacobian", rtol=METHOD)
    assert_inputs_unchanged(learner)
