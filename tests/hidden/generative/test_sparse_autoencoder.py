"""Against torch's own divergences and autograd; for k-sparse, against sorting row by row."""

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(6, 5), (3, 8), (1, 7)]
SINGLE = torch.float32


def torchs_l1(code, weight):
    return weight * torch.linalg.vector_norm(code, ord=1, dim=1).mean()


@pytest.mark.parametrize("n, k", SHAPES)
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_the_l1_penalty(learner, draw, n, k, weight):
    code = draw.normal(n, k)
    assert_matches(learner.l1_sparsity(code, weight), torchs_l1(code, weight), "the penalty", terms=n * k)


@pytest.mark.parametrize("n, k", SHAPES)
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_the_gradient_of_the_l1_penalty(learner, draw, n, k, weight):
    code = draw.normal(n, k)
    grad_output = draw.normal()
    expected = reference(torchs_l1, code, weight=weight).gradients(grad_output)[0]
    assert_matches(learner.l1_sparsity_backward(grad_output, code, weight), expected, "the gradient for `code`")


@pytest.mark.builds_on("test_the_gradient_of_the_l1_penalty")
def test_where_the_code_is_zero_so_is_the_gradient_of_its_magnitude(learner, draw):
    code = draw.normal(4, 6)
    code[:, ::2] = 0.0
    code[0, 0] = -0.0
    expected = 2.0 * 0.7 / 4 * torch.sign(code)
    two = torch.tensor(2.0, dtype=torch.float64)
    assert_matches(learner.l1_sparsity_backward(two, code, 0.7), expected, "the gradient for `code`")


def torchs_kl(code, rho):
    wanted = torch.full_like(code[0], rho)
    return kl_divergence(Bernoulli(probs=wanted), Bernoulli(probs=code.mean(0))).sum()


@pytest.mark.parametrize("n, k", SHAPES)
@pytest.mark.parametrize("rho", [0.05, 0.3, 0.8])
def test_the_divergence_of_the_mean_activations(learner, draw, n, k, rho):
    code = draw.uniform(n, k, low=0.05, high=0.95)
    assert_matches(learner.kl_sparsity(code, rho), torchs_kl(code, rho), "the penalty", terms=n * k)


@pytest.mark.builds_on("test_the_divergence_of_the_mean_activations")
def test_single_activations_may_be_exactly_zero_or_one(learner, draw):
    code = draw.integers(0, 2, 6, 5).double()
    code[0], code[1] = 0.0, 1.0
    assert_matches(learner.kl_sparsity(code, 0.1), torchs_kl(code, 0.1), "the penalty", terms=30)


@pytest.mark.builds_on("test_the_divergence_of_the_mean_activations")
def test_units_that_are_nearly_silent(learner, draw):
    code = draw.uniform(5, 4, low=1e-9, high=1e-7)
    assert_matches(learner.kl_sparsity(code, 0.2), torchs_kl(code, 0.2), "the penalty", terms=20)
    grad_output = draw.normal()
    expected = reference(torchs_kl, code, rho=0.2).gradients(grad_output)[0]
    assert_matches(learner.kl_sparsity_backward(grad_output, code, 0.2), expected, "the gradient for `code`", terms=20)


@pytest.mark.parametrize("n, k", SHAPES)
@pytest.mark.parametrize("rho", [0.05, 0.3, 0.8])
def test_the_gradient_of_the_divergence(learner, draw, n, k, rho):
    code = draw.uniform(n, k, low=0.05, high=0.95)
    grad_output = draw.normal()
    expected = reference(torchs_kl, code, rho=rho).gradients(grad_output)[0]
    actual = learner.kl_sparsity_backward(grad_output, code, rho)
    assert_matches(actual, expected, "the gradient for `code`", terms=n * k)


def mask(code, k):
    """Ones at the k largest of each row; of equals, the first ones."""
    out = torch.zeros_like(code)
    for n, row in enumerate(code.tolist()):
        for _, index in sorted((-value, index) for index, value in enumerate(row))[:k]:
            out[n, index] = 1
    return out


CASES = [(6, 5, 2), (3, 8, 3), (4, 7, 1)]


@pytest.mark.parametrize("n, width, k", CASES)
def test_the_k_largest_of_each_sample_stay(learner, draw, n, width, k):
    code = draw.normal(n, width)
    assert_matches(learner.k_sparse(code, k), code * mask(code, k), "the sparse code")


@pytest.mark.builds_on("test_the_k_largest_of_each_sample_stay")
def test_negative_values_stay_where_there_are_no_larger_ones(learner, draw):
    code = -draw.uniform(4, 6, low=0.5, high=2.0)
    assert_matches(learner.k_sparse(code, 2), code * mask(code, 2), "the sparse code")


@pytest.mark.builds_on("test_the_k_largest_of_each_sample_stay")
def test_of_equal_values_the_first_stay(learner, draw):
    code = draw.integers(1, 4, 8, 9).double()
    assert_matches(learner.k_sparse(code, 4), code * mask(code, 4), "the sparse code")


@pytest.mark.builds_on("test_the_k_largest_of_each_sample_stay")
def test_all_values_stay_if_k_is_the_width(learner, draw):
    code = draw.normal(3, 5)
    assert_matches(learner.k_sparse(code, 5), code, "the sparse code")


@pytest.mark.parametrize("n, width, k", CASES)
def test_only_what_stayed_passes_its_gradient_on(learner, draw, n, width, k):
    code = draw.normal(n, width).abs()
    grad_output = draw.like(code)
    actual = learner.k_sparse_backward(grad_output, code, k)
    assert_matches(actual, grad_output * mask(code, k), "the gradient for `code`")


@pytest.mark.builds_on("test_only_what_stayed_passes_its_gradient_on")
def test_gradients_of_zeros_and_negative_values_that_stayed(learner, draw):
    code = -draw.uniform(5, 6, low=0.5, high=2.0)
    code[:, 2] = 0.0
    grad_output = draw.like(code)
    actual = learner.k_sparse_backward(grad_output, code, 3)
    assert_matches(actual, grad_output * mask(code, 3), "the gradient for `code`")


@pytest.mark.builds_on("test_only_what_stayed_passes_its_gradient_on")
def test_gradients_of_equal_values(learner, draw):
    code = draw.integers(1, 4, 8, 9).double()
    grad_output = draw.like(code)
    actual = learner.k_sparse_backward(grad_output, code, 4)
    assert_matches(actual, grad_output * mask(code, 4), "the gradient for `code`")


@pytest.mark.builds_on("test_the_l1_penalty", "test_the_divergence_of_the_mean_activations")
def test_penalties_in_float32_with_other_layouts_leave_the_code_as_it_was(learner, draw):
    code = draw.uniform(6, 5, low=0.1, high=0.9, dtype=SINGLE)
    assert_matches(learner.l1_sparsity(strided(code), 0.3), torchs_l1(code, 0.3), "the L1 penalty", terms=30)
    assert_inputs_unchanged(learner)
    assert_matches(learner.kl_sparsity(strided(code), 0.3), torchs_kl(code, 0.3), "the divergence", terms=30)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradient_of_the_divergence", "test_the_k_largest_of_each_sample_stay")
def test_gradients_in_float32_with_other_layouts_leave_the_inputs_as_they_were(learner, draw):
    code, grad_output = draw.uniform(6, 5, low=0.1, high=0.9, dtype=SINGLE), draw.normal(dtype=SINGLE)
    expected = reference(torchs_kl, code, rho=0.7).gradients(grad_output)[0]
    actual = learner.kl_sparsity_backward(grad_output, strided(code), 0.7)
    assert_matches(actual, expected, "the gradient for `code`", terms=30)
    assert_inputs_unchanged(learner)
    upstream = draw.like(code)
    assert_matches(learner.k_sparse(strided(code), 2), code * mask(code, 2), "the sparse code")
    assert_inputs_unchanged(learner)
    actual = learner.k_sparse_backward(strided(upstream), strided(code), 2)
    assert_matches(actual, upstream * mask(code, 2), "the gradient for `code`")
    assert_inputs_unchanged(learner)
