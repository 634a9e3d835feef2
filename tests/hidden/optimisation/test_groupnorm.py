"""Against torch.nn.functional's group_norm and instance_norm, and autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

BACKWARD = ("grad_x", "grad_gamma", "grad_beta")
CASES = [((2, 6, 3, 5), 2), ((3, 6, 5), 3), ((2, 12, 2, 3), 4), ((5, 8), 2)]  # shape of x, groups
INSTANCES = [(3, 4, 7), (2, 5, 3, 4), (2, 3, 2, 4, 5)]


def layer(draw, *shape, dtype=torch.float64, offset=0.0):
    """An input whose samples and channels all have means and spreads of their own, and the parameters."""
    each = (*shape[:2], *[1] * (len(shape) - 2))
    x = draw.normal(*shape) * draw.uniform(*each, low=0.5, high=3.0) + draw.normal(*each) + offset
    scale, shift = draw.uniform(shape[1], low=0.5, high=2.0), draw.normal(shape[1])
    return x.to(dtype), scale.to(dtype), shift.to(dtype)


def check_forward(learner, inputs, groups, terms=60, **options):
    x, gamma, beta = inputs
    expected = F.group_norm(x, groups, gamma, beta, **options)
    assert_matches(learner.groupnorm_forward(x, groups, gamma, beta, **options), expected, "out", terms=terms)


@pytest.mark.parametrize("shape, groups", CASES)
def test_forward(learner, draw, shape, groups):
    check_forward(learner, layer(draw, *shape), groups)


@pytest.mark.builds_on("test_forward")
@pytest.mark.parametrize("eps", [0.7, 1e-12])
def test_eps_is_inside_the_root(learner, draw, eps):
    check_forward(learner, layer(draw, 2, 6, 5), 3, eps=eps)


@pytest.mark.builds_on("test_forward")
@pytest.mark.parametrize("groups", [1, 6])
def test_one_group_and_as_many_groups_as_channels(learner, draw, groups):
    check_forward(learner, layer(draw, 3, 6, 2, 4), groups)


@pytest.mark.builds_on("test_forward")
def test_a_single_sample(learner, draw):
    check_forward(learner, layer(draw, 1, 6, 2, 4), 3)


@pytest.mark.builds_on("test_forward")
def test_a_group_that_does_not_vary(learner, draw):
    x, gamma, beta = layer(draw, 2, 6, 3, 4)
    x[1, 2:4] = 3.0
    check_forward(learner, (x, gamma, beta), 3)


@pytest.mark.builds_on("test_forward")
def test_a_large_mean_does_not_cost_the_variance_its_digits(learner, draw):
    check_forward(learner, layer(draw, 2, 6, 5, offset=1e4), 3, terms=400)


@pytest.mark.builds_on("test_forward")
def test_channels_that_cannot_be_cut_into_groups_are_refused(learner, draw):
    x, gamma, beta = layer(draw, 2, 6, 4)
    assert_raises(ValueError, learner.groupnorm_forward, x, 4, gamma, beta)


@pytest.mark.builds_on("test_forward")
def test_forward_of_float32_leaves_its_inputs_as_they_were(learner, draw):
    x, gamma, beta = map(strided, layer(draw, 2, 6, 3, 4, dtype=torch.float32))
    check_forward(learner, (x, gamma, beta), 3)
    assert_inputs_unchanged(learner)


def check_backward(learner, draw, inputs, groups, terms=60, **options):
    x, gamma, beta = inputs
    norm = reference(lambda x, g, b: F.group_norm(x, groups, g, b, **options), x, gamma, beta)
    grad_output = draw.like(norm.output)
    result = learner.groupnorm_backward(grad_output, x, groups, gamma, **options)
    assert_matches(result, norm.gradients(grad_output), BACKWARD, terms=terms)


@pytest.mark.parametrize("shape, groups", CASES)
def test_gradients_match_autograd(learner, draw, shape, groups):
    check_backward(learner, draw, layer(draw, *shape), groups)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_with_a_large_eps(learner, draw):
    check_backward(learner, draw, layer(draw, 2, 6, 5), 3, eps=0.7)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("groups", [1, 6])
def test_gradients_of_one_group_and_of_as_many_as_channels(learner, draw, groups):
    check_backward(learner, draw, layer(draw, 3, 6, 2, 4), groups)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_where_a_group_does_not_vary(learner, draw):
    x, gamma, beta = layer(draw, 2, 6, 3, 4)
    x[1, 2:4] = 3.0
    check_backward(learner, draw, (x, gamma, beta), 3, eps=0.1)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_gradients_of_float32_leave_their_inputs_as_they_were(learner, draw):
    inputs = tuple(map(strided, layer(draw, 2, 6, 3, 4, dtype=torch.float32)))
    check_backward(learner, draw, inputs, 3)
    assert_inputs_unchanged(learner)


def torch_instance(x, gamma, beta, **options):
    return F.instance_norm(x, weight=gamma, bias=beta, use_input_stats=True, **options)


@pytest.mark.parametrize("shape", INSTANCES)
@pytest.mark.parametrize("options", [{}, {"eps": 0.7}])
def test_instance_norm(learner, draw, shape, options):
    inputs = layer(draw, *shape)
    expected = torch_instance(*inputs, **options)
    assert_matches(learner.instancenorm_forward(*inputs, **options), expected, "out", terms=60)


@pytest.mark.parametrize("shape", INSTANCES)
@pytest.mark.parametrize("options", [{}, {"eps": 0.7}])
def test_gradients_of_instance_norm_match_autograd(learner, draw, shape, options):
    inputs = layer(draw, *shape)
    norm = reference(lambda *inputs: torch_instance(*inputs, **options), *inputs)
    grad_output = draw.like(norm.output)
    result = learner.instancenorm_backward(grad_output, inputs[0], inputs[1], **options)
    assert_matches(result, norm.gradients(grad_output), BACKWARD, terms=60)
