"""The penalty in torch, its gradient by autograd; steps against softshrink and the function behind torch.optim.SGD."""

import pytest
import torch
import torch.nn.functional as F
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("w", "velocity")
SHAPES = [(6,), (3, 4), (2, 3, 5), ()]


def penalty(w, l1=0.0, l2=0.0):
    return l1 * torch.linalg.vector_norm(w.reshape(-1), 1) + l2 / 2 * torch.vdot(w.reshape(-1), w.reshape(-1))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_penalty_l1(learner, draw, shape):
    w = draw.normal(*shape)
    assert_matches(learner.elastic_net(w, l1=0.7), penalty(w, l1=0.7), "the penalty", terms=30)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_penalty_l2(learner, draw, shape):
    w = draw.normal(*shape)
    assert_matches(learner.elastic_net(w, l2=0.7), penalty(w, l2=0.7), "the penalty", terms=30)


@pytest.mark.builds_on("test_the_penalty_l1", "test_the_penalty_l2")
@pytest.mark.parametrize("l1, l2", [(0.3, 1.7), (2.0, 0.1)])
def test_both_penalties_together(learner, draw, l1, l2):
    w = draw.normal(4, 3)
    assert_matches(learner.elastic_net(w, l1=l1, l2=l2), penalty(w, l1, l2), "the penalty", terms=12)


@pytest.mark.builds_on("test_both_penalties_together")
def test_the_penalty_of_float32_leaves_its_input_as_it_was(learner, draw):
    w = draw.normal(4, 3, dtype=torch.float32)
    result = learner.elastic_net(strided(w), l1=0.3, l2=0.8)
    assert_matches(result, penalty(w, 0.3, 0.8), "the penalty", terms=12)
    assert_inputs_unchanged(learner)


def check_gradient(learner, draw, w, **strengths):
    at = reference(lambda w: (strengths.get("l1", 0.0) * w.abs() + strengths.get("l2", 0.0) / 2 * w**2).sum(), w)
    grad_output = draw.like(at.output)
    (expected,) = at.gradients(grad_output)
    assert_matches(learner.elastic_net_backward(grad_output, w, **strengths), expected, "grad_w")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("strengths", [{"l1": 0.7}, {"l2": 0.7}, {"l1": 0.3, "l2": 1.7}])
def test_the_gradient_matches_autograd(learner, draw, shape, strengths):
    check_gradient(learner, draw, draw.normal(*shape), **strengths)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("strengths", [{"l1": 0.7}, {"l1": 0.3, "l2": 1.7}])
def test_a_weight_of_zero_gets_no_gradient(learner, draw, strengths):
    w = draw.normal(3, 4)
    w[0, 1] = w[2, 2] = 0.0
    w[1, 0] = -0.0
    check_gradient(learner, draw, w, **strengths)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_gradient_of_float32_leaves_its_inputs_as_they_were(learner, draw):
    w = draw.normal(4, 3, dtype=torch.float32)
    check_gradient(learner, draw, strided(w), l1=0.3, l2=0.8)
    assert_inputs_unchanged(learner)


def state(draw, *shape, dtype=torch.float64):
    return tuple(draw.normal(*shape, dtype=dtype) for _ in range(3))


def torch_step(w, grad, velocity, lr, momentum, l2=0.0, decay=0.0):
    w, velocity = w * (1 - lr * decay), velocity.clone()
    options = {"weight_decay": l2, "dampening": 0.0, "nesterov": False, "maximize": False}
    sgd([w], [grad.clone()], [velocity], foreach=False, lr=lr, momentum=momentum, **options)
    return w, velocity


@pytest.mark.parametrize("options", [{"momentum": 0.9, "l2": 0.5}, {"momentum": 0.3, "l2": 2.0}])
@pytest.mark.parametrize("shape", SHAPES[:3])
def test_a_step_with_l2(learner, draw, options, shape):
    inputs = state(draw, *shape)
    assert_matches(learner.step_with_l2(*inputs, lr=0.2, **options), torch_step(*inputs, lr=0.2, **options), NAMES)


@pytest.mark.parametrize("options", [{"momentum": 0.9, "decay": 0.5}, {"momentum": 0.3, "decay": 2.0}])
@pytest.mark.parametrize("shape", SHAPES[:3])
def test_a_step_with_decay(learner, draw, options, shape):
    inputs = state(draw, *shape)
    assert_matches(learner.step_with_decay(*inputs, lr=0.2, **options), torch_step(*inputs, lr=0.2, **options), NAMES)


def steps_in_a_row(solution, function, w, grads, options):
    """The weights after each step, the learner's own velocity handed on from one to the next."""
    velocity, after = torch.zeros_like(w), []
    for grad in grads:
        w, velocity = getattr(solution, function)(w, grad, velocity, **options)
        after.append(w)
    return torch.stack(after)


@pytest.mark.builds_on("test_a_step_with_l2", "test_a_step_with_decay")
@pytest.mark.parametrize("function, kind", [("step_with_l2", "l2"), ("step_with_decay", "decay")])
def test_eight_steps_in_a_row(learner, draw, function, kind):
    w, grads, options = draw.normal(3, 2), draw.normal(8, 3, 2), {"lr": 0.1, "momentum": 0.8, kind: 0.6}
    result = learner.run(steps_in_a_row, function, w, grads, options)
    velocity, after = torch.zeros_like(w), []
    for grad in grads:
        w, velocity = torch_step(w, grad, velocity, **options)
        after.append(w)
    assert_matches(result, torch.stack(after), "the weights after each step [step, row, column]", terms=8)


@pytest.mark.builds_on("test_a_step_with_l2", "test_a_step_with_decay")
def test_with_momentum_zero_the_two_make_the_same_step(learner, draw):
    inputs = state(draw, 4, 3)
    expected, _ = torch_step(*inputs, lr=0.2, momentum=0.0, l2=0.7)
    names = ("w by step_with_l2", "w by step_with_decay")
    assert_matches(learner.run(both_steps, inputs, 0.2, 0.7), (expected, expected), names)


def both_steps(solution, inputs, lr, strength):
    one, _ = solution.step_with_l2(*inputs, lr=lr, momentum=0.0, l2=strength)
    other, _ = solution.step_with_decay(*inputs, lr=lr, momentum=0.0, decay=strength)
    return one, other


@pytest.mark.builds_on("test_a_step_with_l2", "test_a_step_with_decay")
@pytest.mark.parametrize("function, kind", [("step_with_l2", "l2"), ("step_with_decay", "decay")])
def test_steps_of_float32_leave_their_inputs_as_they_were(learner, draw, function, kind):
    inputs, options = state(draw, 4, 3, dtype=torch.float32), {"lr": 0.1, "momentum": 0.8, kind: 0.6}
    result = getattr(learner, function)(*map(strided, inputs), **options)
    assert_matches(result, torch_step(*inputs, **options), NAMES)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape", [(9,), (4, 5), (2, 3, 5)])
@pytest.mark.parametrize("amount", [0.5, 1.2])
def test_a_soft_threshold(learner, draw, shape, amount):
    w = 2 * draw.normal(*shape)
    assert_matches(learner.soft_threshold(w, amount), F.softshrink(w, amount), "the weights")


@pytest.mark.builds_on("test_a_soft_threshold")
def test_thresholds_of_zero_and_weights_on_the_threshold(learner, draw):
    w = draw.normal(4, 3)
    assert_matches(learner.soft_threshold(w, 0.0), w, "the weights")
    edge = torch.tensor([0.75, -0.75, 0.0, -0.0, 1.0, -2.0], dtype=torch.float64)
    assert_matches(learner.soft_threshold(edge, 0.75), F.softshrink(edge, 0.75), "the weights")


@pytest.mark.parametrize("shape", SHAPES[:3])
@pytest.mark.parametrize("lr, l1", [(0.3, 2.0), (1.6, 0.4)])
def test_a_proximal_step(learner, draw, shape, lr, l1):
    w, grad = 2 * draw.normal(*shape), draw.normal(*shape)
    assert_matches(learner.proximal_step(w, grad, lr=lr, l1=l1), F.softshrink(w - lr * grad, lr * l1), "the weights")


def trained(solution, x, y, steps, lr, l1):
    """Weights of a linear model, from zeros, on the loss ½ · ‖x · w − y‖², and which of them are 0."""
    w = x.new_zeros(x.shape[1])
    for _ in range(steps):
        w = solution.proximal_step(w, (x @ w - y) @ x, lr=lr, l1=l1)
    return w, w == 0


@pytest.mark.builds_on("test_a_proximal_step")
def test_training_by_proximal_steps_finds_the_weights_that_matter(learner, draw):
    """Orthonormal features, so that the answer is known: the least-squares weights after a soft threshold."""
    x, true = torch.linalg.qr(draw.normal(20, 6)).Q, torch.tensor([3.0, 0.0, -2.0, 0.0, 0.0, 1.5]).double()
    y = x @ (true + 0.02 * draw.normal(6))
    expected = F.softshrink(x.T @ y, 0.4), true == 0
    result = learner.run(trained, x, y, 50, 0.5, 0.4)
    assert_matches(result, expected, ("the trained weights", "which of them are 0"), terms=30)


@pytest.mark.builds_on("test_a_soft_threshold", "test_a_proximal_step")
def test_thresholds_of_float32_leave_their_inputs_as_they_were(learner, draw):
    w, grad = (strided(draw.normal(4, 3, dtype=torch.float32)) for _ in range(2))
    assert_matches(learner.soft_threshold(w, 0.4), F.softshrink(w, 0.4), "the weights")
    assert_inputs_unchanged(learner)
    assert_matches(learner.proximal_step(w, grad, lr=0.5, l1=0.6), F.softshrink(w - 0.5 * grad, 0.3), "the weights")
    assert_inputs_unchanged(learner)
