"""Against torch's own recurrent layer in float64: states, and the gradients of everything."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SIZES = [(2, 4, 1, 3), (2, 3, 4, 5), (3, 1, 2, 4), (4, 6, 3, 2), (2, 5, 6, 3)]  # N, T, D, H
GRADIENTS = ("grad_x", "grad_h0", "grad_weight_x", "grad_weight_h", "grad_bias")


def by_torch(x, h0, weight_x, weight_h, bias):
    weights = [weight_x.T, weight_h.T, bias, torch.zeros_like(bias)]
    return torch.rnn_tanh(x, h0[None], weights, True, 1, 0.0, False, False, True)[0]


def case(draw, n, t, d, h, dtype=torch.float64):
    scale = (d + h) ** -0.5
    return (
        draw.normal(n, t, d, dtype=dtype),
        draw.normal(n, h, dtype=dtype),
        draw.normal(d, h, std=2 * scale, dtype=dtype),
        draw.normal(h, h, std=2 * scale, dtype=dtype),
        draw.normal(h, std=0.5, dtype=dtype),
    )


@pytest.mark.parametrize("sizes", SIZES)
def test_the_states_match_torch(learner, draw, sizes):
    inputs = case(draw, *sizes)
    assert_matches(learner.rnn_forward(*inputs), by_torch(*inputs), "states", terms=30)


@pytest.mark.parametrize("sizes", SIZES)
def test_all_gradients_match_autograd(learner, draw, sizes):
    inputs = case(draw, *sizes)
    rnn = reference(by_torch, *inputs)
    grad_output = draw.like(rnn.output)
    actual = learner.rnn_backward(grad_output, *inputs, rnn.output)
    assert_matches(actual, rnn.gradients(grad_output), GRADIENTS, terms=100)


@pytest.mark.parametrize("t", [3, 6])
def test_a_loss_of_the_last_state_alone(learner, draw, t):
    inputs = case(draw, 2, t, 3, 4)
    rnn = reference(by_torch, *inputs)
    grad_output = torch.zeros_like(rnn.output)
    grad_output[:, -1] = draw.normal(2, 4)
    actual = learner.rnn_backward(grad_output, *inputs, rnn.output)
    assert_matches(actual, rnn.gradients(grad_output), GRADIENTS, terms=100)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_forward_and_backward_keep_single_precision(learner, draw):
    inputs = case(draw, 2, 4, 3, 5, dtype=torch.float32)
    rnn = reference(by_torch, *inputs)
    grad_output = draw.like(rnn.output)
    assert_matches(learner.rnn_forward(*inputs), rnn.output, "states", terms=30)
    actual = learner.rnn_backward(grad_output, *inputs, rnn.output)
    assert_matches(actual, rnn.gradients(grad_output), GRADIENTS, terms=300)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_inputs_of_any_stride_stay_as_they_are(learner, draw):
    inputs = [strided(tensor) for tensor in case(draw, 3, 4, 2, 5)]
    rnn = reference(by_torch, *inputs)
    grad_output = strided(draw.like(rnn.output))
    assert_matches(learner.rnn_forward(*inputs), rnn.output, "states", terms=30)
    actual = learner.rnn_backward(grad_output, *inputs, rnn.output)
    assert_matches(actual, rnn.gradients(grad_output), GRADIENTS, terms=100)
    assert_inputs_unchanged(learner)
