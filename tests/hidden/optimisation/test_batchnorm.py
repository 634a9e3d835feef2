"""Against torch.nn.functional.batch_norm and its autograd, for vectors and for images."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

FORWARD = ("out", "running_mean", "running_var")
BACKWARD = ("grad_x", "grad_gamma", "grad_beta")
SHAPES = [(6, 3), (5, 7), (4, 3, 2, 5)]


def layer(draw, *shape, dtype=torch.float64, offset=0.0):
    """An input, the layer's parameters, and running statistics, none of them at its default."""
    channels = shape[1]
    x = draw.normal(*shape, std=2.0) + offset + draw.normal(1, channels, *[1] * (len(shape) - 2))
    signs = torch.tensor([-1.0, 1.0], dtype=torch.float64).repeat(channels)[:channels]  # a scale may be negative
    scale, shift = draw.uniform(channels, low=0.5, high=2.0) * signs, draw.normal(channels)
    mean, var = draw.normal(channels), draw.uniform(channels, low=0.5, high=3.0)
    return tuple(tensor.to(dtype) for tensor in (x, scale, shift, mean, var))


def torch_forward(x, gamma, beta, running_mean, running_var, **options):
    mean, var = running_mean.clone(), running_var.clone()
    out = F.batch_norm(x, mean, var, gamma, beta, **options)
    return out, mean, var


def check_forward(learner, state, terms=200, **options):
    expected = torch_forward(*state, **options)
    assert_matches(learner.batchnorm_forward(*state, **options), expected, FORWARD, terms=terms)


@pytest.mark.parametrize("shape", SHAPES)
def test_training(learner, draw, shape):
    check_forward(learner, layer(draw, *shape), training=True)


@pytest.mark.parametrize("shape", SHAPES)
def test_evaluation_uses_the_running_statistics_and_leaves_them(learner, draw, shape):
    check_forward(learner, layer(draw, *shape), training=False)


@pytest.mark.builds_on("test_training")
@pytest.mark.parametrize("momentum", [0.0, 0.3, 1.0])
def test_momentum_is_the_share_of_the_new_value(learner, draw, momentum):
    check_forward(learner, layer(draw, 5, 3), training=True, momentum=momentum)


@pytest.mark.builds_on("test_training", "test_evaluation_uses_the_running_statistics_and_leaves_them")
@pytest.mark.parametrize("training", [True, False])
def test_eps_is_inside_the_root(learner, draw, training):
    check_forward(learner, layer(draw, 5, 3), training=training, eps=0.7)


@pytest.mark.builds_on("test_training")
def test_a_batch_of_two(learner, draw):
    check_forward(learner, layer(draw, 2, 4), training=True)


@pytest.mark.builds_on("test_training")
@pytest.mark.parametrize("shape", [(1, 3, 4, 5), (1, 4, 1, 2)])
def test_one_image_alone_is_a_batch_of_many_numbers(learner, draw, shape):
    check_forward(learner, layer(draw, *shape), training=True)


@pytest.mark.builds_on("test_evaluation_uses_the_running_statistics_and_leaves_them")
@pytest.mark.parametrize("shape", [(1, 4), (1, 3, 2, 5), (1, 2, 1, 1)])
def test_one_sample_alone_can_be_evaluated(learner, draw, shape):
    check_forward(learner, layer(draw, *shape), training=False)


@pytest.mark.builds_on("test_training", "test_evaluation_uses_the_running_statistics_and_leaves_them")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(6, 1), (3, 1, 2, 4)])
def test_a_single_channel(learner, draw, shape, training):
    check_forward(learner, layer(draw, *shape), training=training)


@pytest.mark.builds_on("test_training")
def test_a_channel_that_does_not_vary(learner, draw):
    x, *rest = layer(draw, 5, 3)
    x[:, 1] = 2.0
    check_forward(learner, (x, *rest), training=True)


@pytest.mark.builds_on("test_training")
@pytest.mark.parametrize("size", [1e-4, 1e5])
def test_inputs_may_be_small_or_large(learner, draw, size):
    x, *rest = layer(draw, 6, 3)
    check_forward(learner, (size * x, *rest), training=True)


@pytest.mark.builds_on("test_training")
def test_a_large_mean_does_not_cost_the_variance_its_digits(learner, draw):
    """E[x²] − E[x]² subtracts two numbers near 10⁸ to find one near 4."""
    check_forward(learner, layer(draw, 8, 3, offset=1e4), training=True)


@pytest.mark.builds_on("test_training", "test_evaluation_uses_the_running_statistics_and_leaves_them")
@pytest.mark.parametrize("training", [True, False])
def test_float32_stays_float32(learner, draw, training):
    check_forward(learner, layer(draw, 6, 3, dtype=torch.float32), training=training)


@pytest.mark.builds_on("test_training")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape, layout", [((4, 3, 2, 5), strided), ((4, 3, 2, 5), torch.clone), ((6, 3), torch.clone)])
def test_forward_leaves_its_inputs_as_they_were(learner, draw, shape, layout, training):
    state = layer(draw, *shape)
    result = learner.batchnorm_forward(*map(layout, state), training=training)
    assert_matches(result, torch_forward(*state, training=training), FORWARD, terms=200)
    assert_inputs_unchanged(learner)


def backward_case(draw, x, gamma, beta, eps=1e-5):
    norm = reference(lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True, eps=eps), x, gamma, beta)
    grad_output = draw.like(norm.output)
    return (grad_output, x, gamma), norm.gradients(grad_output)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_match_autograd(learner, draw, shape):
    inputs, expected = backward_case(draw, *layer(draw, *shape)[:3])
    assert_matches(learner.batchnorm_backward(*inputs), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_with_a_large_eps(learner, draw):
    inputs, expected = backward_case(draw, *layer(draw, 6, 3)[:3], eps=0.7)
    assert_matches(learner.batchnorm_backward(*inputs, eps=0.7), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_of_a_batch_of_two(learner, draw):
    """With so few numbers the paths through mean and variance nearly cancel the direct one."""
    inputs, expected = backward_case(draw, *layer(draw, 2, 4)[:3], eps=0.1)
    assert_matches(learner.batchnorm_backward(*inputs, eps=0.1), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("shape", [(1, 3, 4, 5), (1, 4, 1, 2), (6, 1)])
def test_gradients_of_one_image_and_of_one_channel(learner, draw, shape):
    inputs, expected = backward_case(draw, *layer(draw, *shape)[:3], eps=0.1)
    assert_matches(learner.batchnorm_backward(*inputs, eps=0.1), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_where_a_channel_does_not_vary(learner, draw):
    x, gamma, beta, *_ = layer(draw, 5, 3)
    x[:, 1] = 2.0
    inputs, expected = backward_case(draw, x, gamma, beta, eps=0.1)
    assert_matches(learner.batchnorm_backward(*inputs, eps=0.1), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_where_the_mean_is_large(learner, draw):
    inputs, expected = backward_case(draw, *layer(draw, 8, 3, offset=1e4)[:3])
    assert_matches(learner.batchnorm_backward(*inputs), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_of_float32_stay_float32(learner, draw):
    inputs, expected = backward_case(draw, *layer(draw, 6, 3, dtype=torch.float32)[:3])
    assert_matches(learner.batchnorm_backward(*inputs), expected, BACKWARD, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("shape, layout", [((4, 3, 2, 5), strided), ((4, 3, 2, 5), torch.clone), ((6, 3), torch.clone)])
def test_backward_leaves_its_inputs_as_they_were(learner, draw, shape, layout):
    inputs, expected = backward_case(draw, *layer(draw, *shape)[:3])
    assert_matches(learner.batchnorm_backward(*map(layout, inputs)), expected, BACKWARD, terms=200)
    assert_inputs_unchanged(learner)


def a_layer(draw, size):
    n, c, side = size
    single = torch.float32
    shape = (n, c, side, side)
    return draw.normal(*shape, dtype=single), draw.normal(*shape, dtype=single), draw.normal(c, dtype=single)


def by_torch(grad_output, x, gamma):
    _, mean, invstd = torch.ops.aten.native_batch_norm(x, gamma, None, None, None, True, 0.1, 1e-5)
    saved = gamma, None, None, mean, invstd, True, 1e-5
    return torch.ops.aten.native_batch_norm_backward(grad_output, x, *saved, (True, True, True))


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (8, 16, 16), "cuda": (64, 64, 56)}
    stopwatch.compare("batchnorm_backward", by_torch, a_layer, sizes, operations=30, terms=64 * 56 * 56)
