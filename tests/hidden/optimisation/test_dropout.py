"""The mask is given as uniform numbers, so that every element has one right answer; statistics are not needed."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided


def expected_forward(x, p, uniform):
    """What stays is where the number is at least p, and it is scaled up."""
    if p == 1:
        return torch.zeros_like(x)
    return torch.where(uniform >= p, x / (1 - p), torch.zeros_like(x))


def inputs_for(draw, *shape, dtype=torch.float64):
    return draw.normal(*shape, dtype=dtype), draw.uniform(*shape, dtype=dtype)


@pytest.mark.parametrize("p", [0.25, 0.5, 0.8])
def test_what_stays_is_scaled_and_the_rest_is_zero(learner, draw, p):
    x, uniform = inputs_for(draw, 6, 5)
    result = learner.dropout_forward(x, uniform, p=p)
    assert_matches(result, (expected_forward(x, p, uniform), uniform >= p), ("output", "mask"))


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
def test_one_half_is_the_default(learner, draw):
    x, uniform = inputs_for(draw, 3, 4, 2)
    expected = (expected_forward(x, 0.5, uniform), uniform >= 0.5)
    assert_matches(learner.dropout_forward(x, uniform), expected, ("output", "mask"))


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
def test_a_number_that_is_exactly_p_stays(learner, draw):
    x = draw.normal(4)
    uniform = torch.tensor([0.25, 0.5, 0.0, 0.75], dtype=torch.float64)
    expected = (expected_forward(x, 0.5, uniform), uniform >= 0.5)
    assert_matches(learner.dropout_forward(x, uniform, p=0.5), expected, ("output", "mask"))


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
@pytest.mark.parametrize("p", [0.0, 1.0])
def test_nothing_is_dropped_or_everything(learner, draw, p):
    x, uniform = inputs_for(draw, 5, 3)
    expected = (x if p == 0 else torch.zeros_like(x), uniform >= p)
    assert_matches(learner.dropout_forward(x, uniform, p=p), expected, ("output", "mask"))


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
@pytest.mark.parametrize("p", [0.3, 1.0])
def test_in_evaluation_nothing_happens(learner, draw, p):
    x, uniform = inputs_for(draw, 5, 3)
    expected = (x, torch.ones(5, 3, dtype=torch.bool))
    assert_matches(learner.dropout_forward(x, uniform, p=p, training=False), expected, ("output", "mask"))


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
@pytest.mark.parametrize("p", [-0.1, 1.5])
def test_no_probability_is_refused(learner, draw, p):
    x, uniform = inputs_for(draw, 4)
    assert_raises(ValueError, learner.dropout_forward, x, uniform, p=p)


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
def test_infinities_that_are_dropped_are_gone(learner, draw):
    """0 · inf would be NaN."""
    x, uniform = inputs_for(draw, 6)
    x[2], uniform[2] = torch.inf, 0.1
    expected = (expected_forward(x, 0.5, uniform), uniform >= 0.5)
    assert_matches(learner.dropout_forward(x, uniform, p=0.5), expected, ("output", "mask"))


@pytest.mark.parametrize("p", [0.0, 0.25, 0.8])
def test_the_gradient_matches_autograd(learner, draw, p):
    x, uniform = inputs_for(draw, 6, 5)
    dropout = reference(lambda x: expected_forward(x, p, uniform), x)
    grad_output = draw.like(dropout.output)
    actual = learner.dropout_backward(grad_output, uniform >= p, p=p)
    assert_matches(actual, dropout.gradients(grad_output)[0], "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("p", [0.4, 1.0])
def test_the_gradient_in_evaluation_and_where_all_is_dropped(learner, draw, p):
    grad_output = draw.normal(5, 3)
    everything, nothing = torch.ones(5, 3, dtype=torch.bool), torch.zeros(5, 3, dtype=torch.bool)
    actual = learner.dropout_backward(grad_output, everything, p=p, training=False)
    assert_matches(actual, grad_output, "grad_x")
    assert_matches(learner.dropout_backward(grad_output, nothing, p=p), torch.zeros_like(grad_output), "grad_x")


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero", "test_the_gradient_matches_autograd")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, uniform = inputs_for(draw, 4, 5, dtype=torch.float32)
    expected = (expected_forward(x, 0.3, uniform), uniform >= 0.3)
    assert_matches(learner.dropout_forward(strided(x), strided(uniform), p=0.3), expected, ("output", "mask"))
    assert_inputs_unchanged(learner)
    grad_output = draw.like(x)
    actual = learner.dropout_backward(strided(grad_output), uniform >= 0.3, p=0.3)
    assert_matches(actual, expected_forward(grad_output, 0.3, uniform), "grad_x")
    assert_inputs_unchanged(learner)


def expectation(solution, x, uniforms, p):
    """The mean of the output over many masks."""
    return torch.stack([solution.dropout_forward(x, uniform, p=p)[0] for uniform in uniforms]).mean(0)


@pytest.mark.builds_on("test_what_stays_is_scaled_and_the_rest_is_zero")
def test_on_average_the_output_is_the_input(learner, draw):
    """Over masks that are equally spaced, so that the mean is exact: no luck involved."""
    x = draw.normal(3)
    uniforms = torch.arange(20, dtype=torch.float64)[:, None].expand(20, 3) / 20 + 0.025
    assert_matches(learner.run(expectation, x, uniforms, 0.4), x, "the mean over the masks", terms=20)
