"""Against the function behind torch.optim.SGD: single steps, and each of several steps in a row."""

import pytest
import torch
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAMES = ("param", "velocity")


def torch_step(param, grad, velocity, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """What torch makes of it. To make an `Optimizer` would first import torch's compiler, for 0.7 s."""
    param, buffers = param.clone(), [None if velocity is None else velocity.clone()]
    sgd(
        [param],
        [grad.clone()],
        buffers,
        foreach=False,
        weight_decay=weight_decay,
        momentum=momentum,
        lr=lr,
        dampening=dampening,
        nesterov=nesterov,
        maximize=False,
    )
    return param, buffers[0]


def state(draw, *shape, dtype=torch.float64):
    """A parameter, its gradient, and the velocity of the steps before."""
    return tuple(draw.normal(*shape, dtype=dtype) for _ in range(3))


@pytest.mark.parametrize("shape", [(5,), (3, 4)])
def test_plain_descent(learner, draw, shape):
    param, grad, _ = state(draw, *shape)
    assert_matches(learner.sgd_step(param, grad, None, lr=0.3), torch_step(param, grad, None, lr=0.3), NAMES)


@pytest.mark.builds_on("test_plain_descent")
def test_a_step_with_momentum(learner, draw):
    param, grad, velocity = state(draw, 3, 4)
    options = {"lr": 0.2, "momentum": 0.9}
    assert_matches(
        learner.sgd_step(param, grad, velocity, **options), torch_step(param, grad, velocity, **options), NAMES
    )


@pytest.mark.builds_on("test_a_step_with_momentum")
@pytest.mark.parametrize("dampening", [0.0, 0.4])
def test_at_the_first_step_the_velocity_is_the_gradient(learner, draw, dampening):
    param, grad, _ = state(draw, 4)
    options = {"lr": 0.2, "momentum": 0.9, "dampening": dampening}
    assert_matches(learner.sgd_step(param, grad, None, **options), torch_step(param, grad, None, **options), NAMES)


@pytest.mark.builds_on("test_a_step_with_momentum")
def test_dampening(learner, draw):
    param, grad, velocity = state(draw, 3, 4)
    options = {"lr": 0.2, "momentum": 0.8, "dampening": 0.3}
    assert_matches(
        learner.sgd_step(param, grad, velocity, **options), torch_step(param, grad, velocity, **options), NAMES
    )


@pytest.mark.builds_on("test_plain_descent")
def test_weight_decay_without_momentum(learner, draw):
    param, grad, _ = state(draw, 3, 4)
    options = {"lr": 0.2, "weight_decay": 0.1}
    assert_matches(learner.sgd_step(param, grad, None, **options), torch_step(param, grad, None, **options), NAMES)


@pytest.mark.builds_on("test_a_step_with_momentum", "test_weight_decay_without_momentum")
def test_weight_decay_goes_through_the_momentum(learner, draw):
    param, grad, velocity = state(draw, 3, 4)
    options = {"lr": 0.2, "momentum": 0.8, "weight_decay": 0.1}
    assert_matches(
        learner.sgd_step(param, grad, velocity, **options), torch_step(param, grad, velocity, **options), NAMES
    )


@pytest.mark.builds_on("test_a_step_with_momentum")
@pytest.mark.parametrize("first", [True, False])
def test_nesterov(learner, draw, first):
    param, grad, velocity = state(draw, 3, 4)
    velocity = None if first else velocity
    options = {"lr": 0.2, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}
    assert_matches(
        learner.sgd_step(param, grad, velocity, **options), torch_step(param, grad, velocity, **options), NAMES
    )


def steps(solution, param, grads, options):
    """Every parameter and velocity of several steps in a row."""
    velocity, seen = None, []
    for grad in grads:
        param, velocity = solution.sgd_step(param, grad, velocity, **options)
        seen.append((param, velocity))
    return seen


@pytest.mark.builds_on("test_a_step_with_momentum")
@pytest.mark.parametrize("nesterov", [False, True])
def test_six_steps_in_a_row(learner, draw, nesterov):
    param, grads = draw.normal(4), list(draw.normal(6, 4))
    options = {"lr": 0.1, "momentum": 0.7, "weight_decay": 0.02, "nesterov": nesterov}
    if not nesterov:
        options["dampening"] = 0.2
    expected, velocity, value = [], None, param
    for grad in grads:
        value, velocity = torch_step(value, grad, velocity, **options)
        expected.append((value, velocity))
    assert_matches(learner.run(steps, param, grads, options), expected, "the steps")


@pytest.mark.builds_on("test_a_step_with_momentum")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    param, grad, velocity = state(draw, 3, 4, dtype=torch.float32)
    options = {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.1}
    actual = learner.sgd_step(strided(param), strided(grad), strided(velocity), **options)
    assert_matches(actual, torch_step(param, grad, velocity, **options), NAMES)
    assert_inputs_unchanged(learner)
