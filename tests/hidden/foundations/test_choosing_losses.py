"""Losses against torch's distributions and autograd; best constants against a search; choices over random tasks."""

import pytest
import torch
from torch.distributions import Bernoulli, Laplace, Normal, Poisson

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

REDUCTIONS = ["mean", "sum", "none"]


def torch_quantile(input, target, tau, reduction="mean"):
    r = target - input
    losses = tau * torch.relu(r) + (1 - tau) * torch.relu(-r)
    return losses if reduction == "none" else getattr(losses, reduction)()


def pair(draw, *shape, dtype=torch.float64):
    return draw.normal(*shape, std=2, dtype=dtype), draw.normal(*shape, std=2, dtype=dtype)


def upstream(draw, like):
    return draw.uniform(*like.shape, low=0.5, high=2.0, dtype=like.dtype)


def case(draw, input, target, tau, reduction="mean"):
    loss = reference(lambda x: torch_quantile(x, target, tau, reduction), input)
    grad_output = upstream(draw, loss.output)
    return grad_output, loss.output, loss.gradients(grad_output)[0]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("tau", [0.5, 0.1, 0.85])
def test_the_quantile_loss(learner, draw, tau, reduction):
    input, target = pair(draw, 4, 3)
    expected = torch_quantile(input, target, tau, reduction)
    assert_matches(learner.quantile_loss(input, target, tau, reduction=reduction), expected, "the loss", terms=12)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("tau", [0.5, 0.1, 0.85])
def test_the_gradient_of_the_quantile_loss(learner, draw, tau, reduction):
    input, target = pair(draw, 2, 3, 5)
    grad_output, _, expected = case(draw, input, target, tau, reduction)
    actual = learner.quantile_loss_backward(grad_output, input, target, tau, reduction=reduction)
    assert_matches(actual, expected, "grad_input")


@pytest.mark.builds_on("test_the_gradient_of_the_quantile_loss")
def test_where_the_prediction_is_exactly_right_the_slope_is_zero(learner, draw):
    input, target = pair(draw, 9)
    target[2], target[6] = input[2], input[6]
    grad_output, _, expected = case(draw, input, target, 0.3, "sum")
    actual = learner.quantile_loss_backward(grad_output, input, target, 0.3, reduction="sum")
    assert_matches(actual, expected, "grad_input")


@pytest.mark.builds_on("test_the_quantile_loss", "test_the_gradient_of_the_quantile_loss")
def test_the_mean_is_the_default_float32_any_layout_and_inputs_as_they_were(learner, draw):
    input, target = pair(draw, 5, 3, dtype=torch.float32)
    grad_output, loss, grad = case(draw, input, target, 0.2)
    assert_matches(learner.quantile_loss(strided(input), strided(target), 0.2), loss, "the loss", terms=15)
    assert_inputs_unchanged(learner)
    actual = learner.quantile_loss_backward(grad_output, strided(input), strided(target), 0.2)
    assert_matches(actual, grad, "grad_input")
    assert_inputs_unchanged(learner)


def noisy(draw, noise, *shape):
    """Predictions, targets, scales, and torch's −log p."""
    scale = draw.uniform(*shape, low=0.3, high=3.0)
    if noise == "bernoulli":
        input, target = draw.uniform(*shape, low=0.05, high=0.95), draw.integers(0, 2, *shape).double()
        return input, target, None, -Bernoulli(probs=input).log_prob(target)
    if noise == "poisson":
        input, target = draw.uniform(*shape, low=0.3, high=9.0), draw.integers(0, 12, *shape).double()
        return input, target, None, -Poisson(input).log_prob(target)
    input, target = pair(draw, *shape)
    return input, target, scale, -{"normal": Normal, "laplace": Laplace}[noise](input, scale).log_prob(target)


@pytest.mark.parametrize("noise", ["normal", "laplace", "bernoulli", "poisson"])
@pytest.mark.parametrize("shape", [(7,), (4, 3)])
def test_the_negative_log_likelihood(learner, draw, noise, shape):
    input, target, scale, expected = noisy(draw, noise, *shape)
    arguments = (noise, strided(input), strided(target), *([] if scale is None else [scale]))
    assert_matches(learner.negative_log_likelihood(*arguments), expected, "−log p", terms=4)
    assert_inputs_unchanged(learner)


def test_an_unknown_noise_is_refused(learner, draw):
    input, target = pair(draw, 4)
    assert_raises(
        ValueError, learner.negative_log_likelihood, "pink", input, target, draw.uniform(4, low=1.0, high=2.0)
    )


def best_of(losses, targets):
    """The target at which the mean loss is least; for losses made of straight lines no constant is better."""
    return targets[torch.stack([losses(constant).mean() for constant in targets]).argmin()].item()


def best_huber(targets, delta):
    """Where the slope of the mean loss, which rises with the constant, is 0."""
    low, high = targets.min().item(), targets.max().item()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if (middle - targets).clamp(-delta, delta).sum() > 0 else (middle, high)
    return low


def skewed(draw, n):
    """Many small numbers and a few large ones, so that means and medians differ."""
    return torch.exp(draw.normal(n, std=1.2)) + draw.normal()


@pytest.mark.parametrize("n", [5, 11, 23])
@pytest.mark.parametrize("loss", ["mse", "mae", "max"])
def test_the_best_constant(learner, draw, loss, n):
    targets = skewed(draw, n)
    middle = (targets.min() + targets.max()).item() / 2
    mean, median = targets.mean().item(), best_of(lambda c: (targets - c).abs(), targets)
    expected = {"mse": mean, "mae": median, "max": middle}[loss]
    assert_matches(learner.best_constant(loss, targets), expected, f"the best constant for {loss}", terms=n)


@pytest.mark.parametrize("loss", ["bce", "poisson"])
def test_the_best_constant_for_labels_and_for_counts(learner, draw, loss):
    targets = draw.integers(0, 2, 17).double() if loss == "bce" else draw.integers(0, 9, 17).double()
    targets[:2] = torch.tensor([0.0, 1.0])
    actual = learner.best_constant(loss, targets)
    assert_matches(actual, targets.mean().item(), f"the best constant for {loss}", terms=17)


@pytest.mark.builds_on("test_the_best_constant")
@pytest.mark.parametrize("tau, n", [(0.1, 23), (0.3, 11), (0.75, 9), (0.9, 7), (0.5, 5)])
def test_the_best_constant_for_the_quantile_loss(learner, draw, tau, n):
    targets = skewed(draw, n)
    expected = best_of(lambda c: torch_quantile(c.expand(n), targets, tau, "none"), targets)
    actual = learner.best_constant("quantile", targets, tau=tau)
    assert_matches(actual, expected, f"the best constant for the quantile loss with tau = {tau}")


@pytest.mark.builds_on("test_the_best_constant")
@pytest.mark.parametrize("delta", [0.2, 1.0, 3.0, 100.0])
def test_the_best_constant_for_huber(learner, draw, delta):
    targets = skewed(draw, 13)
    actual = learner.best_constant("huber", targets, delta=delta)
    assert_matches(actual, best_huber(targets, delta), f"the best constant for huber, delta = {delta}", rtol=1e-8)


@pytest.mark.builds_on("test_the_best_constant")
def test_the_targets_are_left_as_they_were_and_unknown_losses_refused(learner, draw):
    targets = skewed(draw, 9)
    for loss in ("mse", "mae", "max", "quantile", "huber"):
        learner.best_constant(loss, strided(targets))
        assert_inputs_unchanged(learner)
    assert_raises(ValueError, learner.best_constant, "hinge", targets)


def test_which_quantile_minimises_the_cost(learner, draw):
    for _ in range(6):
        under, over = float(draw.uniform(low=0.1, high=9)), float(draw.uniform(low=0.1, high=9))
        actual = learner.tau_for_costs(under, over)
        told = f"tau where a unit too little costs {under:.3g} and a unit too much {over:.3g}"
        assert_matches(actual, 1 - over / (under + over), told)


def a_task(draw):
    """A task, the loss for it, and why."""
    target = draw.choice(["number", "number", "count", "class", "class"])
    if target == "count":
        return {"target": "count"}, "poisson", "counts are 0, 1, 2, … and their variance grows with their mean"
    if target == "class":
        several, wanted = draw.choice([True, False]), draw.choice(["probabilities", "decision"])
        task = {"target": "class", "classes": draw.integer(3, 12), "several at once": several, "wanted": wanted}
        if wanted == "decision":
            return task, "hinge", "only the decision counts, and no probability is asked for"
        if several:
            return task, "bce", "each class is a yes or no of its own; softmax would make them compete"
        return task, "cross_entropy", "exactly one class is right, and its probability is asked for"
    wanted, outliers = draw.choice(["mean", "mean", "median", "quantile"]), draw.choice([True, False])
    task = {"target": "number", "wanted": wanted, "outliers": outliers}
    if wanted == "median":
        return task, "mae", "the median is what minimises absolute errors"
    if wanted == "quantile":
        return task, "quantile", "a quantile is what minimises an asymmetric absolute error"
    if outliers:
        return task, "huber", "errors are squared near the mean, but no outlier may pull harder than delta"
    return task, "mse", "the mean is what minimises squared errors"


def asked(solution, tasks):
    return [solution.choose_loss(task) for task in tasks]


def test_the_loss_follows_from_the_task(learner, draw):
    drawn = [a_task(draw) for _ in range(60)]
    answers = learner.run(asked, [task for task, _, _ in drawn])
    assert isinstance(answers, list), "choose_loss has to answer every time it is asked."
    for answer, (task, right, reason) in zip(answers, drawn, strict=True):
        is_right = isinstance(answer, str) and answer == right
        assert is_right, f"choose_loss({task}) is {right!r}: {reason}. You answered {answer!r}."
