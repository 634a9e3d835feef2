"""Against the plain formulas; and by the bytes that the operations read and write."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, cost_of

N = 1000


def ema(solution, average, value, decay):
    returned = solution.ema_update(average, value, decay)
    return average, returned is None, value


def adam(solution, param, grad, m, v, step, lr, betas, eps):
    returned = solution.adam_update(param, grad, m, v, step, lr, betas, eps)
    return param, m, v, returned is None, grad


def assert_tensors_moved(cost, size, at_most):
    moved = cost.moved / size
    assert moved < at_most + 0.1, (
        f"Your operations read and write {moved:.3g} tensors of this size; {at_most} are allowed: {cost.named()}. "
        "Count for each what it reads and what it writes, as the lesson does."
    )


@pytest.mark.parametrize("decay", [0.9, 0.5, 0.999])
def test_the_moving_average_is_updated_in_place(learner, draw, decay):
    average, value = draw.normal(4, 5), draw.normal(4, 5)
    expected = decay * average + (1 - decay) * value
    names = ("average", "that None is returned", "value, which has to stay as it is,")
    assert_matches(learner.run(ema, average, value, decay), (expected, True, value), names, terms=2)


@pytest.mark.parametrize("shape", [(3, 4), (2, 5, 3)])
def test_the_end_of_a_residual_block(learner, draw, shape):
    x, branch, bias = draw.normal(*shape), draw.normal(*shape), draw.normal(shape[-1])
    expected = torch.relu(x + 0.3 * branch + bias)
    assert_matches(learner.add_bias_relu(x, branch, 0.3, bias), expected, "the result", terms=3)


@pytest.mark.parametrize("step", [1, 2, 10])
def test_an_adam_update_in_place(learner, draw, step):
    param, grad, m = draw.normal(3, 4), draw.normal(3, 4), draw.normal(3, 4)
    v, lr, betas, eps = draw.uniform(3, 4), 0.05, (0.8, 0.95), 1e-3
    new_m = betas[0] * m + (1 - betas[0]) * grad
    new_v = betas[1] * v + (1 - betas[1]) * grad**2
    corrected = (new_v / (1 - betas[1] ** step)).sqrt() + eps
    new = param - lr * new_m / (1 - betas[0] ** step) / corrected
    got = learner.run(adam, param, grad, m, v, step, lr, betas, eps)
    names = ("param", "m", "v", "that None is returned", "grad, which has to stay as it is,")
    assert_matches(got, (new, new_m, new_v, True, grad), names, terms=8)


@pytest.mark.builds_on("test_the_end_of_a_residual_block")
def test_the_residual_leaves_its_inputs_as_they_were(learner, draw):
    learner.add_bias_relu(draw.normal(3, 4), draw.normal(3, 4), 0.5, draw.normal(4))
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_moving_average_is_updated_in_place")
def test_the_average_moves_at_most_four_tensors(learner, draw):
    assert_tensors_moved(cost_of(learner, "ema_update", draw.normal(N), draw.normal(N), 0.9), 8 * N, 4)


@pytest.mark.builds_on("test_the_residual_leaves_its_inputs_as_they_were")
def test_the_residual_moves_at_most_seven_tensors(learner, draw):
    x, branch, bias = draw.normal(N // 10, 10), draw.normal(N // 10, 10), draw.normal(10)
    assert_tensors_moved(cost_of(learner, "add_bias_relu", x, branch, 0.3, bias), 8 * N, 7)


@pytest.mark.builds_on("test_an_adam_update_in_place")
def test_adam_moves_at_most_twenty_two_tensors(learner, draw):
    param, grad, m, v = draw.normal(N), draw.normal(N), draw.normal(N), draw.uniform(N)
    cost = cost_of(learner, "adam_update", param, grad, m, v, 3, 0.1, (0.9, 0.999), 1e-8)
    assert_tensors_moved(cost, 8 * N, 22)
