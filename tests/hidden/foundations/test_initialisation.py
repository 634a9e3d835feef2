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


@pytest.mark.parametrize("shape", [(7, 4), (3, 8), (5, 2, 3), (9, 2, 2, 2), (4, 4)])
def test_orthogonal_weights(learner, draw, shape):
    seed, scale = draw.integer(0, 10**6), draw.uniform(low=1.2, high=3).item()
    normal = torch.empty(shape[0], math.prod(shape[1:]), dtype=torch.float64)
    normal.normal_(generator=torch.Generator().manual_seed(seed))
    same = torch.Generator().manual_seed(seed)
    expected = init.orthogonal_(torch.empty(shape, dtype=torch.float64), scale, generator=same)
    assert_matches(learner.orthogonal(strided(normal.reshape(shape)), scale), expected, "the weights", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_orthogonal_weights")
def test_orthogonal_weights_in_float32_with_a_scale_of_one(learner, draw):
    normal = torch.eye(9, 4) * 3 + draw.uniform(9, 4, low=-0.5, high=0.5, dtype=torch.float32)
    q, r = torch.linalg.qr(normal.double())
    assert_matches(learner.orthogonal(normal), (q * r.diagonal().sign()).float(), "the weights", terms=36)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_first_biases_before_a_softmax(learner, draw, dtype):
    counts = draw.integers(1, 9, 4)
    targets = torch.eye(4, dtype=dtype).repeat_interleave(counts, dim=0)
    targets = targets[draw.permutation(len(targets))]
    expected = (counts.double() / counts.sum()).log().to(dtype)
    assert_matches(learner.output_bias(targets, "softmax"), expected, "the biases")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_first_biases_before_a_sigmoid(learner, draw, dtype):
    ones = [draw.choice([1, 2, 3, 6, 7, 8]) for _ in range(5)]
    columns = [(draw.permutation(9) < count).to(dtype) for count in ones]
    expected = torch.tensor([math.log(count / (9 - count)) for count in ones], dtype=dtype)
    assert_matches(learner.output_bias(strided(torch.stack(columns, dim=1)), "sigmoid"), expected, "the biases")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_first_biases_of_a_regression(learner, draw, dtype):
    targets = draw.normal(7, 3, dtype=dtype) + 4
    assert_matches(learner.output_bias(targets, "regression"), targets.mean(dim=0), "the biases", terms=7)


@pytest.mark.parametrize("kind", ["zeros", "relu", "lstm"])
def test_the_first_biases_of_a_hidden_layer(learner, draw, kind):
    for size in (1, draw.integer(3, 9)):
        parts = {"zeros": [0.0], "relu": [0.01], "lstm": [0.0, 1.0, 0.0, 0.0]}[kind]
        expected = torch.tensor(parts).repeat_interleave(size)
        assert_matches(learner.hidden_bias(size, kind), expected, f"hidden_bias({size}, {kind!r})")


def test_biases_of_an_unknown_kind_raise_value_error(learner, draw):
    learner.hidden_bias(3, "zeros")
    assert_raises(ValueError, learner.hidden_bias, 3, "gru")
    assert_raises(ValueError, learner.output_bias, torch.eye(3), "tanh")


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
