"""Gradients against autograd's for torch.matmul; upstream gradients are random."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("grad_a", "grad_b")


def case(draw, a, b, dtype=torch.float64):
    """An upstream gradient with both factors, and torch's gradients for these."""
    a, b = draw.normal(*a, dtype=dtype), draw.normal(*b, dtype=dtype)
    product = reference(torch.matmul, a, b)
    grad_output = draw.like(product.output)
    return (grad_output, a, b), product.gradients(grad_output)


def check(learner, draw, a, b, **options):
    inputs, expected = case(draw, a, b, **options)
    assert_matches(learner.matmul_backward(*inputs), expected, NAMES, terms=100)


@pytest.mark.parametrize("a, b", [((2, 3), (3, 4)), ((5, 2), (2, 3)), ((3, 7), (7, 2))])
def test_two_matrices(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_two_matrices")
@pytest.mark.parametrize("a, b", [((6, 2, 3), (6, 3, 4)), ((5, 6, 4, 2), (5, 6, 2, 3))])
def test_a_batch_of_pairs(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_a_batch_of_pairs")
@pytest.mark.parametrize("a, b", [((6, 2, 3), (3, 4)), ((5, 6, 2, 3), (3, 4)), ((5, 6, 2, 3), (6, 3, 4))])
def test_one_right_factor_for_a_whole_batch(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_a_batch_of_pairs")
@pytest.mark.parametrize("a, b", [((2, 3), (6, 3, 4)), ((2, 3), (5, 6, 3, 4)), ((6, 2, 3), (5, 6, 3, 4))])
def test_one_left_factor_for_a_whole_batch(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_a_batch_of_pairs")
@pytest.mark.parametrize("a, b", [((6, 2, 3), (1, 3, 4)), ((5, 1, 2, 3), (5, 6, 3, 4)), ((5, 6, 2, 3), (1, 1, 3, 4))])
def test_batch_axes_of_size_one_that_were_repeated(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_one_right_factor_for_a_whole_batch", "test_batch_axes_of_size_one_that_were_repeated")
@pytest.mark.parametrize(
    "a, b", [((5, 1, 2, 3), (6, 3, 4)), ((6, 2, 3), (5, 1, 3, 4)), ((7, 1, 6, 2, 3), (5, 1, 3, 4))]
)
def test_both_factors_repeated_at_once(learner, draw, a, b):
    check(learner, draw, a, b)


def test_two_vectors(learner, draw):
    check(learner, draw, (4,), (4,))


@pytest.mark.builds_on("test_two_matrices")
def test_a_matrix_with_a_vector(learner, draw):
    check(learner, draw, (3, 4), (4,))


@pytest.mark.builds_on("test_two_matrices")
def test_a_vector_with_a_matrix(learner, draw):
    check(learner, draw, (4,), (4, 3))


@pytest.mark.builds_on("test_a_matrix_with_a_vector", "test_a_vector_with_a_matrix", "test_a_batch_of_pairs")
@pytest.mark.parametrize("a, b", [((6, 3, 4), (4,)), ((5, 6, 3, 4), (4,)), ((4,), (6, 4, 3)), ((4,), (5, 6, 4, 3))])
def test_a_vector_with_a_batch(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_two_matrices")
@pytest.mark.parametrize(
    "a, b", [((1, 3), (3, 4)), ((2, 1), (1, 4)), ((2, 3), (3, 1)), ((6, 1, 3), (3, 1)), ((1,), (1,))]
)
def test_matrices_with_a_size_of_one(learner, draw, a, b):
    check(learner, draw, a, b)


@pytest.mark.builds_on("test_one_right_factor_for_a_whole_batch")
def test_an_empty_batch_gives_zeros_to_the_factor_it_shares(learner, draw):
    check(learner, draw, (0, 2, 3), (3, 4))


@pytest.mark.builds_on("test_one_right_factor_for_a_whole_batch")
def test_float32_stays_float32(learner, draw):
    check(learner, draw, (6, 2, 3), (3, 4), dtype=torch.float32)


@pytest.mark.builds_on("test_one_right_factor_for_a_whole_batch")
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw):
    inputs, expected = case(draw, (6, 2, 3), (3, 4))
    assert_matches(learner.matmul_backward(*map(strided, inputs)), expected, NAMES, terms=100)
    assert_inputs_unchanged(learner)
