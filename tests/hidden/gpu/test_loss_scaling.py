"""Against the formulas in float64, and against what float16 really does to small numbers."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def only_whether_finite(solution, grads, scale):
    return solution.unscale(grads, scale)[1]


@pytest.mark.parametrize("scale", [1.0, 1024.0, 3.0])
def test_gradients_are_unscaled_in_float32(learner, draw, scale):
    grads = [draw.normal(3, 4, dtype=torch.float16), draw.normal(5, dtype=torch.float16)]
    expected = [grad.float() / scale for grad in grads]
    assert_matches(learner.unscale(grads, scale), (expected, torch.tensor(True)), ("grads", "finite"), terms=2)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_gradients_are_unscaled_in_float32")
def test_small_gradients_survive(learner):
    grads = [torch.tensor([6e-8, 1e-4], dtype=torch.float16)]
    expected = [grads[0].float() / 4096]
    assert_matches(learner.unscale(grads, 4096.0), (expected, torch.tensor(True)), ("grads", "finite"), terms=2)


@pytest.mark.builds_on("test_gradients_are_unscaled_in_float32")
@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_one_element_that_is_not_finite_is_found(learner, draw, bad):
    for place in range(3):
        grads = [draw.normal(4, dtype=torch.float16) for _ in range(3)]
        grads[place][1] = bad
        assert_matches(learner.run(only_whether_finite, grads, 8.0), torch.tensor(False), "finite")


@pytest.mark.parametrize("scale, good", [(1024.0, 0), (8.0, 3), (2.0**15, 1)])
def test_after_a_good_step_the_count_goes_up(learner, scale, good):
    assert_matches(learner.next_scale(scale, good, True, interval=6), (scale, good + 1), ("scale", "good_steps"))


@pytest.mark.builds_on("test_after_a_good_step_the_count_goes_up")
def test_after_enough_good_steps_it_grows(learner):
    assert_matches(learner.next_scale(16.0, 4, True, interval=5), (32.0, 0), ("scale", "good_steps"))
    got = learner.next_scale(16.0, 1, True, growth=3.0, interval=2)
    assert_matches(got, (48.0, 0), ("scale", "good_steps"))


@pytest.mark.builds_on("test_after_a_good_step_the_count_goes_up")
@pytest.mark.parametrize("good", [0, 3, 99])
def test_after_an_overflow_it_shrinks_and_counts_anew(learner, good):
    assert_matches(learner.next_scale(64.0, good, False), (32.0, 0), ("scale", "good_steps"))
    assert_matches(learner.next_scale(64.0, good, False, backoff=0.25), (16.0, 0), ("scale", "good_steps"))


def one_step(solution, master, grads, scale, lr):
    new, half = solution.master_step(master, grads, scale, lr)
    return new, half


@pytest.mark.builds_on("test_gradients_are_unscaled_in_float32")
@pytest.mark.parametrize("scale, lr", [(256.0, 0.1), (1024.0, 0.03)])
def test_a_step_on_the_master_weights(learner, draw, scale, lr):
    master = [draw.normal(3, 4, dtype=torch.float32), draw.normal(4, dtype=torch.float32)]
    grads = [(draw.like(w) * scale / 100).half() for w in master]
    new = [w - lr * (g.float() / scale) for w, g in zip(master, grads, strict=True)]
    expected = new, [w.half() for w in new]
    assert_matches(learner.master_step(master, grads, scale, lr), expected, ("master", "half"), terms=3)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_step_on_the_master_weights")
def test_steps_too_small_for_half_precision_add_up(learner):
    master = [torch.ones(2)]
    grads = [torch.tensor([1.0, -2.0], dtype=torch.float16)]
    expected = master[0].clone()
    for _ in range(20):
        expected = expected - 1e-4 * (grads[0].float() / 4)
        master = learner.master_step(master, grads, 4.0, 1e-4)[0]
    assert_matches(master, [expected], "the weights after 20 steps", terms=20)


@pytest.mark.builds_on("test_a_step_on_the_master_weights")
def test_a_step_with_an_overflow_is_skipped(learner, draw):
    master = [draw.normal(3, dtype=torch.float32), draw.normal(2, dtype=torch.float32)]
    grads = [draw.normal(3, dtype=torch.float16), torch.tensor([1.0, math.inf], dtype=torch.float16)]
    expected = master, [w.half() for w in master]
    assert_matches(learner.master_step(master, grads, 8.0, 0.1), expected, ("master", "half"))


@pytest.mark.parametrize("power", range(4))
def test_the_largest_scale_that_does_not_overflow(learner, draw, power):
    grads = [draw.normal(6, dtype=torch.float32) * 10.0 ** -(power + 1), draw.normal(4, dtype=torch.float32) * 1e-6]
    largest = max(grad.abs().max().item() for grad in grads)
    expected = 2.0 ** math.floor(math.log2(65504.0 / largest))
    assert_matches(learner.largest_scale(grads), expected, "the scale")


@pytest.mark.builds_on("test_the_largest_scale_that_does_not_overflow")
def test_the_largest_scale_of_negative_and_exact_gradients(learner):
    assert_matches(learner.largest_scale([torch.tensor([-0.5, 0.1])]), 2.0**16, "the scale")
    assert_matches(learner.largest_scale([torch.tensor([65504.0])]), 1.0, "the scale")
