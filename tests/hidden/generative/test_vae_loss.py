"""Against torch.distributions' divergence and autograd; the noise is given, so that there is one right answer."""

import pytest
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def latent(draw, n=5, d=3, dtype=torch.float64):
    """Mean, log-variance and noise."""
    return draw.normal(n, d, dtype=dtype), draw.normal(n, d, std=0.8, dtype=dtype), draw.normal(n, d, dtype=dtype)


def torchs_sample(mean, log_var, noise):
    return mean + noise * torch.sqrt(torch.exp(log_var))


def torchs_kl(mean, log_var):
    std = torch.exp(log_var).sqrt()
    return kl_divergence(Normal(mean, std), Normal(0.0, 1.0)).sum(1).mean()


def test_without_noise_the_sample_is_the_mean(learner, draw):
    mean, log_var, noise = latent(draw)
    actual = learner.reparameterise(mean, log_var, torch.zeros_like(noise))
    assert_matches(actual, mean, "z for a noise of 0 (nothing else is random here)")


@pytest.mark.parametrize("n, d", [(5, 3), (2, 7)])
def test_the_sample_is_mean_plus_std_times_noise(learner, draw, n, d):
    mean, log_var, noise = latent(draw, n, d)
    assert_matches(learner.reparameterise(mean, log_var, noise), torchs_sample(mean, log_var, noise), "z")


@pytest.mark.parametrize("n, d", [(5, 3), (2, 7), (1, 4)])
def test_the_divergence_matches_torch(learner, draw, n, d):
    mean, log_var, _ = latent(draw, n, d)
    assert_matches(learner.kl_to_standard_normal(mean, log_var), torchs_kl(mean, log_var), "KL", terms=35)


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_the_divergence_of_the_standard_normal_from_itself_is_zero(learner):
    zeros = torch.zeros(4, 3, dtype=torch.float64)
    assert_matches(learner.kl_to_standard_normal(zeros, zeros), torch.tensor(0.0, dtype=torch.float64), "KL")


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_very_wide_and_very_narrow(learner, draw):
    mean = draw.normal(4, 2)
    log_var = draw.uniform(4, 2, low=15, high=20) * (draw.integers(0, 2, 4, 2) * 2 - 1)
    assert_matches(learner.kl_to_standard_normal(mean, log_var), torchs_kl(mean, log_var), "KL", terms=8)


@pytest.mark.parametrize("beta", [1.0, 0.25, 4.0])
def test_the_loss_is_reconstruction_plus_divergence(learner, draw, beta):
    mean, log_var, _ = latent(draw)
    logits, x = draw.normal(5, 8, std=2), draw.uniform(5, 8)
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    actual = learner.negative_elbo(logits, x, mean, log_var, beta=beta)
    assert_matches(actual, bce + beta * torchs_kl(mean, log_var), "the loss", terms=40)


@pytest.mark.builds_on("test_the_loss_is_reconstruction_plus_divergence")
def test_sure_pixels_do_not_overflow(learner, draw):
    mean, log_var, _ = latent(draw)
    logits = draw.uniform(5, 6, low=200, high=900) * (draw.integers(0, 2, 5, 6) * 2 - 1)
    x = draw.integers(0, 2, 5, 6).double()
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    expected = bce + torchs_kl(mean, log_var)
    assert_matches(learner.negative_elbo(logits, x, mean, log_var), expected, "the loss", terms=30)


def backward_case(draw, n=5, d=3, dtype=torch.float64):
    """What the decoder sends back to z, and autograd's gradients for mean and log-variance of both terms together."""
    mean, log_var, noise = latent(draw, n, d, dtype)
    grad_z, beta = draw.normal(n, d, dtype=dtype), 0.7

    def through_both(mean, log_var):
        return (torchs_sample(mean, log_var, noise) * grad_z).sum() + beta * torchs_kl(mean, log_var)

    total = reference(through_both, mean, log_var)
    return (grad_z, mean, log_var, noise), beta, total.gradients(torch.ones((), dtype=dtype))


@pytest.mark.parametrize("n, d", [(5, 3), (2, 7)])
def test_gradients_match_autograd(learner, draw, n, d):
    inputs, beta, expected = backward_case(draw, n, d)
    assert_matches(learner.latent_backward(*inputs, beta=beta), expected, ("grad_mean", "grad_log_var"))


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_without_the_divergence_only_the_sample_counts(learner, draw):
    (grad_z, mean, log_var, noise), _, _ = backward_case(draw)
    sample = reference(lambda m, v: torchs_sample(m, v, noise), mean, log_var)
    actual = learner.latent_backward(grad_z, mean, log_var, noise, beta=0.0)
    assert_matches(actual, sample.gradients(grad_z), ("grad_mean", "grad_log_var"))


@pytest.mark.builds_on(
    "test_gradients_match_autograd",
    "test_the_sample_is_mean_plus_std_times_noise",
    "test_the_loss_is_reconstruction_plus_divergence",
)
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    inputs, beta, expected = backward_case(draw, dtype=torch.float32)
    actual = learner.latent_backward(*map(strided, inputs), beta=beta)
    assert_matches(actual, expected, ("grad_mean", "grad_log_var"))
    assert_inputs_unchanged(learner)
    mean, log_var, noise = latent(draw, dtype=torch.float32)
    actual = learner.reparameterise(strided(mean), strided(log_var), strided(noise))
    assert_matches(actual, torchs_sample(mean, log_var, noise), "z")
    assert_inputs_unchanged(learner)
    actual = learner.kl_to_standard_normal(strided(mean), strided(log_var))
    assert_matches(actual, torchs_kl(mean, log_var), "KL", terms=35)
    assert_inputs_unchanged(learner)
    logits, x = draw.normal(5, 8, dtype=torch.float32), draw.uniform(5, 8, dtype=torch.float32)
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    actual = learner.negative_elbo(strided(logits), strided(x), strided(mean), strided(log_var))
    assert_matches(actual, bce + torchs_kl(mean, log_var), "the loss", terms=40)
    assert_inputs_unchanged(learner)
