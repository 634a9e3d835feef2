"""Each sample gets parameters of its own for autograd; variances by Gauss and Hermite's quadrature, exact here."""

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

TWO = ("the estimates for the mean", "the estimates for log_var")
FOUR = ("grad_mean_q", "grad_log_var_q", "grad_mean_p", "grad_log_var_p")
SHAPES = [(6, 3), (4, 5), (1, 2)]


def f(z):
    """Something smooth that treats no two dimensions alike: shape (S, D) to (S,)."""
    weight = torch.arange(1, z.shape[1] + 1, dtype=z.dtype)
    return (torch.sin(z) * weight).sum(1) + (z**2).prod(1) + 1.5


def setting(draw, s, d, dtype=torch.float64):
    """Mean and log-variance, (D,) each, and noise (S, D)."""
    mean, log_var = draw.normal(d, dtype=dtype), draw.uniform(d, low=-1.5, high=1.5, dtype=dtype)
    return mean, log_var, draw.normal(s, d, dtype=dtype)


def sample(mean, log_var, noise):
    return mean + noise * log_var.exp().sqrt()


def slopes_at(z):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(f(z).sum(), z)[0]


def pathwise(mean, log_var, noise):
    """Autograd's gradients of f(z) for the parameters of each sample."""
    mean, log_var = (t.expand(noise.shape).clone().requires_grad_() for t in (mean, log_var))
    return torch.autograd.grad(f(sample(mean, log_var, noise)).sum(), [mean, log_var])


@pytest.mark.parametrize("s, d", SHAPES)
def test_the_pathwise_gradients(learner, draw, s, d):
    mean, log_var, noise = setting(draw, s, d)
    actual = learner.pathwise_gradients(slopes_at(sample(mean, log_var, noise)), log_var, noise)
    assert_matches(actual, pathwise(mean, log_var, noise), TWO, terms=d)


def score(mean, log_var, noise):
    """f times autograd's gradient of torch's log density, z held fixed."""
    z = sample(mean, log_var, noise)
    mean, log_var = (t.expand(noise.shape).clone().requires_grad_() for t in (mean, log_var))
    log_q = Normal(mean, log_var.exp().sqrt()).log_prob(z).sum(1)
    return torch.autograd.grad((f(z) * log_q).sum(), [mean, log_var])


@pytest.mark.parametrize("s, d", SHAPES)
def test_the_score_function_gradients(learner, draw, s, d):
    mean, log_var, noise = setting(draw, s, d)
    actual = learner.score_gradients(f(sample(mean, log_var, noise)), log_var, noise)
    assert_matches(actual, score(mean, log_var, noise), TWO, terms=d)


@pytest.mark.parametrize("s", [2, 5, 9])
def test_each_value_minus_the_mean_of_the_others(learner, draw, s):
    values = draw.normal(s) + 3
    others = torch.stack([values[torch.arange(s) != index].mean() for index in range(s)])
    assert_matches(learner.leave_one_out(values), values - others, "the values without their baselines", terms=s)


def quadrature(count=12):
    """Nodes and weights for means over a standard normal, exact for polynomials up to degree 2 · count − 1."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()


def scatter(estimates, weights):
    return float((weights * estimates**2).sum() - (weights * estimates).sum() ** 2)


@pytest.mark.parametrize("case", range(4))
def test_the_variances_of_both_estimates_for_a_square(learner, draw, case):
    mean = float(draw.uniform(low=0.5, high=2.0)) * (1 if case % 2 else -1)
    log_var = float(draw.uniform(low=-1.0, high=1.0))
    noise, weights = quadrature()
    sigma = np.exp(log_var / 2)
    z = mean + sigma * noise
    expected = scatter(2 * z, weights), scatter(z**2 * noise / sigma, weights)
    names = ("the pathwise gradient's variance", "the score function's variance")
    assert_matches(learner.variances_for_a_square(mean, log_var), expected, names, terms=400)


@pytest.mark.builds_on("test_the_variances_of_both_estimates_for_a_square")
def test_the_variances_around_zero(learner):
    names = ("the pathwise gradient's variance", "the score function's variance")
    assert_matches(learner.variances_for_a_square(0.0, 0.0), (4.0, 15.0), names)


def torchs_kl(mean_q, log_var_q, mean_p, log_var_p):
    q, p = Normal(mean_q, torch.exp(log_var_q / 2)), Normal(mean_p, torch.exp(log_var_p / 2))
    return kl_divergence(q, p).sum(1)


def two_gaussians(draw, n, d, dtype=torch.float64):
    return tuple(draw.normal(n, d, std=std, dtype=dtype) for std in (1.0, 0.8, 1.5, 0.6))


@pytest.mark.parametrize("n, d", SHAPES)
def test_the_divergence_matches_torch(learner, draw, n, d):
    inputs = two_gaussians(draw, n, d)
    assert_matches(learner.gaussian_kl(*inputs), torchs_kl(*inputs), "the divergence", terms=d)


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_a_distribution_does_not_differ_from_itself(learner, draw):
    mean, log_var = draw.normal(4, 3), draw.normal(4, 3)
    actual = learner.gaussian_kl(mean, log_var, mean.clone(), log_var.clone())
    if isinstance(actual, torch.Tensor) and actual.is_floating_point():
        actual = actual + 1
    assert_matches(actual, torch.ones(4, dtype=torch.float64), "1 + the divergence", terms=3)


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_variances_so_large_that_their_quotient_overflows(learner, draw):
    mean_q, _, mean_p, _ = two_gaussians(draw, 4, 3)
    log_var_p = draw.uniform(4, 3, low=750, high=800)
    log_var_q = log_var_p + draw.normal(4, 3)
    inputs = mean_q, log_var_q, mean_p, log_var_p
    assert_matches(learner.gaussian_kl(*inputs), torchs_kl(*inputs), "the divergence", terms=3000)


@pytest.mark.parametrize("n, d", SHAPES)
def test_the_gradients_of_the_divergence_match_autograd(learner, draw, n, d):
    inputs = two_gaussians(draw, n, d)
    divergence = reference(torchs_kl, *inputs)
    grad_output = draw.normal(n)
    actual = learner.gaussian_kl_backward(grad_output, *inputs)
    assert_matches(actual, divergence.gradients(grad_output), FOUR, terms=d)


@pytest.mark.builds_on("test_the_pathwise_gradients", "test_the_score_function_gradients")
def test_estimates_in_float32_with_other_layouts_leave_the_inputs_as_they_were(learner, draw):
    mean, log_var, noise = setting(draw, 5, 3, torch.float32)
    slopes, values = slopes_at(sample(mean, log_var, noise)), f(sample(mean, log_var, noise))
    actual = learner.pathwise_gradients(strided(slopes), strided(log_var), strided(noise))
    assert_matches(actual, (slopes, (slopes * noise * (log_var / 2).exp() / 2)), TWO)
    assert_inputs_unchanged(learner)
    z = sample(mean, log_var, noise)
    expected = values[:, None] * (z - mean) / log_var.exp(), values[:, None] * (noise**2 - 1) / 2
    assert_matches(learner.score_gradients(strided(values), strided(log_var), strided(noise)), expected, TWO, terms=9)
    assert_inputs_unchanged(learner)
    expected = values - (values.sum() - values) / 4
    assert_matches(learner.leave_one_out(strided(values)), expected, "the values without their baselines", terms=5)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradients_of_the_divergence_match_autograd")
def test_the_divergence_in_float32_with_other_layouts_leaves_the_inputs_as_they_were(learner, draw):
    inputs = two_gaussians(draw, 5, 3, torch.float32)
    divergence = reference(torchs_kl, *inputs)
    grad_output = draw.normal(5, dtype=torch.float32)
    assert_matches(learner.gaussian_kl(*map(strided, inputs)), divergence.output, "the divergence", terms=9)
    assert_inputs_unchanged(learner)
    actual = learner.gaussian_kl_backward(grad_output, *map(strided, inputs))
    assert_matches(actual, divergence.gradients(grad_output), FOUR, terms=9)
    assert_inputs_unchanged(learner)
