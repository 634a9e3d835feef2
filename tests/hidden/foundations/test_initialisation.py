"""Scales against torch.nn.init's own; the numbers are given as uniform or normal draws, so nothing is left to luck."""

import math

import pytest
import torch
from torch.nn import init

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

SHAPES = [(5, 3), (7, 7), (2, 9), (6, 4, 3), (8, 3, 5, 2), (4, 1, 3, 3)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_fans_of_a_weight(learner, shape):
    expected = init._calculate_fan_in_and_fan_out(torch.empty(shape))
    assert_matches(learner.fans(shape), tuple(expected), f"fan_in and fan_out of {shape}")


@pytest.mark.builds_on("test_the_fans_of_a_weight")
def test_a_vector_has_no_fans(learner):
    assert_raises(ValueError, learner.fans, (7,))
    assert_raises(ValueError, learner.fans, ())


GAINS = ["linear", "sigmoid", "tanh", "relu"]


@pytest.mark.parametrize("nonlinearity", GAINS)
def test_the_gain_of_an_activation(learner, nonlinearity):
    assert_matches(learner.gain(nonlinearity), float(init.calculate_gain(nonlinearity)), f"the gain of {nonlinearity}")


@pytest.mark.builds_on("test_the_gain_of_an_activation")
@pytest.mark.parametrize("slope", [0.01, 0.2, 1.0])
def test_the_gain_of_a_leaky_relu(learner, slope):
    expected = init.calculate_gain("leaky_relu", slope)
    assert_matches(learner.gain("leaky_relu", slope), expected, f"the gain of leaky_relu with slope {slope}")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("nonlinearity", ["linear", "tanh"])
def test_the_standard_deviation_of_xavier(learner, shape, nonlinearity):
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(torch.empty(shape))
    expected = init.calculate_gain(nonlinearity) * math.sqrt(2 / (fan_in + fan_out))
    assert_matches(learner.xavier_std(shape, nonlinearity), expected, "the standard deviation")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["fan_in", "fan_out"])
def test_the_standard_deviation_of_he(learner, shape, mode):
    fan = dict(zip(("fan_in", "fan_out"), init._calculate_fan_in_and_fan_out(torch.empty(shape)), strict=True))[mode]
    assert_matches(learner.he_std(shape, mode=mode), math.sqrt(2 / fan), "the standard deviation")


@pytest.mark.builds_on("test_the_standard_deviation_of_he")
def test_he_for_a_leaky_relu_and_its_defaults(learner):
    fan_in, _ = init._calculate_fan_in_and_fan_out(torch.empty(6, 4, 3))
    assert_matches(learner.he_std((6, 4, 3)), math.sqrt(2 / fan_in), "the standard deviation")
    expected = init.calculate_gain("leaky_relu", 0.5) / math.sqrt(fan_in)
    assert_matches(learner.he_std((6, 4, 3), negative_slope=0.5), expected, "the standard deviation")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_standard_deviation_of_lecun(learner, shape):
    fan_in, _ = init._calculate_fan_in_and_fan_out(torch.empty(shape))
    assert_matches(learner.lecun_std(shape), 1 / math.sqrt(fan_in), "the standard deviation")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_weights_from_normal_and_from_uniform_numbers(learner, draw, dtype):
    std = draw.uniform(1, low=0.1, high=2).item()
    normal, uniform = draw.normal(4, 5, dtype=dtype), draw.uniform(4, 5, dtype=dtype)
    assert_matches(learner.scale_normal(strided(normal), std), normal * std, "the weights")
    assert_inputs_unchanged(learner)
    expected = (2 * uniform.double() - 1).mul(math.sqrt(3) * std).to(dtype)
    assert_matches(learner.scale_uniform(strided(uniform), std), expected, "the weights")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_weights_from_normal_and_from_uniform_numbers", "test_the_standard_deviation_of_xavier")
@pytest.mark.parametrize("shape", SHAPES[:4])
def test_uniform_weights_stay_within_the_bound_of_the_paper(learner, shape):
    """At the ends of [0, 1) they are ± √(6 / (fan_in + fan_out)), for Xavier's standard deviation."""
    ends = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    both = sum(init._calculate_fan_in_and_fan_out(torch.empty(shape)))
    expected = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64) * math.sqrt(6 / both)
    assert_matches(learner.scale_uniform(ends, math.sqrt(2 / both)), expected, "the weights")


def rms(network, x):
    """The root mean square of the signal after each layer."""
    sizes = []
    for weight in network:
        x = torch.relu(x @ weight.T)
        sizes.append(x.pow(2).mean().sqrt().item())
    return sizes


@pytest.mark.parametrize("depth", [3, 8])
def test_what_becomes_of_a_signal_through_depth(learner, draw, depth):
    x, weights = draw.normal(16, 20), [draw.normal(20, 20, std=0.3) for _ in range(depth)]
    assert_matches(learner.signal_sizes(weights, x), rms(weights, x), "the sizes", terms=50)
