"""Gradients against autograd. Expectations over all signs and all masks: a loss that is quadratic in the noise sees no
more of it than mean and variance, and a random sign has the same of both as a standard normal number."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided


def problem(draw, n, d):
    return draw.normal(d), draw.normal(n, d) + draw.normal(d), draw.normal(n) * 2


SIZES = [(7, 3), (4, 5), (1, 2)]


def loss_of(w, x, y):
    return F.mse_loss(x @ w, y)


@pytest.mark.parametrize("n, d", SIZES)
@pytest.mark.parametrize("where", ["gradient", "input", "weight"])
def test_gradients_without_noise(learner, draw, where, n, d):
    w, x, y = problem(draw, n, d)
    noise = draw.normal(n, d) if where == "input" else draw.normal(d)
    expected = reference(loss_of, w, x, y).gradients(torch.tensor(1.0, dtype=torch.float64))[0]
    assert_matches(learner.noisy_gradient(w, x, y, noise, 0.0, where), expected, "the gradient", terms=50)


def check_gradient(learner, draw, n, d, where):
    (w, x, y), std = problem(draw, n, d), float(draw.uniform(low=0.3, high=2.0))
    noise = draw.normal(n, d) if where == "input" else draw.normal(d)
    place = (w + std * noise if where == "weight" else w, x + std * noise if where == "input" else x, y)
    expected = reference(loss_of, *place).gradients(torch.tensor(1.0, dtype=torch.float64))[0]
    expected = expected + std * noise if where == "gradient" else expected
    result = learner.noisy_gradient(w, strided(x), y, noise, std, where)
    assert_matches(result, expected, "the gradient", terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_gradients_without_noise")
@pytest.mark.parametrize("n, d", SIZES)
def test_noise_on_the_inputs(learner, draw, n, d):
    check_gradient(learner, draw, n, d, "input")


@pytest.mark.builds_on("test_gradients_without_noise")
@pytest.mark.parametrize("n, d", SIZES)
def test_noise_on_the_weights(learner, draw, n, d):
    check_gradient(learner, draw, n, d, "weight")


@pytest.mark.builds_on("test_gradients_without_noise")
@pytest.mark.parametrize("n, d", SIZES)
def test_noise_on_the_gradient(learner, draw, n, d):
    check_gradient(learner, draw, n, d, "gradient")


@pytest.mark.parametrize("step", [0, 1, 7, 1000])
def test_the_noise_that_fades(learner, draw, step):
    eta, gamma = float(draw.uniform(low=0.2, high=3.0)), float(draw.uniform(low=0.3, high=1.5))
    expected = torch.tensor(eta, dtype=torch.float64) * torch.tensor(1.0 + step).double() ** -gamma
    assert_matches(learner.annealed_std(step, eta, gamma), expected.sqrt().item(), "the standard deviation")


def over_all_signs(w, x, y, std, where):
    """Every sample for itself: its loss is the mean over all sign vectors."""
    losses = []
    for signs in itertools.product((-1.0, 1.0), repeat=len(w)):
        noise = std * torch.tensor(signs, dtype=torch.float64)
        losses.append(loss_of(w, x + noise, y) if where == "input" else loss_of(w + noise, x, y))
    return torch.stack(losses).mean()


@pytest.mark.parametrize("where", ["input", "weight"])
@pytest.mark.parametrize("n, d", SIZES)
def test_the_expected_loss(learner, draw, n, d, where):
    (w, x, y), std = problem(draw, n, d), float(draw.uniform(low=0.3, high=2.0))
    expected = over_all_signs(w, x, y, std, where)
    assert_matches(learner.expected_loss(w, strided(x), y, std, where), expected, "the expected loss", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_expected_loss")
@pytest.mark.parametrize("where", ["input", "weight"])
def test_noise_of_no_strength_leaves_the_loss(learner, draw, where):
    w, x, y = problem(draw, 6, 4)
    assert_matches(learner.expected_loss(w, x, y, 0.0, where), loss_of(w, x, y), "the expected loss", terms=50)


@pytest.mark.parametrize("n, d, p", [(6, 4, 0.5), (5, 3, 0.2), (3, 5, 0.75), (4, 2, 0.0)])
def test_the_expected_loss_with_dropout(learner, draw, n, d, p):
    w, x, y = problem(draw, n, d)
    expected = torch.zeros((), dtype=torch.float64)
    for mask in itertools.product((0.0, 1.0), repeat=d):
        chance = (1 - p) ** sum(mask) * p ** (d - sum(mask))
        expected += chance * loss_of(w, x * torch.tensor(mask, dtype=torch.float64) / (1 - p), y)
    result = learner.expected_loss_dropout(w, strided(x), y, p)
    assert_matches(result, expected, "the expected loss", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, d", [(9, 3), (12, 5), (2, 4)])
def test_the_best_weights_under_input_noise(learner, draw, n, d):
    (_, x, y), std = problem(draw, n, d), float(draw.uniform(low=0.3, high=1.5))
    rows = [x + std * sign * axis * d**0.5 for axis in torch.eye(d, dtype=torch.float64) for sign in (-1, 1)]
    expected = torch.linalg.lstsq(torch.cat(rows), y.repeat(2 * d)[:, None]).solution[:, 0]
    assert_matches(learner.best_weights(strided(x), y, std), expected, "the weights", terms=2000)
    assert_inputs_unchanged(learner)


def test_another_place_is_an_error(learner, draw):
    w, x, y = problem(draw, 4, 3)
    assert_raises(ValueError, learner.noisy_gradient, w, x, y, draw.normal(3), 0.5, "label")
    assert_raises(ValueError, learner.expected_loss, w, x, y, 0.5, "gradient")
