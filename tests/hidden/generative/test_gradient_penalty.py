"""A small critic's input gradients, its penalty, and the penalty's gradients, against autograd's double backward."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def critic(x, w1, b1, w2):
    """Scores of one hidden layer with tanh: (N, D) → (N,)."""
    return torch.tanh(x @ w1.T + b1) @ w2


def network(draw, d=4, hidden=6, dtype=torch.float64):
    return draw.normal(hidden, d, dtype=dtype), draw.normal(hidden, dtype=dtype), draw.normal(hidden, dtype=dtype)


def input_gradients(x, w1, b1, w2):
    """∂score/∂x of every sample; differentiable once more."""
    leaf = x if x.requires_grad else x.detach().requires_grad_()
    return torch.autograd.grad(critic(leaf, w1, b1, w2).sum(), leaf, create_graph=True)[0]


def penalty(x, w1, b1, w2, weight=10.0):
    norms = input_gradients(x, w1, b1, w2).pow(2).sum(1).sqrt()
    return weight * ((norms - 1) ** 2).mean()


@pytest.mark.parametrize("n, d, hidden", [(5, 4, 6), (3, 2, 7), (1, 5, 3)])
def test_the_gradient_of_the_score_for_each_sample(learner, draw, n, d, hidden):
    x, weights = draw.normal(n, d), network(draw, d, hidden)
    expected = input_gradients(x, *weights).detach()
    assert_matches(learner.input_gradients(x, *weights), expected, "∂score/∂x", terms=hidden)


@pytest.mark.parametrize("shape", [(5, 3), (4, 2, 6)])
def test_points_on_the_lines_between_real_and_fake(learner, draw, shape):
    real, fake, share = draw.normal(*shape), draw.normal(*shape), draw.uniform(shape[0])
    column = share.reshape(-1, *[1] * (len(shape) - 1))
    assert_matches(learner.interpolate(real, fake, share), column * real + (1 - column) * fake, "the points")


@pytest.mark.builds_on("test_the_gradient_of_the_score_for_each_sample")
@pytest.mark.parametrize("weight", [10.0, 0.5])
def test_the_penalty(learner, draw, weight):
    x, weights = draw.normal(5, 4), network(draw)
    expected = penalty(x, *weights, weight=weight).detach()
    assert_matches(learner.gradient_penalty(x, *weights, weight=weight), expected, "the penalty", terms=20)


@pytest.mark.builds_on("test_the_penalty")
def test_ten_is_the_default_weight(learner, draw):
    x, weights = draw.normal(5, 4), network(draw)
    assert_matches(learner.gradient_penalty(x, *weights), penalty(x, *weights).detach(), "the penalty", terms=20)


@pytest.mark.builds_on("test_the_gradient_of_the_score_for_each_sample")
@pytest.mark.parametrize("n, d, hidden", [(5, 4, 6), (3, 2, 7), (1, 5, 3)])
def test_the_gradients_of_the_penalty_match_double_backward(learner, draw, n, d, hidden):
    x, weights = draw.normal(n, d), network(draw, d, hidden)
    expected = reference(lambda *w: penalty(x, *w), *weights).gradients(torch.ones((), dtype=torch.float64))
    actual = learner.penalty_backward(x, *weights)
    assert_matches(actual, expected, ("grad_w1", "grad_b1", "grad_w2"), terms=100)


@pytest.mark.builds_on("test_the_gradients_of_the_penalty_match_double_backward")
def test_with_another_weight(learner, draw):
    x, weights = draw.normal(5, 4), network(draw)
    total = reference(lambda *w: penalty(x, *w, weight=0.7), *weights)
    actual = learner.penalty_backward(x, *weights, weight=0.7)
    assert_matches(
        actual, total.gradients(torch.ones((), dtype=torch.float64)), ("grad_w1", "grad_b1", "grad_w2"), terms=100
    )


@pytest.mark.builds_on("test_the_penalty", "test_the_gradients_of_the_penalty_match_double_backward")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    real, fake = draw.normal(5, 4, dtype=torch.float32), draw.normal(5, 4, dtype=torch.float32)
    share = draw.uniform(5, dtype=torch.float32)
    expected = share[:, None] * real + (1 - share)[:, None] * fake
    assert_matches(learner.interpolate(strided(real), strided(fake), strided(share)), expected, "the points")
    assert_inputs_unchanged(learner)
    x, weights = draw.normal(5, 4, dtype=torch.float32), network(draw, dtype=torch.float32)
    assert_matches(
        learner.input_gradients(strided(x), *map(strided, weights)),
        input_gradients(x, *weights).detach(),
        "∂score/∂x",
        terms=6,
    )
    assert_inputs_unchanged(learner)
    actual = learner.gradient_penalty(strided(x), *map(strided, weights))
    assert_matches(actual, penalty(x, *weights).detach(), "the penalty", terms=200)
    assert_inputs_unchanged(learner)
    expected = reference(lambda *w: penalty(x, *w), *weights).gradients(torch.ones(()))
    actual = learner.penalty_backward(strided(x), *map(strided, weights))
    assert_matches(actual, expected, ("grad_w1", "grad_b1", "grad_w2"), terms=400)
    assert_inputs_unchanged(learner)
