"""Against torch's losses on logits, and autograd; batches of different sizes, logits near and far."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

softplus = F.softplus

DISCRIMINATOR = {
    "minimax": lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
    "non_saturating": lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
    "least_squares": lambda real, fake: 0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean(),
    "hinge": lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(),
    "wasserstein": lambda real, fake: fake.mean() - real.mean(),
}
GENERATOR = {
    "minimax": lambda fake: -softplus(fake).mean(),
    "non_saturating": lambda fake: softplus(-fake).mean(),
    "least_squares": lambda fake: 0.5 * ((fake - 1) ** 2).mean(),
    "hinge": lambda fake: -fake.mean(),
    "wasserstein": lambda fake: -fake.mean(),
}
KINDS = list(GENERATOR)


def logits(draw, n=7, m=5, std=2.0, dtype=torch.float64):
    """Scores of real and of generated samples; there need not be as many of both."""
    return draw.normal(n, std=std, dtype=dtype) + 0.3, draw.normal(m, std=std, dtype=dtype) - 0.4


@pytest.mark.parametrize("kind", KINDS)
def test_the_discriminators_loss(learner, draw, kind):
    real, fake = logits(draw)
    actual = learner.discriminator_loss(real, fake, kind)
    assert_matches(actual, DISCRIMINATOR[kind](real, fake), "the loss", terms=12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_generators_loss(learner, draw, kind):
    _, fake = logits(draw)
    assert_matches(learner.generator_loss(fake, kind), GENERATOR[kind](fake), "the loss", terms=12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_discriminators_gradients_match_autograd(learner, draw, kind):
    real, fake = logits(draw)
    loss = reference(DISCRIMINATOR[kind], real, fake)
    expected = loss.gradients(torch.ones((), dtype=torch.float64))
    actual = learner.discriminator_gradients(real, fake, kind)
    assert_matches(actual, expected, ("grad_real", "grad_fake"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_generators_gradient_matches_autograd(learner, draw, kind):
    _, fake = logits(draw)
    expected = reference(GENERATOR[kind], fake).gradients(torch.ones((), dtype=torch.float64))[0]
    assert_matches(learner.generator_gradient(fake, kind), expected, "grad_fake")


@pytest.mark.builds_on("test_the_discriminators_loss", "test_the_generators_loss")
@pytest.mark.parametrize("kind", KINDS)
def test_one_sample_of_each(learner, draw, kind):
    real, fake = logits(draw, 1, 1)
    assert_matches(learner.discriminator_loss(real, fake, kind), DISCRIMINATOR[kind](real, fake), "the loss")
    assert_matches(learner.generator_loss(fake, kind), GENERATOR[kind](fake), "the loss")


@pytest.mark.builds_on("test_the_discriminators_loss", "test_the_generators_loss")
@pytest.mark.parametrize("kind", ["minimax", "non_saturating"])
def test_a_sure_discriminator_does_not_overflow(learner, draw, kind):
    real, fake = logits(draw, std=400)
    real[0], fake[0] = -900.0, 900.0
    assert_matches(learner.discriminator_loss(real, fake, kind), DISCRIMINATOR[kind](real, fake), "the loss", terms=12)
    assert_matches(learner.generator_loss(fake, kind), GENERATOR[kind](fake), "the loss", terms=12)


@pytest.mark.builds_on(
    "test_the_discriminators_gradients_match_autograd", "test_the_generators_gradient_matches_autograd"
)
@pytest.mark.parametrize("kind", ["minimax", "non_saturating"])
def test_the_gradients_of_a_sure_discriminator_keep_their_digits(learner, draw, kind):
    """A generator that is found out: its minimax gradient is tiny, and still not zero."""
    real, fake = draw.uniform(4, low=20, high=300), draw.uniform(5, low=-300, high=-20)
    sigmoid = torch.exp(fake - torch.log1p(torch.exp(fake)))
    slope = -sigmoid if kind == "minimax" else sigmoid - 1
    assert_matches(learner.generator_gradient(fake, kind), slope / 5, "grad_fake", relative=True, rtol=1e-12)
    small = torch.exp(-real - torch.log1p(torch.exp(-real)))
    actual = learner.discriminator_gradients(real, fake, kind)
    assert_matches(actual, (-small / 4, sigmoid / 5), ("grad_real", "grad_fake"), relative=True, rtol=1e-12)


@pytest.mark.builds_on("test_the_discriminators_loss", "test_the_discriminators_gradients_match_autograd")
@pytest.mark.parametrize("kind", KINDS)
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, kind):
    real, fake = logits(draw, dtype=torch.float32)
    actual = learner.discriminator_loss(strided(real), strided(fake), kind)
    assert_matches(actual, DISCRIMINATOR[kind](real, fake), "the loss", terms=12)
    assert_inputs_unchanged(learner)
    expected = reference(DISCRIMINATOR[kind], real, fake).gradients(torch.ones(()))
    actual = learner.discriminator_gradients(strided(real), strided(fake), kind)
    assert_matches(actual, expected, ("grad_real", "grad_fake"))
    assert_inputs_unchanged(learner)
