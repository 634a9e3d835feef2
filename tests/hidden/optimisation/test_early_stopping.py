"""Whole runs as scenarios: losses go in, decisions come out; the right ones are found by looking back."""

import math

import pytest
import torch

from tutor.testkit import assert_matches


def decisions(solution, losses, options):
    """What each update of a run returned, and which check was the best afterwards."""
    watch, weights = solution.EarlyStopping(**options), [torch.zeros(2)]
    over, best = [], []
    for loss in losses:
        over.append(watch.update(loss, weights))
        best.append((watch.best_check, watch.best_loss))
    return over, [check for check, _ in best], [loss for _, loss in best]


def expected_decisions(losses, patience, min_delta=0.0):
    """By looking back from each check, instead of by counting."""
    over, checks, values = [], [], []
    improvements = []  # (check, loss)
    for check, loss in enumerate(losses):
        if not math.isnan(loss) and (not improvements or loss < improvements[-1][1] - min_delta):
            improvements.append((check, loss))
        last, value = improvements[-1] if improvements else (-1, math.inf)
        over.append(check - last >= patience)
        checks.append(last)
        values.append(value)
    return over, checks, values


def check_run(learner, losses, **options):
    result = learner.run(decisions, losses, options)
    expected = expected_decisions(losses, **options)
    shown = ", ".join(f"{loss:.4g}" for loss in losses)
    assert_matches(
        result, expected, [f"{what}, for the losses {shown}" for what in ("over", "best_check", "best_loss")]
    )


def run_before_any_check(solution):
    watch, weights = solution.EarlyStopping(3), [torch.arange(3.0)]
    watch.restore(weights)
    return watch.best_check, watch.best_loss, weights[0]


def test_before_the_first_check(learner):
    names = ("best_check", "best_loss", "the weights after restore")
    assert_matches(learner.run(run_before_any_check), (-1, math.inf, torch.arange(3.0)), names)


@pytest.mark.parametrize("patience", [1, 2, 4])
def test_a_run_that_improves_and_then_does_not(learner, draw, patience):
    falling = draw.uniform(5, low=1.0, high=3.0).sort(descending=True).values.tolist()
    rising = draw.uniform(6, low=3.5, high=5.0).tolist()
    check_run(learner, falling + rising, patience=patience)


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
@pytest.mark.parametrize("patience", [1, 2, 3, 5])
def test_an_improvement_starts_the_patience_afresh(learner, draw, patience):
    losses = (draw.uniform(25, low=1.0, high=2.0) - 0.02 * torch.arange(25)).tolist()
    check_run(learner, losses, patience=patience)


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
def test_after_the_end_an_improvement_makes_it_go_on(learner, draw):
    first = float(draw.uniform(low=2.0, high=3.0))
    check_run(learner, [first, first + 1, first + 2, first + 1, first - 1, first, first], patience=2)


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
def test_an_equal_loss_is_no_improvement(learner, draw):
    loss = float(draw.uniform(low=2.0, high=3.0))
    check_run(learner, [loss, loss, loss, loss - 0.5, loss - 0.5, loss - 0.5], patience=2)


@pytest.mark.builds_on("test_an_improvement_starts_the_patience_afresh")
@pytest.mark.parametrize("min_delta", [0.1, 0.5])
def test_min_delta(learner, draw, min_delta):
    losses = (4 - 0.08 * torch.arange(25) + draw.uniform(25, low=-0.4, high=0.4)).tolist()
    check_run(learner, losses, patience=3, min_delta=min_delta)


@pytest.mark.builds_on("test_min_delta")
def test_less_than_min_delta_at_a_time_adds_up(learner):
    """The best loss stays where it was until the distance from it is large enough."""
    check_run(learner, [3.0, 2.75, 2.5, 2.25, 2.0, 1.75, 1.5, 1.25], patience=2, min_delta=0.6)


@pytest.mark.builds_on("test_min_delta")
def test_exactly_min_delta_is_no_improvement(learner):
    check_run(learner, [3.0, 2.5, 2.5, 2.25, 1.75, 1.5], patience=3, min_delta=0.5)  # without rounding, all of them


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
@pytest.mark.parametrize(
    "losses", [(2.0, 1.5, math.nan, math.nan, 1.0), (math.nan, 3.0, math.nan, 2.0), (math.nan,) * 4]
)
def test_nan_is_no_improvement(learner, losses):
    check_run(learner, list(losses), patience=2)


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
def test_losses_below_zero(learner, draw):
    check_run(learner, draw.normal(15).sub(2).tolist(), patience=3, min_delta=0.2)


def train_and_restore(solution, losses, start, steps, options):
    """Weights that change in place between checks; then those of the best check, and again after more changes."""
    watch, weights = solution.EarlyStopping(**options), [weight.clone() for weight in start]
    for loss, changes in zip(losses, steps, strict=True):
        for weight, change in zip(weights, changes, strict=True):
            weight += change
        watch.update(loss, weights)
    last = [weight.clone() for weight in weights]
    watch.restore(weights)
    restored = [weight.clone() for weight in weights]
    for weight in weights:
        weight *= 3
    watch.restore(weights)
    return last, restored, weights


def weights_of_a_run(draw, checks):
    shapes = [(3, 2), (4,), ()]
    start = [draw.normal(*shape) for shape in shapes]
    steps = [[draw.normal(*shape) for shape in shapes] for _ in range(checks)]
    after = [
        [weight + sum(changes[i] for changes in steps[: n + 1]) for i, weight in enumerate(start)]
        for n in range(checks)
    ]
    return start, steps, after


RESTORED = ("the weights that update was given", "the restored weights", "those restored once more")


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
@pytest.mark.parametrize("best", [0, 3, 6])
def test_the_weights_of_the_best_check_are_restored(learner, draw, best):
    losses = draw.uniform(7, low=2.0, high=3.0)
    losses[best] = 1.0
    start, steps, after = weights_of_a_run(draw, 7)
    result = learner.run(train_and_restore, losses.tolist(), start, steps, {"patience": 2})
    assert_matches(result, (after[-1], after[best], after[best]), RESTORED, terms=8)


def train_and_restore_elsewhere(solution, losses, weights):
    """The weights of the best check, written into the tensors of another model of the same shape."""
    watch, weight = solution.EarlyStopping(3), weights[0].clone()
    for loss, values in zip(losses, weights, strict=True):
        weight[...] = values
        watch.update(loss, [weight])
    other = torch.full_like(weight, 9.0)
    watch.restore([other])
    return other, weight


@pytest.mark.builds_on("test_a_run_that_improves_and_then_does_not")
def test_restore_writes_into_whatever_tensors_it_is_given(learner, draw):
    weights = [draw.normal(3, 2) for _ in range(4)]
    result = learner.run(train_and_restore_elsewhere, [3.0, 1.0, 2.0, 4.0], weights)
    assert_matches(result, (weights[1], weights[3]), ("the tensors given to restore", "those given to update"))


@pytest.mark.builds_on("test_the_weights_of_the_best_check_are_restored", "test_min_delta")
def test_the_weights_of_a_check_within_min_delta_are_not_kept(learner, draw):
    start, steps, after = weights_of_a_run(draw, 5)
    losses = [3.0, 2.0, 1.9, 1.8, 1.7]
    result = learner.run(train_and_restore, losses, start, steps, {"patience": 9, "min_delta": 0.5})
    assert_matches(result, (after[-1], after[1], after[1]), RESTORED, terms=8)


@pytest.mark.builds_on("test_the_weights_of_the_best_check_are_restored", "test_nan_is_no_improvement")
def test_a_run_of_nothing_but_nan_leaves_the_weights_alone(learner, draw):
    start, steps, after = weights_of_a_run(draw, 3)
    result = learner.run(train_and_restore, [math.nan] * 3, start, steps, {"patience": 2})
    assert_matches(result, (after[-1], after[-1], [3 * weight for weight in after[-1]]), RESTORED, terms=8)
