"""Against torch.nn.functional.batch_norm, its autograd, and torch.nn.utils.fusion."""

import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_linear_bn_weights

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

RUNNING = ("running_mean", "running_var")
BACKWARD = ("grad_x", "grad_gamma", "grad_beta")
FOLDED = ("weight", "bias")
SHAPES = [(6, 3), (5, 7), (4, 3, 2, 5)]


def batch(draw, *shape, dtype=torch.float64):
    channels = shape[1]
    spread = draw.uniform(1, channels, *[1] * (len(shape) - 2), low=0.5, high=2.0)
    return (draw.normal(*shape) * spread + draw.normal(1, channels, *[1] * (len(shape) - 2))).to(dtype)


def statistics(draw, channels, dtype=torch.float64):
    return draw.normal(channels, dtype=dtype), draw.uniform(channels, low=0.5, high=3.0, dtype=dtype)


def parameters(draw, channels, dtype=torch.float64):
    return draw.uniform(channels, low=0.5, high=2.0, dtype=dtype), draw.normal(channels, dtype=dtype)


# --- running statistics ---------------------------------------------------------------------------------------------


def torch_update(x, mean, var, share):
    mean, var = mean.clone(), var.clone()
    F.batch_norm(x, mean, var, training=True, momentum=share)
    return mean, var


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("momentum", [0.1, 0.7])
def test_momentum_is_the_share_of_the_new_value(learner, draw, shape, momentum):
    inputs = (batch(draw, *shape), *statistics(draw, shape[1]))
    result = learner.update_running(*inputs, 3, momentum=momentum)
    assert_matches(result, torch_update(*inputs, momentum), RUNNING, terms=40)


@pytest.mark.builds_on("test_momentum_is_the_share_of_the_new_value")
@pytest.mark.parametrize("momentum", [0.0, 1.0])
def test_momentum_zero_keeps_everything_and_one_keeps_nothing(learner, draw, momentum):
    inputs = (batch(draw, 5, 3), *statistics(draw, 3))
    result = learner.update_running(*inputs, 3, momentum=momentum)
    assert_matches(result, torch_update(*inputs, momentum), RUNNING, terms=40)


@pytest.mark.builds_on("test_momentum_is_the_share_of_the_new_value")
def test_a_batch_of_two(learner, draw):
    inputs = (batch(draw, 2, 4), *statistics(draw, 4))
    assert_matches(learner.update_running(*inputs, 0), torch_update(*inputs, 0.1), RUNNING)


@pytest.mark.builds_on("test_momentum_is_the_share_of_the_new_value")
@pytest.mark.parametrize("batches", [0, 1, 6])
def test_without_momentum_all_batches_count_the_same(learner, draw, batches):
    inputs = (batch(draw, 5, 3), *statistics(draw, 3))
    result = learner.update_running(*inputs, batches, momentum=None)
    assert_matches(result, torch_update(*inputs, 1 / (batches + 1)), RUNNING, terms=40)


def over_batches(solution, batches, mean, var, momentum):
    for number, x in enumerate(batches):
        mean, var = solution.update_running(x, mean, var, number, momentum=momentum)
    return mean, var


@pytest.mark.builds_on("test_without_momentum_all_batches_count_the_same")
def test_without_momentum_five_batches_give_their_average(learner, draw):
    batches, (mean, var) = [batch(draw, 6, 3) for _ in range(5)], statistics(draw, 3)
    result = learner.run(over_batches, batches, mean, var, None)
    averages = torch.stack([x.mean(0) for x in batches]).mean(0), torch.stack([x.var(0) for x in batches]).mean(0)
    assert_matches(result, averages, RUNNING, terms=40)


@pytest.mark.builds_on("test_momentum_is_the_share_of_the_new_value")
def test_running_statistics_of_float32_are_not_changed_in_place(learner, draw):
    inputs = (batch(draw, 6, 3, 2, 4, dtype=torch.float32), *statistics(draw, 3, dtype=torch.float32))
    assert_matches(learner.update_running(*map(strided, inputs), 2), torch_update(*inputs, 0.1), RUNNING, terms=50)
    assert_inputs_unchanged(learner)


# --- evaluation -----------------------------------------------------------------------------------------------------


def layer(draw, *shape, dtype=torch.float64):
    channels = shape[1]
    return batch(draw, *shape, dtype=dtype), *parameters(draw, channels, dtype), *statistics(draw, channels, dtype)


def torch_eval(x, gamma, beta, mean, var, **options):
    return F.batch_norm(x, mean, var, gamma, beta, training=False, **options)


@pytest.mark.parametrize("shape", [*SHAPES, (1, 4)])
@pytest.mark.parametrize("options", [{}, {"eps": 0.7}])
def test_evaluation(learner, draw, shape, options):
    inputs = layer(draw, *shape)
    assert_matches(learner.batchnorm_eval(*inputs, **options), torch_eval(*inputs, **options), "out")


@pytest.mark.builds_on("test_evaluation")
def test_evaluation_of_float32_leaves_its_inputs_as_they_were(learner, draw):
    inputs = layer(draw, 4, 3, 2, 5, dtype=torch.float32)
    assert_matches(learner.batchnorm_eval(*map(strided, inputs)), torch_eval(*inputs), "out")
    assert_inputs_unchanged(learner)


def check_backward(learner, draw, inputs, **options):
    x, gamma, beta, mean, var = inputs
    norm = reference(lambda x, g, b: torch_eval(x, g, b, mean, var, **options), x, gamma, beta)
    grad_output = draw.like(norm.output)
    result = learner.batchnorm_eval_backward(grad_output, x, gamma, mean, var, **options)
    assert_matches(result, norm.gradients(grad_output), BACKWARD, terms=40)


@pytest.mark.parametrize("shape", [*SHAPES, (1, 4)])
@pytest.mark.parametrize("options", [{}, {"eps": 0.7}])
def test_gradients_of_evaluation_match_autograd(learner, draw, shape, options):
    check_backward(learner, draw, layer(draw, *shape), **options)


@pytest.mark.builds_on("test_gradients_of_evaluation_match_autograd")
def test_gradients_of_float32_leave_their_inputs_as_they_were(learner, draw):
    check_backward(learner, draw, tuple(map(strided, layer(draw, 4, 3, 2, 5, dtype=torch.float32))))
    assert_inputs_unchanged(learner)


# --- folding --------------------------------------------------------------------------------------------------------


def two_layers(draw, channels, inputs, bias=True, dtype=torch.float64):
    """weight, bias, gamma, beta, running_mean, running_var."""
    linear = draw.normal(channels, inputs, dtype=dtype), draw.normal(channels, dtype=dtype) if bias else None
    return *linear, *parameters(draw, channels, dtype), *statistics(draw, channels, dtype)


def torch_fold(weight, bias, gamma, beta, mean, var, eps=1e-5):
    folded = fuse_linear_bn_weights(weight, bias, mean, var, eps, gamma, beta)
    return folded[0].detach(), folded[1].detach()


@pytest.mark.parametrize("channels, inputs", [(4, 3), (2, 7), (5, 6)])
def test_folding(learner, draw, channels, inputs):
    layers = two_layers(draw, channels, inputs)
    assert_matches(learner.fold(*layers), torch_fold(*layers), FOLDED)


@pytest.mark.builds_on("test_folding")
def test_folding_with_a_large_eps(learner, draw):
    layers = two_layers(draw, 4, 3)
    assert_matches(learner.fold(*layers, eps=0.7), torch_fold(*layers, eps=0.7), FOLDED)


@pytest.mark.builds_on("test_folding")
def test_folding_into_a_layer_without_a_bias(learner, draw):
    layers = two_layers(draw, 4, 3, bias=False)
    assert_matches(learner.fold(*layers), torch_fold(*layers), FOLDED)


def folded_output(solution, x, layers):
    weight, bias = solution.fold(*layers)
    return x @ weight.T + bias


@pytest.mark.builds_on("test_folding")
@pytest.mark.parametrize("bias", [True, False])
def test_the_folded_layer_computes_what_the_two_layers_did(learner, draw, bias):
    x, layers = draw.normal(6, 3), two_layers(draw, 4, 3, bias=bias)
    expected = torch_eval(F.linear(x, layers[0], layers[1]), *layers[2:])
    assert_matches(learner.run(folded_output, x, layers), expected, "the output of the folded layer", terms=3)


@pytest.mark.builds_on("test_folding")
def test_folding_in_float32_leaves_its_inputs_as_they_were(learner, draw):
    layers = two_layers(draw, 4, 3, dtype=torch.float32)
    assert_matches(learner.fold(*map(strided, layers)), torch_fold(*layers), FOLDED)
    assert_inputs_unchanged(learner)
