"""Against torch's own GRU cell in float64, and autograd through it."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SIZES = [(2, 3, 4), (3, 5, 2), (4, 2, 6), (1, 4, 3)]  # N, D, H
GRADIENTS = ("grad_x", "grad_h_before", "grad_weight_x", "grad_weight_h", "grad_bias_x", "grad_bias_h")


def by_torch(x, h, weight_x, weight_h, bias_x, bias_h):
    return torch.gru_cell(x, h, weight_x.T, weight_h.T, bias_x, bias_h)


def kept_by(x, h, weight_x, weight_h, bias_x, bias_h):
    u_r, u_z, u_n = (x @ weight_x + bias_x).chunk(3, dim=1)
    v_r, v_z, v_n = (h @ weight_h + bias_h).chunk(3, dim=1)
    r = (u_r + v_r).sigmoid()
    return r, (u_z + v_z).sigmoid(), (u_n + r * v_n).tanh(), v_n


def case(draw, n, d, h, dtype=torch.float64):
    std = 2 * (d + h) ** -0.5
    return (
        draw.normal(n, d, dtype=dtype),
        draw.normal(n, h, dtype=dtype),
        draw.normal(d, 3 * h, std=std, dtype=dtype),
        draw.normal(h, 3 * h, std=std, dtype=dtype),
        draw.normal(3 * h, std=0.5, dtype=dtype),
        draw.normal(3 * h, std=0.5, dtype=dtype),
    )


def gradients(inputs, grad_h):
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    return torch.autograd.grad((by_torch(*leaves) * grad_h).sum(), leaves)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_step_matches_torch(learner, draw, sizes):
    inputs = case(draw, *sizes)
    expected = (by_torch(*inputs), kept_by(*inputs))
    assert_matches(learner.gru_step(*inputs), expected, ("h_new", "(r, z, n, v_n)"), terms=30)


@pytest.mark.parametrize("sizes", SIZES)
def test_all_gradients_match_autograd(learner, draw, sizes):
    inputs = case(draw, *sizes)
    grad_h = draw.like(inputs[1])
    actual = learner.gru_step_backward(grad_h, *inputs[:4], kept_by(*inputs))
    assert_matches(actual, gradients(inputs, grad_h), GRADIENTS, terms=60)


@pytest.mark.builds_on("test_a_step_matches_torch")
@pytest.mark.parametrize("open_to", ["the past", "the present"])
def test_a_saturated_update_gate_keeps_or_replaces(learner, draw, open_to):
    inputs = list(case(draw, 3, 4, 2))
    inputs[4][2:4] = 1000.0 if open_to == "the past" else -1000.0
    assert_matches(learner.gru_step(*inputs)[0], by_torch(*inputs), "h_new", terms=30)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_inputs_of_any_stride_stay_as_they_are(learner, draw):
    inputs = [strided(tensor) for tensor in case(draw, 3, 4, 2)]
    grad_h = strided(draw.like(inputs[1]))
    learner.gru_step(*inputs)
    actual = learner.gru_step_backward(grad_h, *inputs[:4], kept_by(*inputs))
    assert_matches(actual, gradients(inputs, grad_h), GRADIENTS, terms=60)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_single_precision_stays_single(learner, draw):
    inputs = case(draw, 2, 3, 4, dtype=torch.float32)
    grad_h = draw.like(inputs[1])
    actual = learner.gru_step_backward(grad_h, *inputs[:4], kept_by(*inputs))
    assert_matches(actual, gradients(inputs, grad_h), GRADIENTS, terms=200)
