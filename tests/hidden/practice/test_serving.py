"""Folded layers beside the layers; quantised ones by the formulas in float64; the schedule by a walk in small steps."""

import pytest
import torch
from torch.nn import functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

BOTH = ("weight", "bias")


def statistics(draw, o):
    """mean, var, gamma, beta."""
    return draw.normal(o), draw.uniform(o, low=0.2, high=3.0), draw.normal(o), draw.normal(o)


def folded(weight, bias, mean, var, gamma, beta, eps):
    """By what the two layers do to zeros, and to unit inputs."""

    def both(x):
        y = F.conv2d(x, weight, bias) if weight.dim() == 4 else F.linear(x, weight, bias)
        return F.batch_norm(y, mean, var, gamma, beta, False, 0.0, eps)

    size = weight[0].numel()
    units = torch.eye(size, dtype=weight.dtype).reshape(size, *weight.shape[1:])
    zero = both(torch.zeros_like(units[:1])).flatten()
    return (both(units).reshape(size, -1) - zero).T.reshape(weight.shape), zero


@pytest.mark.parametrize("eps", [1e-5, 0.3])
@pytest.mark.parametrize("shape", [(3, 4), (2, 5), (3, 2, 2, 3)])
def test_a_batch_norm_is_folded_into_the_layer(learner, draw, shape, eps):
    inputs = (draw.normal(*shape), draw.normal(shape[0]), *statistics(draw, shape[0]), eps)
    assert_matches(learner.fold_batchnorm(*inputs), folded(*inputs), BOTH, terms=10)


@pytest.mark.builds_on("test_a_batch_norm_is_folded_into_the_layer")
def test_folding_leaves_its_inputs_as_they_were(learner, draw):
    learner.fold_batchnorm(draw.normal(3, 4), draw.normal(3), *statistics(draw, 3), 1e-5)
    assert_inputs_unchanged(learner)


def right_rows(weight):
    scale = weight.abs().amax(1) / 127
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    return (weight / scale[:, None]).round().to(torch.int8), scale


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("shape", [(3, 5), (4, 20), (2, 1)])
def test_weights_in_eight_bits(learner, draw, shape, dtype):
    weight = draw.normal(*shape, dtype=dtype) * torch.linspace(0.1, 5, shape[0], dtype=dtype)[:, None]
    assert_matches(learner.quantise_rows(weight), right_rows(weight), ("q", "scale"))


@pytest.mark.builds_on("test_weights_in_eight_bits")
def test_a_row_of_zeros_has_scale_one(learner, draw):
    weight = draw.normal(3, 4)
    weight[1] = 0
    assert_matches(learner.quantise_rows(weight), right_rows(weight), ("q", "scale"))


def right_activations(x):
    low, high = min(x.min().item(), 0.0), max(x.max().item(), 0.0)
    scale = (high - low) / 255 if high > low else 1.0
    zero = round(-128 - low / scale)
    return ((x / scale).round() + zero).clamp(-128, 127).to(torch.int8), scale, zero


@pytest.mark.parametrize("shape", [(7,), (3, 8), (2, 3, 4)])
@pytest.mark.parametrize("kind", ["both signs", "positive", "negative"])
def test_activations_in_eight_bits(learner, draw, kind, shape):
    x = draw.normal(*shape) + 0.3
    x = x if kind == "both signs" else x.abs() + 0.5 if kind == "positive" else -x.abs() - 0.5
    assert_matches(learner.quantise(x), right_activations(x), ("q", "scale", "zero"))


@pytest.mark.builds_on("test_activations_in_eight_bits")
def test_zeros_alone_have_scale_one(learner, draw):
    assert_matches(learner.quantise(torch.zeros(3, 2)), right_activations(torch.zeros(3, 2)), ("q", "scale", "zero"))


@pytest.mark.builds_on("test_activations_in_eight_bits")
@pytest.mark.parametrize("low", [-101.5, -101.25, -101.75])
def test_the_zero_point_is_rounded_and_the_range_is_kept(learner, draw, low):
    inside = draw.uniform(5, low=-100.0, high=150.0)
    x = torch.cat([torch.tensor([low, low + 255], dtype=torch.float64), inside])  # a scale of 1
    assert_matches(learner.quantise(x), right_activations(x), ("q", "scale", "zero"))


def layer(draw, n, i, o):
    x, weight = draw.normal(n, i) + 0.7, draw.normal(o, i)
    return *right_activations(x), *right_rows(weight), draw.normal(o)


@pytest.mark.parametrize("sizes", [(2, 3, 4), (5, 40, 3), (1, 300, 2)])
def test_a_layer_of_whole_numbers(learner, draw, sizes):
    qx, x_scale, x_zero, qw, w_scale, bias = layer(draw, *sizes)
    expected = (x_scale * (qx.double() - x_zero)) @ (w_scale[:, None] * qw.double()).T + bias
    got = learner.int8_linear(qx, x_scale, x_zero, qw, w_scale, bias)
    assert_matches(got, expected, "the output", terms=sizes[1])


@pytest.mark.builds_on("test_a_layer_of_whole_numbers")
def test_sums_beyond_sixteen_bits_and_the_digits_of_float32(learner, draw):
    qx = draw.integers(100, 128, 3, 2000).to(torch.int8)
    qw = draw.integers(100, 128, 2, 2000).to(torch.int8)
    w_scale, bias = draw.uniform(2), draw.normal(2)
    expected = (0.01 * (qx.double() + 90)) @ (w_scale[:, None] * qw.double()).T + bias
    assert_matches(learner.int8_linear(qx, 0.01, -90, qw, w_scale, bias), expected, "the output", terms=2000)


def right_schedule(arrivals, most, patience, duration):
    """Moment by moment, over all at which anything could happen."""
    batches, waiting, coming, free = [], [], list(range(len(arrivals))), 0.0
    now = 0.0
    while waiting or coming:
        while coming and arrivals[coming[0]] <= now:
            waiting.append(coming.pop(0))
        if waiting and now >= free and (len(waiting) >= most or now >= arrivals[waiting[0]] + patience):
            batch, waiting = waiting[:most], waiting[most:]
            batches.append((now, batch))
            free = now + duration
        moments = [free, *(arrivals[k] for k in coming[:1]), *(arrivals[k] + patience for k in waiting[:1])]
        now = min(moment for moment in moments if moment > now) if any(m > now for m in moments) else now
    return batches


def times_of(draw, n, spread):
    """Ascending whole and half seconds, so that sums are exact; several requests may come at once."""
    return (draw.integers(0, 2 * spread, n).sort().values.double() / 2).tolist()


@pytest.mark.parametrize("most", [1, 3, 4])
@pytest.mark.parametrize(("patience", "duration"), [(2.0, 1.0), (1.0, 3.0), (0.0, 2.0), (5.0, 0.5)])
def test_a_schedule_of_batches(learner, draw, most, patience, duration):
    arrivals = times_of(draw, 20, 25)
    expected = right_schedule(arrivals, most, patience, duration)
    got = learner.schedule(arrivals, most, patience, duration)
    assert_matches(got, expected, "the schedule")


@pytest.mark.builds_on("test_a_schedule_of_batches")
def test_a_quiet_hour_and_a_rush(learner, draw):
    arrivals = [0.5, *times_of(draw, 12, 3), *[40.0 + t for t in times_of(draw, 3, 6)]]
    arrivals.sort()
    for patience in (0.5, 4.0):
        assert_matches(
            learner.schedule(arrivals, 5, patience, 2.5), right_schedule(arrivals, 5, patience, 2.5), "the schedule"
        )
