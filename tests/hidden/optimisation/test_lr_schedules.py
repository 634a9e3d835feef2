"""Whole schedules at once, against tables made by torch; then the steps at which one piece ends and the next begins."""

import math

import pytest
import torch

from tutor.testkit import assert_matches


def rates(solution, function, steps, options):
    """The learner's rate for each of these steps."""
    return {step: getattr(solution, function)(step, **options) for step in steps}


def half_cosine(lr, lr_min, count):
    """The rates of steps 0 … count: the cosine of `count` + 1 angles from 0 to π, moved to [lr_min, lr]."""
    angles = torch.linspace(0, math.pi, count + 1, dtype=torch.float64)
    return torch.lerp(torch.full_like(angles, lr_min), torch.full_like(angles, lr), (torch.cos(angles) + 1) / 2)


def line(lr, warmup):
    return torch.linspace(0, lr, warmup + 2, dtype=torch.float64)[1:-1]


def check(learner, function, steps, expected, **options):
    """`expected` is a tensor with a rate for each of these steps."""
    result = learner.run(rates, function, list(steps), options)
    assert_matches(result, dict(zip(steps, expected.tolist(), strict=True)), f"{function} at step")


def rate(draw):
    return float(draw.uniform(low=0.5, high=3.0))


@pytest.mark.parametrize("every, factor", [(3, 0.5), (5, 0.7), (2, 0.1)])
def test_step_decay(learner, draw, every, factor):
    lr = rate(draw)
    stairs = torch.tensor([lr * factor**k for k in range(5)], dtype=torch.float64)
    check(learner, "step_decay", range(5 * every), stairs.repeat_interleave(every), lr=lr, every=every, factor=factor)


@pytest.mark.builds_on("test_step_decay")
def test_the_last_step_of_a_stair_and_the_first_of_the_next(learner, draw):
    lr, every = rate(draw), draw.integer(20, 40)
    expected = torch.tensor([lr, lr, lr * 0.6, lr * 0.6, lr * 0.36], dtype=torch.float64)
    steps = [0, every - 1, every, 2 * every - 1, 2 * every]
    check(learner, "step_decay", steps, expected, lr=lr, every=every, factor=0.6)


@pytest.mark.builds_on("test_step_decay")
def test_stairs_of_one_step(learner, draw):
    lr = rate(draw)
    expected = torch.tensor([lr, lr * 0.8, lr * 0.64, lr * 0.512], dtype=torch.float64)
    check(learner, "step_decay", range(4), expected, lr=lr, every=1, factor=0.8)


@pytest.mark.parametrize("total", [4, 7, 30])
def test_cosine(learner, draw, total):
    lr = rate(draw)
    check(learner, "cosine", range(total), half_cosine(lr, 0.0, total)[:-1], lr=lr, total=total)


@pytest.mark.builds_on("test_cosine")
@pytest.mark.parametrize("total", [4, 7, 30])
def test_cosine_with_a_smallest_rate(learner, draw, total):
    lr, lr_min = rate(draw), float(draw.uniform(low=0.1, high=0.4))
    check(learner, "cosine", range(total), half_cosine(lr, lr_min, total)[:-1], lr=lr, total=total, lr_min=lr_min)


@pytest.mark.builds_on("test_cosine_with_a_smallest_rate")
def test_cosine_stays_at_its_smallest_rate_from_the_last_step_on(learner, draw):
    lr, lr_min, total = rate(draw), float(draw.uniform(low=0.1, high=0.4)), draw.integer(3, 9)
    steps = [total, total + 1, total + 2, 2 * total, 5 * total]
    expected = torch.full((5,), lr_min, dtype=torch.float64)
    check(learner, "cosine", steps, expected, lr=lr, total=total, lr_min=lr_min)


@pytest.mark.builds_on("test_cosine")
def test_a_cosine_of_a_single_step(learner, draw):
    lr = rate(draw)
    check(learner, "cosine", [0, 1], torch.tensor([lr, 0.3], dtype=torch.float64), lr=lr, total=1, lr_min=0.3)


@pytest.mark.parametrize("warmup, total", [(4, 9), (1, 6), (9, 30)])
def test_the_warm_up_is_a_line(learner, draw, warmup, total):
    lr, lr_min = rate(draw), float(draw.uniform(low=0.1, high=0.4))
    options = {"lr": lr, "warmup": warmup, "total": total, "lr_min": lr_min}
    check(learner, "warmup_cosine", range(warmup), line(lr, warmup), **options)


@pytest.mark.builds_on("test_the_warm_up_is_a_line", "test_cosine_with_a_smallest_rate")
@pytest.mark.parametrize("warmup, total", [(4, 9), (1, 6), (9, 30)])
def test_the_cosine_begins_where_the_warm_up_ends(learner, draw, warmup, total):
    lr, lr_min = rate(draw), float(draw.uniform(low=0.1, high=0.4))
    options = {"lr": lr, "warmup": warmup, "total": total, "lr_min": lr_min}
    check(learner, "warmup_cosine", range(warmup, total), half_cosine(lr, lr_min, total - warmup)[:-1], **options)


@pytest.mark.builds_on("test_the_warm_up_is_a_line", "test_cosine")
def test_without_a_warm_up_it_is_the_cosine(learner, draw):
    lr, total = rate(draw), draw.integer(5, 9)
    check(learner, "warmup_cosine", range(total), half_cosine(lr, 0.0, total)[:-1], lr=lr, warmup=0, total=total)


@pytest.mark.builds_on("test_the_cosine_begins_where_the_warm_up_ends")
def test_after_the_last_step_the_rate_stays_smallest(learner, draw):
    lr, lr_min = rate(draw), float(draw.uniform(low=0.1, high=0.4))
    options = {"lr": lr, "warmup": 3, "total": 8, "lr_min": lr_min}
    check(learner, "warmup_cosine", [8, 9, 12, 13, 40], torch.full((5,), lr_min, dtype=torch.float64), **options)


@pytest.mark.builds_on("test_the_cosine_begins_where_the_warm_up_ends")
def test_a_warm_up_that_fills_the_whole_schedule(learner, draw):
    lr, total = rate(draw), draw.integer(3, 7)
    expected = torch.cat([line(lr, total), torch.tensor([0.2, 0.2], dtype=torch.float64)])
    options = {"lr": lr, "warmup": total, "total": total, "lr_min": 0.2}
    check(learner, "warmup_cosine", range(total + 2), expected, **options)
