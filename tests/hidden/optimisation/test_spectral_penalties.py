"""Penalties and gradients by autograd; shrunk and clipped matrices from singular values that the suite has chosen."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(5, 3), (3, 6), (4, 2)]


def directions(draw, m, n):
    r = min(m, n)
    return torch.linalg.qr(draw.normal(m, r)).Q, torch.linalg.qr(draw.normal(n, r)).Q


def weights(draw, m, n, values=None):
    """With singular values well apart: these, or random ones between 0.4 and about 3."""
    if values is None:
        values = 0.4 + draw.uniform(min(m, n), low=0.3, high=1.0).cumsum(0)
    left, right = directions(draw, m, n)
    return left * torch.as_tensor(values, dtype=torch.float64) @ right.T


def orthogonality(w):
    g = torch.einsum("oi,oj->ij", w, w) if w.shape[0] >= w.shape[1] else torch.einsum("io,jo->ij", w, w)
    return (g - torch.eye(len(g), dtype=w.dtype)).pow(2).sum()


PENALTIES = {"nuclear_norm": lambda w: torch.linalg.svdvals(w).sum(), "orthogonality": orthogonality}
penalties = pytest.mark.parametrize("name", PENALTIES)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_nuclear_norm(learner, draw, shape):
    w = weights(draw, *shape)
    assert_matches(learner.nuclear_norm(w), PENALTIES["nuclear_norm"](w), "the penalty", terms=20)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_penalty_for_not_being_orthogonal(learner, draw, shape):
    w = weights(draw, *shape)
    assert_matches(learner.orthogonality(w), orthogonality(w), "the penalty", terms=50)


def and_one(solution, w):
    """So that there is something to compare its rounding errors with."""
    return solution.orthogonality(w) + 1


@pytest.mark.builds_on("test_the_penalty_for_not_being_orthogonal")
@pytest.mark.parametrize("shape", [(5, 3), (2, 4)])
def test_orthonormal_columns_or_rows_cost_nothing(learner, draw, shape):
    left, right = directions(draw, *shape)
    one = torch.ones((), dtype=torch.float64)
    assert_matches(learner.run(and_one, left @ right.T), one, "the penalty and 1, added,", terms=50)


def check_gradient(learner, draw, name, w, terms=50):
    at = reference(PENALTIES[name], w)
    grad_output = draw.like(at.output)
    (expected,) = at.gradients(grad_output)
    assert_matches(getattr(learner, f"{name}_backward")(grad_output, w), expected, "grad_w", terms=terms)


@penalties
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_matches_autograd(learner, draw, name, shape):
    check_gradient(learner, draw, name, weights(draw, *shape))


@penalties
@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("shape", [(4, 1), (1, 3)])
def test_a_single_column_or_row(learner, draw, name, shape):
    w = weights(draw, *shape)
    assert_matches(getattr(learner, name)(w), PENALTIES[name](w), "the penalty", terms=20)
    check_gradient(learner, draw, name, w)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("shape, rank", [((5, 4), 2), ((3, 6), 1)])
def test_singular_values_of_zero_get_no_gradient(learner, draw, shape, rank):
    left, right = directions(draw, *shape)
    w = left[:, :rank] * (1 + draw.uniform(rank)) @ right[:, :rank].T
    grad_output = draw.normal()
    expected = grad_output * left[:, :rank] @ right[:, :rank].T
    assert_matches(learner.nuclear_norm_backward(grad_output, w), expected, "grad_w", terms=50)


@pytest.mark.builds_on("test_singular_values_of_zero_get_no_gradient")
@pytest.mark.parametrize("size", [1e-9, 1e12])
def test_which_singular_values_are_zero_depends_on_the_largest(learner, draw, size):
    left, right = directions(draw, 5, 4)
    w = left[:, :3] * (size * (1 + draw.uniform(3))) @ right[:, :3].T
    grad_output = draw.normal()
    expected = grad_output * left[:, :3] @ right[:, :3].T
    assert_matches(learner.nuclear_norm_backward(grad_output, w), expected, "grad_w", terms=50)


@pytest.mark.builds_on("test_singular_values_of_zero_get_no_gradient")
def test_weights_of_zero_get_no_gradient(learner, draw):
    w = torch.zeros(4, 3, dtype=torch.float64)
    assert_matches(learner.nuclear_norm_backward(draw.normal(), w), w, "grad_w")


VALUES = [0.3, 0.8, 1.7, 2.6]


@pytest.mark.parametrize("shape", [(5, 4), (4, 6)])
@pytest.mark.parametrize("amount", [0.5, 1.1, 0.1])
def test_shrunk_singular_values(learner, draw, shape, amount):
    left, right = directions(draw, *shape)
    values = torch.tensor(VALUES, dtype=torch.float64)
    expected = left * torch.relu(values - amount) @ right.T
    assert_matches(learner.shrink(left * values @ right.T, amount), expected, "the weights", terms=50)


@pytest.mark.builds_on("test_shrunk_singular_values")
def test_shrinking_by_nothing_and_by_more_than_there_is(learner, draw):
    w = weights(draw, 4, 3)
    assert_matches(learner.shrink(w, 0.0), w, "the weights", terms=50)
    assert_matches(learner.shrink(w, 9.0), torch.zeros_like(w), "the weights")


def rank_after(solution, w, amount):
    return torch.linalg.matrix_rank(solution.shrink(w, amount)).item()


@pytest.mark.builds_on("test_shrunk_singular_values")
def test_shrinking_lowers_the_rank(learner, draw):
    w = weights(draw, 7, 4, VALUES)
    assert_matches(learner.run(rank_after, w, 1.0), 2, "the rank of the shrunk weights")


@pytest.mark.parametrize("shape", [(5, 4), (4, 6)])
@pytest.mark.parametrize("most", [1.0, 2.0, 0.5])
def test_clipped_singular_values(learner, draw, shape, most):
    left, right = directions(draw, *shape)
    values = torch.tensor(VALUES, dtype=torch.float64)
    expected = left * torch.minimum(values, torch.tensor(most)) @ right.T
    assert_matches(learner.clip(left * values @ right.T, most), expected, "the weights", terms=50)


@pytest.mark.builds_on("test_clipped_singular_values")
def test_nothing_is_clipped_where_nothing_is_too_large(learner, draw):
    w = weights(draw, 3, 5)
    assert_matches(learner.clip(w, 50.0), w, "the weights", terms=50)


def stepped(w, grad, lr, strength):
    u, s, vh = torch.linalg.svd(w - lr * grad, full_matrices=False)
    return torch.einsum("or,r,ri->oi", u, torch.relu(s - lr * strength), vh)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("lr, strength", [(0.3, 2.0), (1.5, 0.4)])
def test_a_proximal_step(learner, draw, shape, lr, strength):
    w, grad = weights(draw, *shape), draw.normal(*shape)
    actual = learner.proximal_step(w, grad, lr=lr, strength=strength)
    assert_matches(actual, stepped(w, grad, lr, strength), "the weights", terms=100)


def trained(solution, x, y, steps, lr, strength):
    """Weights of a linear layer, from zeros, on the loss ½ · ‖x · wᵀ − y‖²."""
    w = x.new_zeros(y.shape[1], x.shape[1])
    for _ in range(steps):
        w = solution.proximal_step(w, (x @ w.T - y).T @ x, lr=lr, strength=strength)
    return w


@pytest.mark.builds_on("test_a_proximal_step")
def test_training_finds_weights_of_the_rank_that_the_data_have(learner, draw):
    """Orthonormal features, so that the answer is known: the least-squares weights, shrunk by the strength."""
    x = torch.linalg.qr(draw.normal(30, 5)).Q
    true = weights(draw, 4, 5, [3.0, 2.0, 0.0, 0.0])
    y = x @ (true + 0.02 * draw.normal(4, 5)).T
    w = learner.run(trained, x, y, 60, 0.5, 0.5)
    u, s, vh = torch.linalg.svd(y.T @ x, full_matrices=False)
    assert_matches(w, u * torch.relu(s - 0.5) @ vh, "the trained weights", terms=100)
    assert_matches(torch.linalg.matrix_rank(w).item(), 2, "the rank of the trained weights")


@pytest.mark.builds_on(
    "test_the_nuclear_norm",
    "test_the_penalty_for_not_being_orthogonal",
    "test_the_gradient_matches_autograd",
    "test_shrunk_singular_values",
    "test_clipped_singular_values",
    "test_a_proximal_step",
)
def test_weights_of_float32_are_left_as_they_were(learner, draw):
    w, grad = strided(weights(draw, 4, 3).float()), strided(draw.normal(4, 3).float())
    for name, penalty in PENALTIES.items():
        assert_matches(getattr(learner, name)(w), penalty(w), "the penalty", terms=50)
        assert_inputs_unchanged(learner)
        check_gradient(learner, draw, name, w, terms=200)
        assert_inputs_unchanged(learner)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    assert_matches(learner.shrink(w, 0.5), u * torch.relu(s - 0.5) @ vh, "the weights", terms=50)
    assert_inputs_unchanged(learner)
    assert_matches(learner.clip(w, 1.0), u * s.clamp(max=1.0) @ vh, "the weights", terms=50)
    assert_inputs_unchanged(learner)
    actual = learner.proximal_step(w, grad, lr=0.5, strength=0.7)
    assert_matches(actual, stepped(w, grad, 0.5, 0.7), "the weights", terms=100)
    assert_inputs_unchanged(learner)
