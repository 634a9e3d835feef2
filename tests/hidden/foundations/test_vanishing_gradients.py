"""Gradients against autograd, each norm by its relative error, since they span many orders of magnitude; expectations
against a fine quadrature."""

import math
from itertools import pairwise

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided, tolerance

FUNCTIONS = {"linear": lambda z: z, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
ALL = list(FUNCTIONS)
EXACT = tolerance(torch.float64, 5000)


def torch_forward(x, weights, activation, skip=False):
    states = [x]
    for weight in weights:
        out = FUNCTIONS[activation](states[-1] @ weight.T)
        states.append(states[-1] + out if skip else out)
    return states


def torch_norms(grad_output, x, weights, activation, skip=False):
    states = torch_forward(x.clone().requires_grad_(), weights, activation, skip)
    grads = torch.autograd.grad((states[-1] * grad_output).sum(), states, retain_graph=True)
    return torch.stack([grad.square().sum().sqrt() for grad in grads])


def stack(draw, sizes, n=4, dtype=torch.float64):
    """x, weights and an upstream gradient."""
    weights = [draw.normal(o, i, std=1.3 / i**0.5, dtype=dtype) for i, o in pairwise(sizes)]
    return draw.normal(n, sizes[0], dtype=dtype), weights, draw.normal(n, sizes[-1], dtype=dtype)


@pytest.mark.parametrize("activation", ALL)
def test_forward_matches_torch(learner, draw, activation):
    x, weights, _ = stack(draw, [5, 7, 3, 6])
    assert_matches(learner.forward(x, weights, activation), torch_forward(x, weights, activation), "the layers")


@pytest.mark.builds_on("test_forward_matches_torch")
@pytest.mark.parametrize("activation", ALL)
def test_forward_with_skip_connections(learner, draw, activation):
    x, weights, _ = stack(draw, [6, 6, 6, 6])
    expected = torch_forward(x, weights, activation, skip=True)
    assert_matches(learner.forward(x, weights, activation, skip=True), expected, "the layers")


@pytest.mark.parametrize("activation", ALL)
@pytest.mark.parametrize("sizes", [[5, 7, 3, 6], [4, 9]])
def test_gradient_norms_match_autograd(learner, draw, activation, sizes):
    x, weights, grad_output = stack(draw, sizes)
    expected = torch_norms(grad_output, x, weights, activation)
    actual = learner.gradient_norms(grad_output, x, weights, activation)
    assert_matches(actual, expected, "the tensor of norms", relative=True, rtol=EXACT)


@pytest.mark.parametrize("activation", ALL)
def test_gradient_norms_with_skip_connections(learner, draw, activation):
    x, weights, grad_output = stack(draw, [6, 6, 6, 6])
    expected = torch_norms(grad_output, x, weights, activation, skip=True)
    actual = learner.gradient_norms(grad_output, x, weights, activation, skip=True)
    assert_matches(actual, expected, "the tensor of norms", relative=True, rtol=EXACT)


@pytest.mark.builds_on("test_gradient_norms_match_autograd", "test_gradient_norms_with_skip_connections")
@pytest.mark.parametrize("skip", [False, True])
def test_through_forty_layers(learner, draw, skip):
    x, weights, grad_output = stack(draw, [9] * 41)
    expected = torch_norms(grad_output, x, weights, "sigmoid", skip)
    actual = learner.gradient_norms(grad_output, x, weights, "sigmoid", skip=skip)
    assert_matches(actual, expected, "the tensor of norms", relative=True, rtol=EXACT)


@pytest.mark.builds_on("test_gradient_norms_match_autograd")
def test_where_every_relu_is_off_the_gradient_is_zero(learner, draw):
    x, grad_output = draw.uniform(3, 4, low=0.5, high=1.5), draw.normal(3, 6)
    weights = [-draw.uniform(5, 4, low=0.1, high=1.0), draw.normal(6, 5)]
    expected = torch_norms(grad_output, x, weights, "relu")
    assert_matches(learner.gradient_norms(grad_output, x, weights, "relu"), expected, "the tensor of norms")


@pytest.mark.builds_on("test_forward_matches_torch", "test_gradient_norms_match_autograd")
@pytest.mark.parametrize("skip", [False, True])
def test_float32_in_any_layout_and_inputs_as_they_were(learner, draw, skip):
    x, weights, grad_output = stack(draw, [6, 6, 6], dtype=torch.float32)
    expected = torch_forward(x, weights, "tanh", skip)
    x, weights, grad_output = strided(x), [strided(weight) for weight in weights], strided(grad_output)
    assert_matches(learner.forward(x, weights, "tanh", skip=skip), expected, "the layers", terms=12)
    assert_inputs_unchanged(learner)
    norms = torch_norms(grad_output, x, weights, "tanh", skip)
    assert_matches(
        learner.gradient_norms(grad_output, x, weights, "tanh", skip=skip), norms, "the tensor of norms", terms=50
    )
    assert_inputs_unchanged(learner)


# --- theory -------------------------------------------------------------------------------------------------------


def squared_slope(activation, variance):
    """By a trapezoidal rule, which for smooth functions that end at zero is exact to the last digits."""
    if activation in ("linear", "relu"):
        return 1.0 if activation == "linear" else 0.5
    z = torch.linspace(-14, 14, 28_001, dtype=torch.float64)
    out = FUNCTIONS[activation](variance**0.5 * z)
    slope = out * (1 - out) if activation == "sigmoid" else 1 - out**2
    return (torch.exp(-(z**2) / 2) * slope**2).sum().item() * 1e-3 / math.sqrt(2 * math.pi)


def a_variance(draw):
    return math.exp(float(draw.uniform(low=math.log(0.3), high=math.log(8))))


@pytest.mark.parametrize("activation", ALL)
def test_the_mean_squared_slope(learner, draw, activation):
    for variance in (a_variance(draw), 0.02, 9.0):
        actual = learner.mean_squared_slope(activation, variance)
        assert_matches(actual, squared_slope(activation, variance), "E[f′²]", relative=True, rtol=1e-6)


def layer(draw):
    return draw.integer(20, 500), float(draw.uniform(low=0.02, high=0.3)), a_variance(draw)


@pytest.mark.parametrize("activation", ALL)
def test_the_rate_per_layer(learner, draw, activation):
    width, std, variance = layer(draw)
    expected = math.sqrt(width * std**2 * squared_slope(activation, variance))
    actual = learner.rate_per_layer(width, std, activation, variance)
    assert_matches(actual, expected, "the rate", relative=True, rtol=2e-6)


@pytest.mark.parametrize("activation", ALL)
def test_the_rate_per_layer_with_skip_connections(learner, draw, activation):
    width, std, variance = layer(draw)
    expected = math.sqrt(1 + width * std**2 * squared_slope(activation, variance))
    actual = learner.rate_per_layer(width, std, activation, variance, skip=True)
    assert_matches(actual, expected, "the rate", relative=True, rtol=2e-6)


@pytest.mark.parametrize("activation", ALL)
def test_the_critical_standard_deviation(learner, draw, activation):
    width, _, variance = layer(draw)
    expected = 1 / math.sqrt(width * squared_slope(activation, variance))
    actual = learner.critical_std(width, activation, variance)
    assert_matches(actual, expected, "the standard deviation", relative=True, rtol=2e-6)


@pytest.mark.parametrize(
    "word, low, high", [("vanishing", 0.2, 0.89), ("healthy", 0.91, 1.09), ("exploding", 1.11, 4.0)]
)
@pytest.mark.parametrize("layers", [1, 3, 24])
def test_the_verdict(learner, draw, word, low, high, layers):
    rate, last = float(draw.uniform(low=low, high=high)), draw.uniform(low=0.2, high=30.0)
    norms = torch.cat([torch.stack([last * rate**layers]), draw.uniform(layers - 1, high=40), torch.stack([last])])
    assert_matches(learner.verdict(norms), (word, rate), ("the word", "the rate"), rtol=1e-9)


@pytest.mark.builds_on("test_the_verdict")
@pytest.mark.parametrize("first, word, rate", [(0.0, "vanishing", 0.0), (math.inf, "exploding", math.inf)])
def test_the_verdict_on_norms_that_are_zero_or_infinite(learner, draw, first, word, rate):
    norms = torch.cat([torch.tensor([first], dtype=torch.float64), draw.uniform(4, low=0.5, high=2.0)])
    assert_matches(learner.verdict(norms), (word, rate), ("the word", "the rate"))


@pytest.mark.builds_on("test_the_verdict")
def test_the_verdict_on_norms_that_are_not_numbers(learner, draw):
    norms = draw.uniform(5, low=0.5, high=2.0)
    norms[2] = math.nan
    assert_matches(learner.verdict(norms), ("exploding", math.inf), ("the word", "the rate"))


STACKS = [
    ("sigmoid", 0.1, False),
    ("tanh", 0.1, False),
    ("relu", 0.1, False),
    ("relu", 0.1414, False),
    ("relu", 0.05, True),
]


@pytest.mark.builds_on("test_gradient_norms_match_autograd", "test_gradient_norms_with_skip_connections")
def test_five_stacks_of_thirty_layers_drawn(learner, draw, album):
    """He's 0.1414 = √(2/100) keeps the gradient of ReLU, Xavier's 0.1 = √(1/100) does not."""
    curves = []
    x, grad_output = draw.normal(3, 100), draw.normal(3, 100)
    for activation, std, skip in STACKS:
        weights = [draw.normal(100, 100, std=std) for _ in range(30)]
        expected = torch_norms(grad_output, x, weights, activation, skip)
        actual = learner.gradient_norms(grad_output, x, weights, activation, skip=skip)
        assert_matches(actual, expected, "the tensor of norms", relative=True, rtol=1e-8)
        curves.append(actual / actual[-1])
    with album.figure("vanishing_gradients", "The gradient on its way back through 30 layers", 6.5, 4.5) as axes:
        for (activation, std, skip), norms in zip(STACKS, curves, strict=True):
            axes.plot(norms.tolist(), label=f"{activation}, std {std:g}{', skip' if skip else ''}")
        axes.set_yscale("log")
        axes.set_xlabel("layer")
        axes.set_ylabel("norm of the gradient, relative to the output's")
        axes.legend()
