"""Against torch's own LSTM cell in float64, and autograd through it."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SIZES = [(2, 3, 4), (3, 5, 2), (4, 2, 6), (1, 4, 3)]  # N, D, H
GRADIENTS = ("grad_x", "grad_h_before", "grad_c_before", "grad_weight_x", "grad_weight_h", "grad_bias")


def by_torch(x, h, c, weight_x, weight_h, bias):
    return torch.lstm_cell(x, (h, c), weight_x.T, weight_h.T, bias, torch.zeros_like(bias))


def gates_of(x, h, weight_x, weight_h, bias):
    i, f, g, o = (x @ weight_x + h @ weight_h + bias).chunk(4, dim=1)
    return i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()


def from_one_on(solution, *inputs):
    """Results that may be as small as rounding makes them, and one more."""
    h_new, c_new, gates = solution.lstm_step(*inputs)
    return 1 + h_new, 1 + c_new, tuple(1 + gate for gate in gates)


def case(draw, n, d, h, dtype=torch.float64):
    std = (d + h) ** -0.5
    return (
        draw.normal(n, d, dtype=dtype),
        draw.normal(n, h, dtype=dtype),
        draw.normal(n, h, dtype=dtype),
        draw.normal(d, 4 * h, std=2 * std, dtype=dtype),
        draw.normal(h, 4 * h, std=2 * std, dtype=dtype),
        draw.normal(4 * h, std=0.5, dtype=dtype),
    )


def gradients(inputs, grad_h, grad_c):
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    h_new, c_new = by_torch(*leaves)
    loss = (h_new * grad_h).sum() + (c_new * grad_c).sum()
    return torch.autograd.grad(loss, leaves)


def backward(learner, inputs, grad_h, grad_c):
    x, h, c, weight_x, weight_h, bias = inputs
    c_new = by_torch(*inputs)[1]
    gates = gates_of(x, h, weight_x, weight_h, bias)
    return learner.lstm_step_backward(grad_h, grad_c, x, h, c, weight_x, weight_h, gates, c_new)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_step_matches_torch(learner, draw, sizes):
    inputs = case(draw, *sizes)
    h_new, c_new = by_torch(*inputs)
    expected = (h_new, c_new, gates_of(*inputs[:2], *inputs[3:]))
    assert_matches(learner.lstm_step(*inputs), expected, ("h_new", "c_new", "gates"), terms=30)


@pytest.mark.parametrize("sizes", SIZES)
def test_all_gradients_match_autograd(learner, draw, sizes):
    inputs = case(draw, *sizes)
    grad_h, grad_c = draw.like(inputs[1]), draw.like(inputs[1])
    assert_matches(backward(learner, inputs, grad_h, grad_c), gradients(inputs, grad_h, grad_c), GRADIENTS, terms=60)


@pytest.mark.parametrize("which", ["h", "c"])
def test_a_gradient_through_one_of_the_states_alone(learner, draw, which):
    inputs = case(draw, 3, 4, 5)
    grad_h = draw.normal(3, 5) if which == "h" else torch.zeros(3, 5, dtype=torch.float64)
    grad_c = draw.normal(3, 5) if which == "c" else torch.zeros(3, 5, dtype=torch.float64)
    assert_matches(backward(learner, inputs, grad_h, grad_c), gradients(inputs, grad_h, grad_c), GRADIENTS, terms=60)


@pytest.mark.builds_on("test_a_step_matches_torch")
@pytest.mark.parametrize("low, high", [(1000, 2000), (-2000, -1000), (-2000, 2000)])
def test_large_sums_saturate_the_gates(learner, draw, low, high):
    inputs = list(case(draw, 3, 4, 2))
    inputs[5] = draw.uniform(8, low=low, high=high)
    h_new, c_new = by_torch(*inputs)
    gates = tuple(1 + gate for gate in gates_of(*inputs[:2], *inputs[3:]))
    names = ("1 + h_new", "1 + c_new", "1 + gates")
    assert_matches(learner.run(from_one_on, *inputs), (1 + h_new, 1 + c_new, gates), names, terms=1000)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_inputs_of_any_stride_stay_as_they_are(learner, draw):
    inputs = [strided(tensor) for tensor in case(draw, 3, 4, 2)]
    grad_h, grad_c = strided(draw.like(inputs[1])), strided(draw.like(inputs[1]))
    learner.lstm_step(*inputs)
    assert_matches(backward(learner, inputs, grad_h, grad_c), gradients(inputs, grad_h, grad_c), GRADIENTS, terms=60)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_single_precision_stays_single(learner, draw):
    inputs = case(draw, 2, 3, 4, dtype=torch.float32)
    grad_h, grad_c = draw.like(inputs[1]), draw.like(inputs[1])
    assert_matches(backward(learner, inputs, grad_h, grad_c), gradients(inputs, grad_h, grad_c), GRADIENTS, terms=200)
