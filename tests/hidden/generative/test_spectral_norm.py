"""Against the singular value decomposition, autograd, and torch's own spectral norm."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def unit(x):
    return x / x.norm()


@pytest.mark.parametrize("shape", [(3, 5), (6, 2), (4, 7)])
def test_one_step_of_power_iteration(learner, draw, shape):
    weight, u = draw.normal(*shape), unit(draw.normal(shape[0]))
    v = unit(weight.T @ u)
    assert_matches(learner.power_step(weight, u), (unit(weight @ v), v), ("u", "v"), terms=20)


@pytest.mark.builds_on("test_one_step_of_power_iteration")
def test_many_steps_find_the_largest_singular_value(learner, draw):
    left, _ = torch.linalg.qr(draw.normal(4, 4))
    right, _ = torch.linalg.qr(draw.normal(5, 5))
    weight = left @ torch.diag(torch.tensor([3.0, 1.5, 0.7, 0.2], dtype=torch.float64)) @ right[:, :4].T
    u = unit(draw.normal(4) + left[:, 0])
    for _ in range(40):
        result = learner.power_step(weight, u)
        u, v = result if isinstance(result, tuple) and len(result) == 2 else (None, None)
        assert isinstance(u, torch.Tensor), f"power_step returned {result!r}, not u and v."
    sigma = u @ weight @ v
    assert_matches(sigma, torch.tensor(3.0, dtype=torch.float64), "uᵀWv after 40 steps", terms=100)


@pytest.mark.builds_on("test_one_step_of_power_iteration")
def test_a_weight_of_zeros_is_not_divided_by_zero(learner, draw):
    weight, u = torch.zeros(3, 4, dtype=torch.float64), unit(draw.normal(3))
    zeros = torch.zeros(3, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    assert_matches(learner.power_step(weight, u), zeros, ("u", "v"))


def the_new_v(solution, weight, u, eps):
    return solution.power_step(weight, u, eps=eps)[1]


@pytest.mark.builds_on("test_one_step_of_power_iteration")
def test_lengths_below_eps_count_as_eps(learner, draw):
    weight, u = 0.01 * draw.normal(3, 4), unit(draw.normal(3))
    assert_matches(learner.run(the_new_v, weight, u, 0.5), weight.T @ u / 0.5, "v", terms=20)
    weight = 100 * weight
    v = unit(weight.T @ u)
    assert_matches(learner.power_step(weight, u, eps=1e-3), (unit(weight @ v), v), ("u", "v"), terms=20)


@pytest.mark.parametrize("shape", [(3, 5), (4, 2, 3, 2), (2, 3, 1, 4)])
def test_the_weight_is_divided(learner, draw, shape):
    weight = draw.normal(*shape)
    matrix = weight.flatten(1)
    u, v = unit(draw.normal(len(matrix))), unit(draw.normal(matrix.shape[1]))
    sigma = u @ matrix @ v
    assert_matches(learner.spectral_norm(weight, u, v), (weight / sigma, sigma), ("the weight", "σ"), terms=200)


@pytest.mark.parametrize("shape", [(3, 5), (6, 4), (4, 2, 3, 2)])
def test_the_gradient_matches_autograd(learner, draw, shape):
    weight = draw.normal(*shape).requires_grad_()
    matrix = weight.flatten(1)
    u, v = unit(matrix.detach() @ draw.normal(matrix.shape[1])), unit(draw.normal(matrix.shape[1]))
    sigma = u @ matrix @ v
    divided = weight / sigma
    grad_output = draw.like(divided)
    (expected,) = torch.autograd.grad((divided * grad_output).sum(), weight)
    got = learner.spectral_norm_backward(grad_output, weight.detach(), u, v)
    assert_matches(got, expected, "the gradient", terms=2000)


def layer_run(solution, weight, u, inputs, modes):
    layer = solution.SpectralLinear(weight, u)
    outputs, known = [], []
    for x, training in zip(inputs, modes, strict=True):
        outputs.append(layer.forward(x, training))
        known.append(layer.u.clone())
    return outputs, known, layer.weight, u


def right_run(weight, u, inputs, modes):
    given, u = u, unit(u)
    outputs, known = [], []
    for x, training in zip(inputs, modes, strict=True):
        v = unit(weight.T @ u)
        u = unit(weight @ v) if training else u
        outputs.append(x @ weight.T / (u @ weight @ v))
        known.append(u)
    return outputs, known, weight, given


@pytest.mark.parametrize("modes", [(True, True, True), (False, False), (True, False, True, False)])
def test_a_layer_keeps_what_it_knows(learner, draw, modes):
    weight, u = draw.normal(4, 3), 3 * draw.normal(4)
    inputs = [draw.normal(n + 2, 3) for n in range(len(modes))]
    names = ("the output of call", "u after call", "the weight", "the u that was given")
    expected = right_run(weight, u, inputs, modes)
    assert_matches(learner.run(layer_run, weight, u, inputs, list(modes)), expected, names, terms=200)


@pytest.mark.builds_on(
    "test_one_step_of_power_iteration", "test_the_weight_is_divided", "test_the_gradient_matches_autograd"
)
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    weight, u = draw.normal(3, 4, dtype=torch.float32), unit(draw.normal(3, dtype=torch.float32))
    for _ in range(10):
        v = unit(weight.T @ u)
        u = unit(weight @ v)
    w, given = strided(weight), (strided(u), strided(v))
    after = unit(weight.T @ u)
    assert_matches(learner.power_step(w, given[0]), (unit(weight @ after), after), ("u", "v"), terms=200)
    assert_inputs_unchanged(learner)
    sigma = u @ weight @ v
    assert_matches(learner.spectral_norm(w, *given), (weight / sigma, sigma), ("the weight", "σ"), terms=200)
    assert_inputs_unchanged(learner)
    grad_output = draw.normal(3, 4, dtype=torch.float32)
    leaf = weight.clone().requires_grad_()
    (expected,) = torch.autograd.grad((leaf / (u @ leaf @ v) * grad_output).sum(), leaf)
    actual = learner.spectral_norm_backward(strided(grad_output), w, *given)
    assert_matches(actual, expected, "the gradient", terms=200)
    assert_inputs_unchanged(learner)
