"""Against the plain formulas; and by the bytes that the operations read and write."""

import pytest
import torch

from tutor.testkit import assert_matches, assert_moved, cost_of

N = 1000


def ema(solution, average, value, decay):
    returned = solution.ema_update(average, value, decay)
    return average, returned is None


def adam(solution, param, grad, m, v, step, lr, betas, eps):
    returned = solution.adam_update(param, grad, m, v, step, lr, betas, eps)
    return param, m, v, returned is None


@pytest.mark.parametrize("decay", [0.9, 0.5, 0.999])
def test_the_moving_average_is_updated_in_place(learner, draw, decay):
    average, value = draw.normal(4, 5), draw.normal(4, 5)
    expected = decay * average + (1 - decay) * value
    assert_matches(
        learner.run(ema, average, value, decay), (expected, True), ("average", "that None is returned"), terms=2
    )


@pytest.mark.parametrize("shape", [(3, 4), (2, 5, 3)])
def test_the_residual_block_s_end(learner, draw, shape):
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
    assert_matches(got, (new, new_m, new_v, True), ("param", "m", "v", "that None is returned"), terms=8)


@pytest.mark.builds_on("test_the_residual_block_s_end")
def test_the_residual_leaves_its_inputs_as_they_were(learner, draw):
    from tutor.testkit import assert_inputs_unchanged

    learner.add_bias_relu(draw.normal(3, 4), draw.normal(3, 4), 0.5, draw.normal(4))
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_moving_average_is_updated_in_place")
def test_the_average_moves_three_tensors(learner, draw):
    size = 8 * N
    assert_moved(cost_of(learner, "ema_update", draw.normal(N), draw.normal(N), 0.9), 4 * size + 100)


@pytest.mark.builds_on("test_the_residual_leaves_its_inputs_as_they_were")
def test_the_residual_moves_seven_tensors(learner, draw):
    size = 8 * N
    x, branch, bias = draw.normal(N // 10, 10), draw.normal(N // 10, 10), draw.normal(10)
    assert_moved(cost_of(learner, "add_bias_relu", x, branch, 0.3, bias), 7 * size + 500)


@pytest.mark.builds_on("test_an_adam_update_in_place")
def test_adam_moves_seventeen_tensors(learner, draw):
    size = 8 * N
    param, grad, m, v = draw.normal(N), draw.normal(N), draw.normal(N), draw.uniform(N)
    cost = cost_of(learner, "adam_update", param, grad, m, v, 3, 0.1, (0.9, 0.999), 1e-8)
    assert_moved(cost, 22 * size + 500)
