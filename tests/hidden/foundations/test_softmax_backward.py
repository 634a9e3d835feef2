"""Against torch.softmax along every axis; gradients with random upstream, for ones would hide everything."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def backward_case(draw, *shape, dim, std=1.0, dtype=torch.float64):
    """An upstream gradient, the probabilities, and autograd's gradient for the logits."""
    softmax = reference(torch.softmax, draw.normal(*shape, std=std, dtype=dtype), dim=dim)
    grad_output = draw.like(softmax.output)
    return grad_output, softmax.output, softmax.gradients(grad_output)[0]


@pytest.mark.parametrize("shape, dim", [((3, 5), -1), ((3, 5), 0), ((4,), 0), ((2, 4, 3), 1), ((2, 4, 3), -3)])
def test_values_match_torch_along_every_axis(learner, draw, shape, dim):
    x = draw.normal(*shape)
    assert_matches(learner.softmax(x, dim=dim), torch.softmax(x, dim), "the probabilities")


@pytest.mark.builds_on("test_values_match_torch_along_every_axis")
def test_the_last_axis_is_the_default(learner, draw):
    x = draw.normal(3, 4, 2)
    assert_matches(learner.softmax(x), torch.softmax(x, -1), "the probabilities")


@pytest.mark.builds_on("test_values_match_torch_along_every_axis")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_large_inputs_do_not_overflow(learner, draw, dtype):
    x = draw.normal(4, 6, std=2, dtype=dtype) + torch.tensor([[1e4], [-1e4], [1e3], [0.0]], dtype=dtype)
    assert_matches(learner.softmax(x), torch.softmax(x, -1), "the probabilities")


@pytest.mark.builds_on("test_values_match_torch_along_every_axis")
def test_an_input_of_minus_infinity_gets_no_probability(learner, draw):
    x = draw.normal(4, 6)
    x[0, 2] = x[2, 0] = x[2, 5] = -torch.inf
    assert_matches(learner.softmax(x), torch.softmax(x, -1), "the probabilities")


@pytest.mark.builds_on("test_values_match_torch_along_every_axis")
def test_tiny_probabilities_keep_their_digits(learner, draw):
    x = torch.cat([draw.uniform(3, 6, low=-300, high=-50), draw.normal(3, 1)], dim=1)
    exact = torch.exp(x - torch.logsumexp(x, 1, keepdim=True))
    assert_matches(learner.softmax(x), exact, "the probabilities", relative=True, rtol=1e-11)


@pytest.mark.builds_on("test_values_match_torch_along_every_axis")
def test_float32_and_other_layouts(learner, draw):
    x = draw.normal(4, 3, dtype=torch.float32)
    assert_matches(learner.softmax(strided(x), dim=0), torch.softmax(x, 0), "the probabilities")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape, dim", [((3, 5), -1), ((3, 5), 0), ((4,), 0), ((2, 4, 3), 1), ((2, 4, 3), -3)])
def test_the_gradient_matches_autograd_along_every_axis(learner, draw, shape, dim):
    grad_output, output, expected = backward_case(draw, *shape, dim=dim)
    assert_matches(learner.softmax_backward(grad_output, output, dim=dim), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd_along_every_axis")
def test_the_last_axis_is_the_default_of_the_gradient_too(learner, draw):
    grad_output, output, expected = backward_case(draw, 3, 4, 2, dim=-1)
    assert_matches(learner.softmax_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd_along_every_axis")
def test_where_the_probability_is_zero_the_gradient_is_zero(learner, draw):
    x = draw.normal(3, 5)
    x[:, 1] = -torch.inf
    output, grad_output = torch.softmax(x, -1), draw.normal(3, 5)
    others = [0, 2, 3, 4]
    part = reference(torch.softmax, x[:, others], dim=-1).gradients(grad_output[:, others])[0]
    expected = torch.zeros(3, 5, dtype=torch.float64)
    expected[:, others] = part
    assert_matches(learner.softmax_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd_along_every_axis")
def test_one_class_has_nothing_to_learn(learner, draw):
    grad_output, output, expected = backward_case(draw, 4, 1, dim=-1)
    assert_matches(learner.softmax_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd_along_every_axis")
def test_the_gradient_of_float32_leaves_its_inputs_as_they_were(learner, draw):
    grad_output, output, expected = backward_case(draw, 4, 6, dim=-1, dtype=torch.float32)
    assert_matches(learner.softmax_backward(strided(grad_output), strided(output)), expected, "grad_x", terms=6)
    assert_inputs_unchanged(learner)
