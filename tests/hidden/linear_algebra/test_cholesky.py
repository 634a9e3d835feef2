"""The factor against torch.linalg.cholesky, and the rest against torch.linalg.solve and slogdet."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def positive(draw, n, low=1.0, high=6.0):
    """Symmetric, with eigenvalues in this range."""
    vectors = torch.linalg.qr(draw.normal(n, n)).Q
    a = vectors * draw.uniform(n, low=low, high=high) @ vectors.T
    return (a + a.T) / 2


def density(x, mean, covariance):
    centred = x - mean
    squared = (centred * torch.linalg.solve(covariance, centred.T).T).sum(dim=1)
    return -0.5 * (squared + torch.linalg.slogdet(covariance).logabsdet + len(mean) * math.log(2 * math.pi))


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_the_factor(learner, draw, n):
    a = positive(draw, n)
    assert_matches(learner.cholesky(a), torch.linalg.cholesky(a), "L", terms=50)


def test_the_factor_of_a_single_number(learner):
    assert_matches(learner.cholesky(torch.tensor([[6.25]]).double()), torch.tensor([[2.5]]).double(), "L")


@pytest.mark.builds_on("test_the_factor")
def test_a_negative_eigenvalue_raises_value_error(learner, draw):
    for pivot in range(4):
        vectors, values = torch.linalg.qr(draw.normal(4, 4)).Q, draw.uniform(4, low=1, high=3)
        values[pivot] = -2.0
        assert_raises(ValueError, learner.cholesky, vectors * values @ vectors.T)
    positive_diagonal = torch.tensor([[1.0, 2.0], [2.0, 1.0]], dtype=torch.float64)
    assert_raises(ValueError, learner.cholesky, positive_diagonal)
    assert_raises(ValueError, learner.solve, positive_diagonal, draw.normal(2))
    assert_raises(ValueError, learner.log_determinant, positive_diagonal)


@pytest.mark.builds_on("test_the_factor")
def test_a_pivot_of_zero_raises_value_error(learner):
    assert_raises(ValueError, learner.cholesky, torch.ones(2, 2, dtype=torch.float64))
    assert_raises(ValueError, learner.cholesky, torch.zeros(3, 3, dtype=torch.float64))


@pytest.mark.builds_on("test_the_factor")
def test_a_pivot_that_is_nan_raises_value_error(learner, draw):
    for place in range(3):
        a = positive(draw, 3)
        a[place, place] = math.nan
        assert_raises(ValueError, learner.cholesky, a)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (4,), (2, 3, 3)])
def test_what_is_not_square_raises_value_error(learner, draw, shape):
    assert_raises(ValueError, learner.cholesky, draw.uniform(*shape, low=1, high=2))


@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_one_system(learner, draw, n):
    a, b = positive(draw, n), draw.normal(n)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", terms=50)


@pytest.mark.builds_on("test_one_system")
@pytest.mark.parametrize("n, k", [(3, 2), (4, 1), (2, 5)])
def test_several_right_hand_sides(learner, draw, n, k):
    a, b = positive(draw, n), draw.normal(n, k)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", terms=50)


@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_the_logarithm_of_the_determinant(learner, draw, n):
    a = positive(draw, n, low=2.0)
    expected = torch.linalg.slogdet(a).logabsdet
    assert_matches(learner.log_determinant(a), expected, "the log-determinant", terms=50)


@pytest.mark.builds_on("test_the_logarithm_of_the_determinant")
@pytest.mark.parametrize("scale", [1e100, 1e-100])
def test_a_determinant_that_does_not_fit_into_a_float(learner, draw, scale):
    a = scale * positive(draw, 4)
    expected = torch.linalg.slogdet(a).logabsdet
    assert_matches(learner.log_determinant(a), expected, "the log-determinant", terms=50)


@pytest.mark.parametrize("samples, n", [(5, 3), (1, 2), (4, 6)])
def test_noise_becomes_a_sample(learner, draw, samples, n):
    noise, mean, covariance = draw.normal(samples, n), draw.normal(n, std=3), positive(draw, n)
    expected = torch.einsum("ij,bj->bi", torch.linalg.cholesky(covariance), noise) + mean
    assert_matches(learner.correlate(noise, mean, covariance), expected, "the samples", terms=50)


@pytest.mark.parametrize("samples, n", [(5, 3), (1, 2), (4, 6), (3, 1)])
def test_the_density_of_a_gaussian(learner, draw, samples, n):
    x, mean, covariance = draw.normal(samples, n), draw.normal(n), positive(draw, n)
    expected = density(x, mean, covariance)
    assert_matches(learner.log_density(x, mean, covariance), expected, "the log-density", terms=50)


@pytest.mark.builds_on("test_the_density_of_a_gaussian")
@pytest.mark.parametrize("scale", [1e80, 1e-80])
def test_a_density_that_does_not_fit_into_a_float(learner, draw, scale):
    mean, covariance = draw.normal(5), scale * positive(draw, 5)
    x = mean + scale**0.5 * draw.normal(3, 5)
    expected = density(x, mean, covariance)
    assert_matches(learner.log_density(x, mean, covariance), expected, "the log-density", terms=200)


@pytest.mark.builds_on(
    "test_the_factor", "test_several_right_hand_sides", "test_noise_becomes_a_sample", "test_the_density_of_a_gaussian"
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_inputs_are_left_as_they_were(learner, draw, dtype):
    a, mean, x, b = (
        strided(tensor.to(dtype))
        for tensor in (positive(draw, 4), draw.normal(4), draw.normal(3, 4), draw.normal(4, 2))
    )
    for call, expected, names in [
        (lambda: learner.cholesky(a), torch.linalg.cholesky(a), "L"),
        (lambda: learner.solve(a, b), torch.linalg.solve(a, b), "x"),
        (lambda: learner.solve(a, mean), torch.linalg.solve(a, mean), "x"),
        (lambda: learner.log_determinant(a), torch.linalg.slogdet(a).logabsdet, "the log-determinant"),
        (lambda: learner.correlate(x, mean, a), mean + x @ torch.linalg.cholesky(a).T, "the samples"),
        (lambda: learner.log_density(x, mean, a), density(x, mean, a), "the log-density"),
    ]:
        assert_matches(call(), expected, names, terms=50)
        assert_inputs_unchanged(learner)
