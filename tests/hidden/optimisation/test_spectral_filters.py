"""Weights against torch's own least squares and autograd's descent; factors as they come out of those weights."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def problem(draw, n, d):
    """Data with singular values that are well apart, from about 3 down to about 0.6.

    Where `--explain` draws other sizes, there are no more columns than rows still.
    """
    u, _ = torch.linalg.qr(draw.normal(n, d)[:, :n])
    d = u.shape[1]
    v, _ = torch.linalg.qr(draw.like(u.T @ u))
    values = torch.linspace(3.0, 0.6, d, dtype=torch.float64) + 0.03 * draw.like(u[0]).clamp(-3, 3)
    return (u * values) @ v.T, draw.like(u[:, 0]) * 2


SIZES = [(7, 3), (12, 5), (4, 2)]


@pytest.mark.parametrize("n, d", SIZES)
@pytest.mark.parametrize("steps", [0, 1, 7, 40])
def test_gradient_descent_that_stops(learner, draw, steps, n, d):
    (x, y), lr = problem(draw, n, d), float(draw.uniform(low=0.02, high=0.12))
    w = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(0.5 * (x @ w - y).square().sum(), [w])
        w = (w - lr * gradient).detach().requires_grad_()
    result = learner.stopped_weights(strided(x), y, lr, steps)
    assert_matches(result, w.detach(), "the weights", terms=100)
    assert_inputs_unchanged(learner)


def expected_ridge(x, y, ridge):
    d = x.shape[1]
    rows = torch.cat([x, ridge**0.5 * torch.eye(d, dtype=x.dtype)])
    return torch.linalg.lstsq(rows, torch.cat([y, y.new_zeros(d)])[:, None]).solution[:, 0]


@pytest.mark.parametrize("n, d", SIZES)
def test_ridge(learner, draw, n, d):
    (x, y), ridge = problem(draw, n, d), float(draw.uniform(low=0.2, high=5.0))
    assert_matches(learner.ridge_weights(strided(x), y, ridge), expected_ridge(x, y, ridge), "the weights", terms=100)
    assert_inputs_unchanged(learner)


def expected_truncated(x, y, keep):
    """The pseudo-inverse with a tolerance between two singular values."""
    values = torch.linalg.svdvals(x).tolist()
    limits = [values[0] + 1, *values, 0.0]
    middle = (limits[keep] + limits[keep + 1]) / 2
    return torch.linalg.pinv(x, atol=middle, rtol=0.0) @ y


@pytest.mark.parametrize("n, d, keep", [(7, 3, 2), (12, 5, 1), (9, 4, 3), (8, 4, 4)])
def test_truncation(learner, draw, n, d, keep):
    x, y = problem(draw, n, d)
    keep = min(keep, x.shape[1])
    expected = expected_truncated(x, y, keep)
    assert_matches(learner.truncated_weights(strided(x), y, keep), expected, "the weights", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_truncation")
def test_nothing_kept_is_nothing(learner, draw):
    x, y = problem(draw, 6, 3)
    assert_matches(learner.truncated_weights(x, y, 0), torch.zeros_like(x[0]), "the weights")


def strength_of(draw, method, d):
    if method == "ridge":
        return float(draw.uniform(low=0.2, high=5.0))
    return draw.integer(1, 30) if method == "early stopping" else draw.integer(1, d)


def found_factors(draw, method, d, strength):
    """By what factors regularised weights differ from those of least squares, direction by direction."""
    x, y = problem(draw, d + 4, d)
    _, values, vt = torch.linalg.svd(x, full_matrices=False)
    if method == "ridge":
        w = expected_ridge(x, y, strength)
    elif method == "truncation":
        w = expected_truncated(x, y, strength)
    else:
        w = torch.zeros_like(x[0])
        for _ in range(strength):
            w = w - x.T @ (x @ w - y) / values[0] ** 2
    factors = (vt @ w) / (vt @ expected_ridge(x, y, 0.0))
    return values, factors.round() if method == "truncation" else factors


KEEP = [("truncation", 0, 0.0), ("truncation", 3, 1.0)]
METHODS = ["ridge", "early stopping", "truncation"]
# A factor is a quotient of two numbers that come from a sum each, and one of them may happen to be small.
QUOTIENT = 1e-8


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("d", [3, 6])
def test_what_is_left_of_each_direction(learner, draw, d, method):
    strength = strength_of(draw, method, d)
    values, expected = found_factors(draw, method, d, strength)
    result = learner.filter_factors(strided(values), method, strength)
    assert_matches(result, expected, "the factors", rtol=QUOTIENT)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_what_is_left_of_each_direction")
@pytest.mark.parametrize("method, strength, left", [("ridge", 0.0, 1.0), ("early stopping", 0, 0.0), *KEEP])
def test_all_or_nothing(learner, draw, method, strength, left):
    values = torch.tensor([3.0, 2.0, 0.5], dtype=torch.float64) + draw.uniform(1, low=-0.2, high=0.2)
    expected = torch.full((3,), left, dtype=torch.float64)
    name = f"what {method} leaves at strength {strength}"
    assert_matches(learner.filter_factors(values, method, strength), expected, name)


def test_another_method_is_an_error(learner, draw):
    values = torch.tensor([2.0, 1.0], dtype=torch.float64)
    assert_raises(ValueError, learner.filter_factors, values, "lasso", 1.0)


@pytest.mark.builds_on("test_what_is_left_of_each_direction")
@pytest.mark.parametrize("method", METHODS)
def test_the_effective_parameters(learner, draw, method):
    strength = strength_of(draw, method, 5)
    values, factors = found_factors(draw, method, 5, strength)
    result = learner.effective_parameters(values, method, strength)
    assert_matches(result, factors.sum().item(), "the number", rtol=QUOTIENT)


@pytest.mark.builds_on("test_what_is_left_of_each_direction")
@pytest.mark.parametrize("d", [2, 4, 7])
def test_as_many_steps_as_a_penalty_is_worth(learner, draw, d):
    for _ in range(3):
        values = draw.uniform(d, low=0.5, high=4.0).sort(descending=True).values
        ridge = float(draw.uniform(low=0.05, high=3.0)) * values[0].item()
        shares = values.square() / values[0] ** 2
        wanted = (values.square() / (values.square() + ridge)).sum()
        after = len(values) - torch.stack([((1 - shares) ** t).sum() for t in range(6000)])
        expected = int((after >= wanted).nonzero()[0])
        if (after - wanted).abs().min() > 1e-9:
            name = f"the number of steps for {[round(v, 3) for v in values.tolist()]} and ridge {ridge:.4g}"
            assert_matches(learner.steps_like_ridge(values, ridge), expected, name)
