"""Counts are asked over many random networks; torch's modules are counted for comparison."""

import math
from itertools import pairwise

import pytest
import torch
from torch import nn

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

COUNTS = ("parameters", "multiplications")


def parameters_of(*modules):
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def mlp(sizes, bias=True):
    return [nn.Linear(n, m, bias=bias, device="meta") for n, m in pairwise(sizes)]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 3, 5])
def test_the_parameters_of_a_multilayer_perceptron(learner, draw, layers, bias):
    for _ in range(4):
        sizes = draw.integers(1, 90, layers + 1).tolist()
        expected = parameters_of(*mlp(sizes, bias))
        actual = learner.parameters_of_mlp(sizes) if bias else learner.parameters_of_mlp(sizes, bias=False)
        assert_matches(actual, expected, f"The number of parameters for sizes {sizes}, bias={bias},")


def widest(inputs, outputs, hidden_layers, budget):
    width = 0
    while parameters_of(*mlp([inputs, *[width + 1] * hidden_layers, outputs])) <= budget:
        width += 1
    return width


@pytest.mark.parametrize("hidden_layers", [1, 2, 4])
def test_the_widest_network_within_a_budget(learner, draw, hidden_layers):
    for _ in range(4):
        inputs, outputs, width = draw.integer(2, 30), draw.integer(2, 12), draw.integer(1, 25)
        exactly = parameters_of(*mlp([inputs, *[width] * hidden_layers, outputs]))
        for budget in (exactly, exactly - 1, exactly + draw.integer(1, 40)):
            expected = widest(inputs, outputs, hidden_layers, budget)
            actual = learner.widest(inputs, outputs, hidden_layers, budget)
            told = f"{inputs} inputs, {hidden_layers} hidden layers, {outputs} outputs and {budget} parameters at most"
            assert_matches(actual, expected, f"The width for {told}")


def dense(draw):
    inputs, outputs = draw.integer(2, 60), draw.integer(2, 60)
    layer = nn.Linear(inputs, outputs, device="meta")
    return {"kind": "dense", "inputs": inputs, "outputs": outputs}, parameters_of(layer), inputs * outputs


def conv(draw):
    height, width, kernel = draw.integer(8, 20), draw.integer(21, 30), draw.integer(1, 6)
    c_in, c_out = draw.integer(1, 7), draw.integer(8, 15)
    layer = nn.Conv2d(c_in, c_out, kernel, device="meta")
    outputs = layer(torch.empty(1, c_in, height, width, device="meta")).numel()
    sizes = {"height": height, "width": width, "channels_in": c_in, "channels_out": c_out, "kernel": kernel}
    return {"kind": "conv", **sizes}, parameters_of(layer), outputs * c_in * kernel**2


def recurrent(draw):
    steps, inputs, hidden = draw.integer(2, 30), draw.integer(2, 40), draw.integer(2, 40)
    weights = parameters_of(nn.RNN(inputs, hidden, bias=False, device="meta"))
    return {"kind": "recurrent", "steps": steps, "inputs": inputs, "hidden": hidden}, weights + hidden, steps * weights


@pytest.mark.builds_on("test_the_widest_network_within_a_budget")
def test_where_not_even_a_width_of_one_fits(learner, draw):
    inputs, outputs = draw.integer(2, 30), draw.integer(2, 12)
    for budget in (parameters_of(*mlp([inputs, 1, 1, outputs])) - 1, 0):
        assert_matches(learner.widest(inputs, outputs, 2, budget), 0, f"The width for {budget} parameters")


@pytest.mark.parametrize("make", [dense, conv, recurrent])
def test_what_a_layer_costs(learner, draw, make):
    for _ in range(6):
        layer, *expected = make(draw)
        assert_matches(learner.cost_of_layer(layer), tuple(expected), [f"{count} of {layer}" for count in COUNTS])


def test_an_unknown_layer_is_refused(learner, draw):
    assert_raises(ValueError, learner.cost_of_layer, {"kind": "spiking", "inputs": 3, "outputs": 4})


@pytest.mark.parametrize("n, m", [(5, 3), (2, 6), (1, 4)])
def test_a_bias_is_the_weight_of_an_input_that_is_always_one(learner, draw, n, m):
    weight, bias = draw.normal(m, n), draw.normal(m)
    expected = torch.cat([weight, bias[:, None]], dim=1)
    assert_matches(learner.fold_bias(weight, bias), expected, "the matrix")
    x = draw.normal(7, n)
    folded = learner.fold_bias(strided(weight), bias)
    assert_inputs_unchanged(learner)
    again = torch.cat([x, torch.ones(7, 1, dtype=x.dtype)], dim=1) @ folded.T
    assert_matches(again, nn.functional.linear(x, weight, bias), "(x, 1) times the matrix, transposed", terms=n + 1)


def by_projection(w, b):
    """The point of w · x + b = 0 that is nearest to 0, along w/‖w‖."""
    w = torch.tensor(w, dtype=torch.float64)
    unit = w / w.norm()
    return (unit @ (-b / (w @ w) * w)).item()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_where_the_boundary_of_a_neuron_lies(learner, draw, n):
    for scale in (1.0, 7.0):
        w, b = (scale * draw.normal(n)).tolist(), float(draw.normal(std=2)) * scale
        assert_matches(learner.boundary_distance(w, b), by_projection(w, b), "the distance", terms=n)
    assert_matches(learner.boundary_distance(w, 0.0), 0.0, "the distance without a bias")


def simulate(current, tau=20.0, threshold=1.0, dt=1.0):
    """The voltages, the spikes, and how close a voltage came to the threshold, where rounding might decide."""
    v, voltages, spikes, nearest = 0.0, [], [], 1.0
    for number in current.tolist():
        v += dt / tau * (number - v)
        nearest = min(nearest, abs(v - threshold))
        spikes.append(int(v >= threshold))
        v = 0.0 if spikes[-1] else v
        voltages.append(v)
    return torch.tensor(voltages, dtype=current.dtype), torch.tensor(spikes), nearest


def a_run(draw, steps, **parameters):
    while True:
        current = draw.uniform(steps, low=-0.5, high=4.0)
        voltages, spikes, nearest = simulate(current, **parameters)
        if nearest > 1e-9 and 2 <= spikes.sum() < steps / 2:
            return current, (voltages, spikes)


@pytest.mark.parametrize(
    "parameters", [{}, {"tau": 8.0}, {"threshold": 0.6}, {"dt": 0.5, "tau": 5.0, "threshold": 0.8}]
)
def test_a_neuron_that_integrates_leaks_and_fires(learner, draw, parameters):
    current, expected = a_run(draw, 150, **parameters)
    actual = learner.integrate_and_fire(current, **parameters)
    assert_matches(actual, expected, ("voltages", "spikes"), terms=150)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_neuron_that_integrates_leaks_and_fires")
def test_a_current_below_the_threshold_never_makes_it_fire(learner, draw):
    current = torch.full((400,), float(draw.uniform(low=0.5, high=0.97)), dtype=torch.float64)
    voltages, spikes, _ = simulate(current)
    assert_matches(learner.integrate_and_fire(current), (voltages, spikes), ("voltages", "spikes"), terms=400)


def rate(current, tau, threshold):
    return 0.0 if current <= threshold else -1 / (tau * math.log1p(-threshold / current))


def test_the_rate_at_a_constant_current(learner, draw):
    for _ in range(8):
        tau, threshold = float(draw.uniform(low=2, high=40)), float(draw.uniform(low=0.3, high=3))
        current = threshold * float(draw.uniform(low=1.05, high=6))
        expected = rate(current, tau, threshold) * 1000
        actual = learner.firing_rate(current, tau=tau, threshold=threshold)
        assert_matches(actual * 1000 if isinstance(actual, float) else actual, expected, "1000 · the rate", rtol=1e-9)
    assert_matches(learner.firing_rate(1.7), rate(1.7, 20.0, 1.0), "the rate", rtol=1e-9)


@pytest.mark.builds_on("test_the_rate_at_a_constant_current")
@pytest.mark.parametrize("current", [0.9999, 1.0, 0.0, -3.0])
def test_the_rate_is_zero_up_to_the_threshold(learner, current):
    assert_matches(learner.firing_rate(current), 0.0, f"the rate at a current of {current}, threshold 1,")


@pytest.mark.builds_on("test_a_neuron_that_integrates_leaks_and_fires", "test_the_rate_at_a_constant_current")
def test_firing_rates_look_like_a_relu(learner, draw, album):
    currents = [0.05 * number for number in range(81)]
    counted = []
    for current in currents[::8]:
        inflow = torch.full((4000,), current, dtype=torch.float64)
        actual = learner.integrate_and_fire(inflow, dt=0.1)
        assert_matches(actual, simulate(inflow, dt=0.1)[:2], ("voltages", "spikes"), terms=4000)
        counted.append(float(actual[1].sum()) / 400)
    told = [learner.firing_rate(current) for current in currents]
    for current, count, theory in zip(currents[::8], counted, told[::8], strict=True):
        assert_matches(theory, rate(current, 20.0, 1.0), f"the rate at a current of {current:g}", rtol=1e-9)
        assert abs(count - theory) < 0.005, (
            f"At {current:.2f}: {count} spikes per ms counted, {theory} from the formula."
        )
    with album.figure("neuron_and_layers", "How often a neuron fires", 6.0, 4.0) as axes:
        axes.plot(currents, told, label="leaky integrate-and-fire, formula")
        axes.plot(currents[::8], counted, "o", label="counted")
        axes.plot(currents, [max(0.0, current - 0.5) / 20 for current in currents], "--", label="relu(current − ½) / τ")
        axes.set_xlabel("current")
        axes.set_ylabel("spikes per ms")
        axes.legend()


@pytest.mark.parametrize("k, size", [(3, 7), (2, 5), (4, 4), (1, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_convolution_as_a_dense_layer(learner, draw, k, size, dtype):
    kernel = draw.normal(k, dtype=dtype)
    units = torch.eye(size, dtype=dtype).unsqueeze(1)
    expected = nn.functional.conv1d(units, kernel.reshape(1, 1, k)).squeeze(1).T.contiguous()
    assert_matches(learner.conv_as_dense(strided(kernel), size), expected, "the weights")
    assert_inputs_unchanged(learner)


def check_choices(learner, draw, expected, **fixed):
    """Twelve tasks, of which `fixed` says what they have in common: functions that draw."""
    for _ in range(12):
        task = {"make": False, "order": True, "length": draw.integer(20, 90), "reach": draw.integer(2, 9)}
        task |= {name: choose() for name, choose in fixed.items()}
        assert_matches(learner.choose_network(task), expected, f"choose_network({task})")


def test_a_network_that_makes_samples_is_generative(learner, draw):
    either = {"order": lambda: draw.choice([True, False]), "length": lambda: draw.choice([None, 30])}
    check_choices(learner, draw, "generative", make=lambda: True, **either)


def test_where_order_does_not_matter_a_network_is_dense(learner, draw):
    check_choices(learner, draw, "dense", order=lambda: False, reach=lambda: draw.choice([None, 3, 60]))


def test_what_lies_within_a_short_reach_is_for_a_convolution(learner, draw):
    check_choices(learner, draw, "convolutional")


def test_samples_of_any_length_with_a_short_reach_are_for_a_convolution_too(learner, draw):
    check_choices(learner, draw, "convolutional", length=lambda: None)


def test_samples_of_any_length_without_a_known_reach_are_for_a_recurrent_network(learner, draw):
    check_choices(learner, draw, "recurrent", length=lambda: None, reach=lambda: None)


def test_a_known_length_without_a_known_reach_is_for_a_dense_network(learner, draw):
    check_choices(learner, draw, "dense", reach=lambda: None)


def test_a_reach_of_the_whole_length_is_for_a_dense_network(learner, draw):
    check_choices(learner, draw, "dense", length=lambda: 25, reach=lambda: draw.choice([25, 26, 40]))
