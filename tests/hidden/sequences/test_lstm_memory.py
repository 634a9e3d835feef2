"""Against autograd through torch's LSTM cell in float64; weights set by hand are run on random sequences."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

SIZES = [(5, 2, 3), (7, 3, 4), (4, 5, 2)]  # T, D, H
STEPS = 200


@pytest.mark.parametrize(("t", "h"), [(2, 3), (6, 4), (9, 2)])
def test_the_gradient_along_the_cell(learner, draw, t, h):
    gates, added = draw.uniform(t, h, low=0.2), draw.normal(t, h)
    cells = [draw.normal(h).requires_grad_()]
    for step in range(1, t):
        cells.append(gates[step] * cells[-1] + added[step])
    expected = torch.stack(torch.autograd.grad(cells[-1].sum(), cells))
    assert_matches(learner.cell_gradient(gates), expected, "the gradient", relative=True)


@pytest.mark.builds_on("test_the_gradient_along_the_cell")
def test_a_gate_that_is_shut_lets_nothing_through(learner, draw):
    gates = draw.uniform(8, 3, low=0.3)
    gates[4, 0] = gates[6, 1] = gates[2, 1] = 0.0
    expected = torch.stack([gates[t + 1 :].prod(0) for t in range(8)])
    assert_matches(learner.cell_gradient(gates), expected, "the gradient", relative=True)


@pytest.mark.builds_on("test_the_gradient_along_the_cell")
def test_a_single_step(learner, draw):
    gates = draw.uniform(1, 4)
    assert_matches(learner.cell_gradient(gates), torch.ones_like(gates), "the gradient")


def weights(draw, d, h, std=1.5):
    wide = std * (d + h) ** -0.5
    return draw.normal(d, 4 * h, std=wide), draw.normal(h, 4 * h, std=wide), draw.normal(4 * h, std=0.5)


def norms(x, weight_x, weight_h, bias, grad_h):
    h = c = torch.zeros(1, len(weight_h), dtype=x.dtype)
    hs, cs = [], []
    for row in x:
        h, c = torch.lstm_cell(row[None], (h, c), weight_x.T, weight_h.T, bias, torch.zeros_like(bias))
        if not hs:  # the first states are made from constants, and need gradients of their own
            c = c.detach().requires_grad_()
            a_o = (row @ weight_x + bias).chunk(4)[3]
            h = torch.sigmoid(a_o)[None] * torch.tanh(c)
        hs.append(h)
        cs.append(c)
    found = torch.autograd.grad((hs[-1][0] * grad_h).sum(), hs + cs)
    return torch.stack([gradient.norm() for gradient in found]).reshape(2, len(x)).T


@pytest.mark.parametrize("sizes", SIZES)
def test_the_norms_match_autograd(learner, draw, sizes):
    t, d, h = sizes
    inputs = draw.normal(t, d), *weights(draw, d, h), draw.normal(h)
    names = "the norms of the gradients of h and c"
    assert_matches(learner.gradient_norms(*inputs), norms(*inputs), names, terms=40)


@pytest.mark.builds_on("test_the_norms_match_autograd")
def test_the_norms_of_single_precision_and_any_stride(learner, draw):
    inputs = draw.normal(5, 3), *weights(draw, 3, 4), draw.normal(4)
    short = [strided(tensor.float()) for tensor in inputs]
    expected = norms(*inputs).float()
    assert_matches(learner.gradient_norms(*short), expected, "the norms of the gradients of h and c", terms=400)
    assert_inputs_unchanged(learner)


def plain_network(x, weight_x, weight_h, grad):
    states = [torch.zeros(len(weight_h), dtype=x.dtype)]
    for row in x:
        states.append(torch.tanh(row @ weight_x + states[-1] @ weight_h).requires_grad_())
    found = torch.autograd.grad((states[-1] * grad).sum(), states[1:])
    return torch.stack([gradient.norm() for gradient in found])


@pytest.mark.builds_on("test_the_norms_match_autograd")
def test_a_high_forget_bias_carries_the_gradient_far(learner, draw, album):
    t, d, h = 120, 3, 6
    x, grad = draw.normal(t, d), draw.normal(h)
    weight_x, weight_h, _ = weights(draw, d, h, std=0.6)
    curves = {}
    for half_life in (1.0, 10.0, 100.0):
        bias = torch.zeros(4 * h, dtype=torch.float64)
        bias[h : 2 * h] = -math.log(2 ** (1 / half_life) - 1)
        curves[half_life] = learner.gradient_norms(x, weight_x, weight_h, bias, grad)
        assert_matches(curves[half_life], norms(x, weight_x, weight_h, bias, grad), "the norms", terms=1000)
    plain = plain_network(x, weight_x[:, :h], weight_h[:, :h], grad)
    with album.figure("reach", "How far back the gradient reaches") as axes:
        for half_life, curve in curves.items():
            axes.semilogy(curve[:, 1].clamp(min=1e-12), label=f"LSTM's cell, half-life {half_life:g}")
        axes.semilogy(plain.clamp(min=1e-12), "k--", label="plain network of this size")
        axes.set_xlabel("step")
        axes.set_ylabel("norm of the gradient of a loss at the last step")
        axes.legend()


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.9), (1.5, 9.0), (10.0, 300.0)])
def test_half_is_left_after_the_half_life(learner, draw, low, high):
    half_life = float(draw.uniform(low=low, high=high))
    bias = learner.forget_bias(half_life)
    assert_matches(bias, -math.log(2 ** (1 / half_life) - 1), f"the bias for a half-life of {half_life:.6g}", terms=100)


@pytest.mark.builds_on("test_half_is_left_after_the_half_life")
@pytest.mark.parametrize("power", [9, 12])
def test_very_long_half_lives(learner, draw, power):
    half_life = float(draw.uniform(low=0.2, high=0.9)) * 10.0**power
    series = math.log(half_life / math.log(2)) - math.log(2) / (2 * half_life)  # what follows is below 1e-19
    assert_matches(learner.forget_bias(half_life), series, f"the bias for a half-life of {half_life:.3g}")


@pytest.mark.builds_on("test_half_is_left_after_the_half_life")
def test_very_short_half_lives(learner, draw):
    half_life = float(draw.uniform(low=0.01, high=0.02))
    expected = -math.log(2) / half_life  # f itself, for 1 - f is 1
    assert_matches(learner.forget_bias(half_life), expected, f"the bias for a half-life of {half_life:.3g}")


def shapes_of(solution, name):
    return [tuple(tensor.shape) for tensor in getattr(solution, name)()]


@pytest.mark.parametrize(("name", "inputs"), [("latch", 3), ("counter", 2)])
def test_the_shapes_of_the_weights(learner, name, inputs):
    got = learner.run(shapes_of, name)
    assert_matches(got, [(inputs, 4), (1, 4), (4,)], f"the shapes of the weights of {name}()")


def driven(solution, name, inputs):
    """The cell and h after each step, of an LSTM with the weights that solution.name() returns; two decimals."""
    weight_x, weight_h, bias = getattr(solution, name)()
    h = c = inputs.new_zeros(1)
    cells, shown = [], []
    for row in inputs:
        i, f, g, o = row @ weight_x + h @ weight_h + bias
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        cells.append(c.reshape(1))
        shown.append(h.reshape(1))
    return torch.cat(cells).round(decimals=2), torch.cat(shown).round(decimals=2)


def bits(draw, share):
    return (draw.uniform(STEPS) < share).double()


@pytest.mark.builds_on("test_the_shapes_of_the_weights[latch-3]")
@pytest.mark.parametrize("share", [0.03, 0.3])
def test_the_latch_keeps_what_was_written_and_shows_it_when_asked(learner, draw, share):
    values = draw.uniform(STEPS, low=0.2) * (1 - 2 * (draw.uniform(STEPS) < 0.5).double())
    write, read = bits(draw, share), bits(draw, 0.4)
    write[3], write[170:] = 1.0, 0.0  # nothing at first, and a long wait at the end
    write[:3], read[180] = 0.0, 1.0
    kept, cells = 0.0, []
    for value, flag in zip(values.tolist(), write.tolist(), strict=True):
        kept = value if flag else kept
        cells.append(math.tanh(kept))
    cells = torch.tensor(cells, dtype=torch.float64)
    expected = cells.round(decimals=2), (read * torch.tanh(cells)).round(decimals=2)
    names = ("the cell after each step", "h after each step")
    got = learner.run(driven, "latch", torch.stack([values, write, read], dim=1))
    assert_matches(got, expected, names, rtol=0.03)


@pytest.mark.builds_on("test_the_shapes_of_the_weights[counter-2]")
@pytest.mark.parametrize("often", [0.2, 0.8])
def test_the_counter_counts_from_the_latest_reset(learner, draw, often):
    one, reset = bits(draw, often), bits(draw, 0.02)
    reset[20], reset[60], one[20], one[60] = 1.0, 1.0, 1.0, 0.0
    count, counts = 0, []
    for more, empty in zip(one.tolist(), reset.tolist(), strict=True):
        count = 0 if empty else count + int(more)
        counts.append(float(count))
    cells, _ = learner.run(driven, "counter", torch.stack([one, reset], dim=1))
    assert_matches(cells, torch.tensor(counts, dtype=torch.float64), "the cell after each step", rtol=0.011)


def held(x, weight_x, weight_h, bias, gate, value):
    h = c = x.new_zeros(len(weight_h))
    hs, cs = [], []
    for row in x:
        i, f, g, o = (row @ weight_x + h @ weight_h + bias).chunk(4)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        i, f, o = (0 * s + value if n == gate else s for n, s in (("input", i), ("forget", f), ("output", o)))
        c = f * c + i * g
        h = o * c.tanh()
        hs.append(h)
        cs.append(c)
    return torch.stack(hs), torch.stack(cs)


@pytest.mark.parametrize("gate", ["input", "forget", "output"])
@pytest.mark.parametrize("sizes", SIZES)
def test_a_gate_is_held(learner, draw, sizes, gate):
    t, d, h = sizes
    inputs = draw.normal(t, d), *weights(draw, d, h)
    value = float(draw.uniform(low=0.1, high=0.9))
    got = learner.states_with(*inputs, gate, value)
    assert_matches(got, held(*inputs, gate, value), ("h", "c"), terms=60)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_gate_is_held")
@pytest.mark.parametrize(("gate", "value"), [("forget", 0.0), ("forget", 1.0), ("input", 1.0), ("output", 1.0)])
def test_a_gate_is_wide_open_or_shut(learner, draw, gate, value):
    inputs = draw.normal(6, 3), *weights(draw, 3, 4)
    assert_matches(learner.states_with(*inputs, gate, value), held(*inputs, gate, value), ("h", "c"), terms=60)


@pytest.mark.builds_on("test_a_gate_is_held")
def test_other_gates_are_refused(learner, draw):
    inputs = draw.normal(4, 3), *weights(draw, 3, 2)
    assert_raises(ValueError, learner.states_with, *inputs, "reset", 0.5)
