"""Against the same things written with masks and ifs; and by counting what makes a program wait for its device."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_waits, cost_of


@pytest.mark.parametrize("shape", [(7,), (4, 5), (2, 3, 4)])
def test_the_mean_of_what_the_mask_keeps(learner, draw, shape):
    x, mask = draw.normal(*shape), draw.uniform(*shape) < 0.6
    mask.view(-1)[0] = True
    assert_matches(learner.masked_mean(x, mask), x[mask].mean(), "the mean", terms=x.numel())


@pytest.mark.builds_on("test_the_mean_of_what_the_mask_keeps")
def test_what_the_mask_drops_is_not_looked_at(learner, draw):
    x, mask = draw.normal(6), torch.tensor([True, False, True, True, False, False])
    x[1], x[4] = float("nan"), float("inf")
    assert_matches(learner.masked_mean(x, mask), x[mask].mean(), "the mean", terms=6)


@pytest.mark.builds_on("test_the_mean_of_what_the_mask_keeps")
def test_a_mask_that_keeps_nothing_gives_zero(learner, draw):
    mask = torch.zeros(5, dtype=torch.bool)
    assert_matches(learner.masked_mean(draw.normal(5), mask), torch.tensor(0.0, dtype=torch.float64), "the mean")


@pytest.mark.builds_on("test_the_mean_of_what_the_mask_keeps", "test_a_long_vector_is_clipped")
def test_single_precision_stays_single(learner, draw):
    x, mask = draw.normal(9, dtype=torch.float32), torch.arange(9) % 3 != 1
    assert_matches(learner.masked_mean(x, mask), x[mask].mean(), "the mean", terms=9)
    assert_matches(learner.clip_to_norm(x, 0.5), x * 0.5 / x.norm(), "the clipped vector", terms=9)


@pytest.mark.parametrize("max_norm", [0.5, 2.0])
def test_a_long_vector_is_clipped(learner, draw, max_norm):
    g = draw.normal(6, 4)
    assert_matches(learner.clip_to_norm(g, max_norm), g * max_norm / g.norm(), "the clipped vector", terms=24)


@pytest.mark.builds_on("test_a_long_vector_is_clipped")
def test_a_short_vector_stays_as_it_is(learner, draw):
    g = draw.normal(6)
    assert_matches(learner.clip_to_norm(g, 100.0), g, "the short vector")
    zero = torch.zeros(4, dtype=torch.float64)
    assert_matches(learner.clip_to_norm(zero, 1.0), zero, "the vector of zeros")


@pytest.mark.parametrize("place", [0, 3, 9])
def test_the_first_element_that_is_not_finite(learner, draw, place):
    x = draw.normal(10)
    x[9] = float("nan")
    x[place] = {0: float("inf"), 3: -float("inf"), 9: float("nan")}[place]
    assert_matches(learner.first_nonfinite(x), torch.tensor(place), "the index")


@pytest.mark.builds_on("test_the_first_element_that_is_not_finite")
def test_where_all_are_finite_it_is_minus_one(learner, draw):
    assert_matches(learner.first_nonfinite(draw.normal(8) * 1e300), torch.tensor(-1), "the index")


@pytest.mark.parametrize("steps, every", [(10, 3), (8, 4), (5, 7), (6, 1)])
def test_the_mean_loss_of_each_stretch(learner, draw, steps, every):
    losses = [draw.normal(1)[0] for _ in range(steps)]
    values = torch.stack(losses)
    expected = torch.stack([part.mean() for part in values.split(every)])
    assert_matches(learner.log_losses(losses, every), expected, "the log", terms=steps)


@pytest.mark.builds_on(
    "test_the_mean_of_what_the_mask_keeps",
    "test_a_long_vector_is_clipped",
    "test_the_first_element_that_is_not_finite",
    "test_the_mean_loss_of_each_stretch",
)
def test_inputs_are_left_as_they_were(learner, draw):
    learner.masked_mean(draw.normal(4), torch.tensor([True, False, True, False]))
    assert_inputs_unchanged(learner)
    learner.clip_to_norm(draw.normal(6), 0.1)
    assert_inputs_unchanged(learner)
    learner.first_nonfinite(torch.tensor([1.0, float("nan"), float("inf")]))
    assert_inputs_unchanged(learner)
    learner.log_losses([draw.normal(1)[0] for _ in range(5)], 2)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_what_the_mask_drops_is_not_looked_at")
def test_masked_mean_runs_on(learner, draw):
    assert_waits(cost_of(learner, "masked_mean", draw.normal(50), draw.uniform(50) < 0.5), 0)


@pytest.mark.builds_on("test_a_short_vector_stays_as_it_is")
@pytest.mark.parametrize("max_norm", [0.1, 100.0])
def test_clip_to_norm_runs_on(learner, draw, max_norm):
    assert_waits(cost_of(learner, "clip_to_norm", draw.normal(20), max_norm), 0)


@pytest.mark.builds_on("test_where_all_are_finite_it_is_minus_one")
def test_first_nonfinite_runs_on(learner, draw):
    x = draw.normal(20)
    assert_waits(cost_of(learner, "first_nonfinite", x), 0)
    x[7] = float("nan")
    assert_waits(cost_of(learner, "first_nonfinite", x), 0)


@pytest.mark.builds_on("test_the_mean_loss_of_each_stretch")
def test_a_training_loop_runs_on(learner, draw):
    assert_waits(cost_of(learner, "log_losses", [draw.normal(1)[0] for _ in range(12)], 4), 0)
