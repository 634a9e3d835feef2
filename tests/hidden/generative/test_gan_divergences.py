"""Against the players' losses, put together from torch's, and autograd; scores that a minimisation found itself."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

LOSSES = {
    "minimax": lambda scores: F.logsigmoid(-scores),
    "non_saturating": lambda scores: -F.logsigmoid(scores),
    "wasserstein": lambda scores: -scores,
}
KINDS = list(LOSSES)
BOUNDS = {
    "kl": lambda real, fake: real.mean() - torch.exp(fake - 1).mean(),
    "reverse_kl": lambda real, fake: (-torch.exp(-real)).mean() - (-1 - torch.log(torch.exp(-fake))).mean(),
}
PARTS = ("grad_real", "grad_fake")


def distributions(draw, outcomes, dtype=torch.float64):
    logits = draw.normal(2, outcomes, std=1.5)
    return [row.to(dtype) for row in logits.log_softmax(dim=1)]


def unlikely(draw):
    """Distributions with outcomes whose probabilities are 0 in float64, though their logarithms are finite."""
    log_p, log_q = distributions(draw, 6)
    log_p[1], log_p[4], log_q[2], log_q[4] = -900, -950, -800, -800
    return log_p.log_softmax(dim=0), log_q.log_softmax(dim=0)


def game(log_p, log_q):
    scores = log_p - log_q
    return (log_p.exp() * F.logsigmoid(scores)).sum() + (log_q.exp() * F.logsigmoid(-scores)).sum()


def generators(log_p, log_q, kind):
    return (log_q.exp() * LOSSES[kind](log_p - log_q)).sum()


@pytest.mark.parametrize("outcomes", [2, 5])
def test_the_scores_are_those_that_minimise_the_cross_entropy(learner, draw, outcomes):
    log_p, log_q = distributions(draw, outcomes)
    p, q, scores = log_p.exp(), log_q.exp(), torch.zeros(outcomes, dtype=torch.float64)
    for _ in range(60):  # Newton's method, damped, for each outcome by itself
        slope = q * torch.sigmoid(scores) - p * torch.sigmoid(-scores)
        bend = (p + q) * torch.sigmoid(scores) * torch.sigmoid(-scores)
        scores = scores - (slope / bend).clamp(-1, 1)
    assert_matches(learner.optimal_scores(log_p, log_q), scores, "the scores", terms=10)


@pytest.mark.parametrize("outcomes", [2, 4, 7])
def test_the_value_of_the_game(learner, draw, outcomes):
    log_p, log_q = distributions(draw, outcomes)
    assert_matches(learner.value_at_optimum(log_p, log_q), game(log_p, log_q), "the value", terms=14)


@pytest.mark.builds_on("test_the_value_of_the_game")
def test_the_value_where_both_are_the_same(learner, draw):
    log_p, _ = distributions(draw, 5)
    assert_matches(learner.value_at_optimum(log_p, log_p.clone()), game(log_p, log_p), "the value", terms=10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcomes", [3, 6])
def test_the_generators_loss_at_the_best_discriminator(learner, draw, kind, outcomes):
    log_p, log_q = distributions(draw, outcomes)
    actual = learner.generator_value(log_p, log_q, kind)
    assert_matches(actual, generators(log_p, log_q, kind), "the loss", terms=12)


def held(logits, scores, kind):
    return (logits.softmax(dim=0) * LOSSES[kind](scores)).sum()


def expected_direction(log_p, logits, kind):
    scores = log_p - logits.log_softmax(dim=0)
    leaf = logits.detach().clone().requires_grad_()
    return torch.autograd.grad(held(leaf, scores, kind), leaf)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcomes", [3, 6])
def test_the_generators_gradient_with_the_discriminator_held_fixed(learner, draw, kind, outcomes):
    log_p, logits = distributions(draw, outcomes)[0], draw.normal(outcomes) + 2
    actual = learner.generator_direction(log_p, logits, kind)
    assert_matches(actual, expected_direction(log_p, logits, kind), "the gradient", terms=12)


@pytest.mark.builds_on(
    "test_the_value_of_the_game",
    "test_the_generators_loss_at_the_best_discriminator",
    "test_the_generators_gradient_with_the_discriminator_held_fixed",
)
def test_outcomes_that_are_next_to_impossible(learner, draw):
    log_p, log_q = unlikely(draw)
    assert_matches(learner.optimal_scores(log_p, log_q), log_p - log_q, "the scores")
    assert_matches(learner.value_at_optimum(log_p, log_q), game(log_p, log_q), "the value", terms=12)
    for kind in KINDS:
        value = generators(log_p, log_q, kind)
        assert_matches(learner.generator_value(log_p, log_q, kind), value, f"the loss ({kind})", terms=12)
        gradient = expected_direction(log_p, log_q + 3, kind)
        actual = learner.generator_direction(log_p, log_q + 3, kind)
        assert_matches(actual, gradient, f"the gradient ({kind})", terms=12)


@pytest.mark.parametrize("kind", list(BOUNDS))
@pytest.mark.parametrize("n, m", [(7, 4), (3, 9)])
def test_the_bound_from_samples(learner, draw, kind, n, m):
    real, fake = draw.normal(n) + 0.5, draw.normal(m) - 0.3
    assert_matches(learner.f_gan_bound(real, fake, kind), BOUNDS[kind](real, fake), "the bound", terms=12)


@pytest.mark.builds_on("test_the_bound_from_samples")
@pytest.mark.parametrize("kind", list(BOUNDS))
def test_at_the_best_scores_the_bound_is_the_divergence(learner, draw, kind):
    """Samples in which each outcome occurs as often as its probability says."""
    counts = draw.integers(1, 9, 2, 4)
    counts[0, 0] += 9
    counts[1, 3] += 9
    log_p, log_q = (counts.double() / counts.sum(dim=1, keepdim=True)).log()
    scores = log_p - log_q + (1 if kind == "kl" else 0)
    real, fake = (scores.repeat_interleave(row) for row in counts)
    p, q = (log_p, log_q) if kind == "kl" else (log_q, log_p)
    expected = (p.exp() * (p - q)).sum()
    assert_matches(learner.f_gan_bound(real, fake, kind), expected, "the bound", terms=60)


@pytest.mark.parametrize("kind", list(BOUNDS))
@pytest.mark.parametrize("n, m", [(7, 4), (3, 9)])
def test_the_gradients_of_the_bound(learner, draw, kind, n, m):
    real, fake = draw.normal(n) + 0.5, draw.normal(m) - 0.3
    bound = reference(BOUNDS[kind], real, fake)
    grad_output = draw.like(bound.output) + 3
    result = learner.f_gan_bound_backward(grad_output, real, fake, kind)
    assert_matches(result, bound.gradients(grad_output), PARTS)


@pytest.mark.parametrize("kind", ["hinge", "", "KL"])
def test_an_unknown_kind_raises_value_error(learner, draw, kind):
    log_p, log_q = distributions(draw, 3)
    upstream = draw.normal()
    learner.generator_value(log_p, log_q, "minimax")
    for name in ("generator_value", "generator_direction", "f_gan_bound"):
        assert_raises(ValueError, getattr(learner, name), log_p, log_q, kind)
    assert_raises(ValueError, learner.f_gan_bound_backward, upstream, log_p, log_q, kind)


@pytest.mark.builds_on("test_the_value_of_the_game", "test_the_generators_loss_at_the_best_discriminator")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_distributions_are_left_alone(learner, draw, dtype):
    log_p, log_q = (strided(part) for part in distributions(draw, 5, dtype))
    assert_matches(learner.optimal_scores(log_p, log_q), log_p - log_q, "the scores")
    assert_inputs_unchanged(learner)
    assert_matches(learner.value_at_optimum(log_p, log_q), game(log_p, log_q), "the value", terms=10)
    assert_inputs_unchanged(learner)
    for kind in KINDS:
        value = generators(log_p, log_q, kind)
        assert_matches(learner.generator_value(log_p, log_q, kind), value, "the loss", terms=10)
        assert_inputs_unchanged(learner)
        gradient = expected_direction(log_p, log_q, kind)
        assert_matches(learner.generator_direction(log_p, log_q, kind), gradient, "the gradient", terms=10)
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_bound_from_samples", "test_the_gradients_of_the_bound")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_scores_are_left_alone(learner, draw, dtype):
    real, fake = (strided(draw.normal(n, dtype=dtype)) for n in (6, 4))
    for kind, function in BOUNDS.items():
        bound = reference(function, real, fake)
        grad_output = draw.like(bound.output)
        assert_matches(learner.f_gan_bound(real, fake, kind), bound.output, "the bound", terms=10)
        assert_inputs_unchanged(learner)
        result = learner.f_gan_bound_backward(grad_output, real, fake, kind)
        assert_matches(result, bound.gradients(grad_output), PARTS)
        assert_inputs_unchanged(learner)
