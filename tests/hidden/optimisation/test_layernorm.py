"""Against torch's layer_norm and its autograd, over one and over several trailing axes."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("grad_x", "grad_gamma", "grad_beta")


def inputs_for(draw, shape, normalised, dtype=torch.float64):
    x = draw.normal(*shape, std=2, dtype=dtype) + 3
    return x, draw.normal(*normalised, dtype=dtype) + 2, draw.normal(*normalised, dtype=dtype)


def torchs(x, gamma, beta, eps=1e-5):
    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


def backward_case(draw, shape, normalised, eps=1e-5, dtype=torch.float64):
    x, gamma, beta = inputs_for(draw, shape, normalised, dtype)
    norm = reference(torchs, x, gamma, beta, eps=eps)
    grad_output = draw.like(norm.output)
    return (grad_output, x, gamma), norm.gradients(grad_output)


SHAPES = [((5, 4), (4,)), ((2, 3, 6), (6,)), ((2, 3, 6), (3, 6)), ((3, 2, 4, 5), (2, 4, 5))]


@pytest.mark.parametrize("shape, normalised", SHAPES)
def test_values_match_torch(learner, draw, shape, normalised):
    x, gamma, beta = inputs_for(draw, shape, normalised)
    assert_matches(learner.layernorm_forward(x, gamma, beta), torchs(x, gamma, beta), "the output", terms=40)


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("eps", [0.5, 1e-3])
def test_eps_is_inside_the_root(learner, draw, eps):
    x, gamma, beta = inputs_for(draw, (4, 6), (6,))
    x = x * 0.2
    actual = learner.layernorm_forward(x, gamma, beta, eps=eps)
    assert_matches(actual, torchs(x, gamma, beta, eps), "the output", terms=6)


@pytest.mark.builds_on("test_values_match_torch")
def test_a_sample_does_not_depend_on_the_others(learner, draw):
    x, gamma, beta = inputs_for(draw, (4, 6), (6,))
    assert_matches(learner.layernorm_forward(x[1:2], gamma, beta), torchs(x, gamma, beta)[1:2], "the output", terms=6)


@pytest.mark.builds_on("test_values_match_torch")
def test_a_large_mean_does_not_cost_digits(learner, draw):
    x, gamma, beta = inputs_for(draw, (3, 8), (8,), torch.float32)
    x = x + 1000
    exact = torchs(x.double(), gamma.double(), beta.double()).float()
    assert_matches(learner.layernorm_forward(x, gamma, beta), exact, "the output", rtol=2e-4)


@pytest.mark.builds_on("test_values_match_torch")
def test_a_constant_row_comes_out_as_beta(learner, draw):
    x, gamma, beta = inputs_for(draw, (3, 5), (5,))
    x[1] = 7.25
    assert_matches(learner.layernorm_forward(x, gamma, beta), torchs(x, gamma, beta), "the output", terms=5)


@pytest.mark.builds_on("test_values_match_torch")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, gamma, beta = inputs_for(draw, (4, 3, 5), (5,), torch.float32)
    actual = learner.layernorm_forward(strided(x), strided(gamma), strided(beta))
    assert_matches(actual, torchs(x, gamma, beta), "the output", terms=5)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape, normalised", SHAPES)
def test_gradients_match_autograd(learner, draw, shape, normalised):
    inputs, expected = backward_case(draw, shape, normalised)
    assert_matches(learner.layernorm_backward(*inputs), expected, NAMES, terms=60)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_with_another_eps(learner, draw):
    inputs, expected = backward_case(draw, (4, 6), (6,), eps=0.5)
    assert_matches(learner.layernorm_backward(*inputs, eps=0.5), expected, NAMES, terms=20)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("shape, normalised", [((6,), (6,)), ((1, 6), (6,)), ((5, 2), (2,)), ((3, 1, 4), (1, 4))])
def test_gradients_without_a_batch_and_of_short_rows(learner, draw, shape, normalised):
    inputs, expected = backward_case(draw, shape, normalised, eps=0.1)
    assert_matches(learner.layernorm_backward(*inputs, eps=0.1), expected, NAMES, terms=60)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_a_large_mean_does_not_cost_digits_of_the_gradients(learner, draw):
    grad_output, gamma, beta = inputs_for(draw, (3, 8), (8,), torch.float32)
    x = draw.normal(3, 8, std=2, dtype=torch.float32) + 1000
    norm = reference(torchs, x.double(), gamma.double(), beta.double())
    exact = tuple(grad.float() for grad in norm.gradients(grad_output.double()))
    assert_matches(learner.layernorm_backward(grad_output, x, gamma), exact, NAMES, rtol=2e-4)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_in_float32_leave_their_inputs_as_they_were(learner, draw):
    inputs, expected = backward_case(draw, (4, 3, 5), (5,), dtype=torch.float32)
    assert_matches(learner.layernorm_backward(*map(strided, inputs)), expected, NAMES, terms=60)
    assert_inputs_unchanged(learner)
