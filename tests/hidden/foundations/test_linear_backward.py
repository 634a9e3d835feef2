"""The reference is torch's linear layer and its autograd; upstream gradients are random."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("grad_x", "grad_weight", "grad_bias")


def case(draw, *leading, in_features=4, out_features=3, dtype=torch.float64):
    """An upstream gradient, the inputs, and torch's gradients for them."""
    x = draw.normal(*leading, in_features, dtype=dtype)
    weight, bias = draw.normal(out_features, in_features, dtype=dtype), draw.normal(out_features, dtype=dtype)
    linear = reference(F.linear, x, weight, bias)
    grad_output = draw.like(linear.output)
    return (grad_output, x, weight), linear.gradients(grad_output)


@pytest.mark.parametrize("batch, in_features, out_features", [(5, 4, 3), (2, 3, 7), (6, 5, 2)])
def test_gradients_of_a_batch_match_autograd(learner, draw, batch, in_features, out_features):
    inputs, expected = case(draw, batch, in_features=in_features, out_features=out_features)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
@pytest.mark.parametrize("leading", [(2, 5), (3, 2, 4), (2, 1, 3, 2)])
def test_any_number_of_leading_axes(learner, draw, leading):
    inputs, expected = case(draw, *leading)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=30)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
def test_a_single_vector_without_any_batch(learner, draw):
    inputs, expected = case(draw)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
@pytest.mark.parametrize("batch, in_features, out_features", [(1, 4, 3), (5, 1, 3), (5, 4, 1)])
def test_sizes_of_one(learner, draw, batch, in_features, out_features):
    inputs, expected = case(draw, batch, in_features=in_features, out_features=out_features)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_any_number_of_leading_axes")
@pytest.mark.parametrize("leading", [(0,), (2, 0), (0, 3)])
def test_no_sample_at_all(learner, draw, leading):
    inputs, expected = case(draw, *leading)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_tiny_and_large_gradients(learner, draw, size):
    (grad_output, x, weight), expected = case(draw, 6)
    expected = tuple(grad * size for grad in expected)
    assert_matches(learner.linear_backward(grad_output * size, x, weight), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_any_number_of_leading_axes")
def test_inputs_that_are_not_contiguous(learner, draw):
    inputs, expected = case(draw, 2, 5)
    assert_matches(learner.linear_backward(*map(strided, inputs)), expected, NAMES, terms=30)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
def test_float32_stays_float32(learner, draw):
    inputs, expected = case(draw, 6, dtype=torch.float32)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_gradients_of_a_batch_match_autograd")
def test_inputs_are_left_as_they_were(learner, draw):
    inputs, expected = case(draw, 3, 2)
    assert_matches(learner.linear_backward(*inputs), expected, NAMES, terms=10)
    assert_inputs_unchanged(learner)
