"""A few steps against torch's matrix power, many against torch.linalg.eigh; layers against a product of them."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

PAIR = ("value", "vector")


def symmetric(draw, values):
    """With these eigenvalues, and random eigenvectors, which are returned as well."""
    vectors = torch.linalg.qr(draw.normal(len(values), len(values))).Q
    return vectors * values @ vectors.T, vectors


def spread(draw, n, ratio=0.5):
    """Eigenvalues of either sign, each `ratio` times the magnitude of the one before; at least one is negative."""
    signs = torch.tensor([draw.choice([-1.0, 1.0]) for _ in range(n)], dtype=torch.float64)
    signs[draw.integer(0, n)] = -1.0
    return 3 * signs * ratio ** torch.arange(n, dtype=torch.float64)


def after(a, start, steps):
    """The pair after so many steps, through a power of the matrix that neither over- nor underflows."""
    scale = torch.linalg.matrix_norm(a, 2)
    v = torch.linalg.matrix_power(a / scale, steps) @ start
    v = v / v.norm()
    return torch.einsum("i,ij,j", v, a, v), v


def with_signs_of(actual, expected):
    """Columns turned to agree with the expected ones, for an eigenvector's sign is free."""
    if not isinstance(actual, tuple | list) or len(actual) != 2 or not isinstance(actual[1], torch.Tensor):
        return actual
    if actual[1].shape != expected.shape or actual[1].dtype != expected.dtype:
        return actual
    signs = torch.where((actual[1] * expected).sum(dim=0) < 0, -1.0, 1.0).to(expected.dtype)
    return actual[0], actual[1] * signs


def check_top(learner, a, values, vectors, starts, **options):
    k, dtype = len(starts), a.dtype
    actual = learner.top_eigenpairs(a, starts, steps=90)
    expected = (values[:k].to(dtype), vectors[:, :k].to(dtype))
    assert_matches(with_signs_of(actual, expected[1]), expected, ("values", "vectors"), **options)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_the_rayleigh_quotient(learner, draw, n):
    a, v = draw.normal(n, n), draw.uniform(n, low=1, high=3)
    expected = torch.einsum("i,ij,j", v, a, v) / v.square().sum()
    assert_matches(learner.rayleigh_quotient(a, v), expected, "the Rayleigh quotient", terms=n * n)


@pytest.mark.builds_on("test_the_rayleigh_quotient")
def test_the_rayleigh_quotient_of_an_eigenvector_is_its_eigenvalue(learner, draw):
    values = draw.uniform(4, low=-3, high=3)
    a, vectors = symmetric(draw, values)
    for i in range(4):
        v = -2.5 * vectors[:, i]
        assert_matches(learner.rayleigh_quotient(a, v), values[i], "the Rayleigh quotient", terms=40)


@pytest.mark.parametrize("n, steps", [(2, 1), (3, 2), (5, 5), (4, 12)])
def test_so_many_steps_and_no_more(learner, draw, n, steps):
    a = symmetric(draw, spread(draw, n, 0.9))[0] + 0.1 * draw.normal(n, n)
    start = draw.normal(n, std=4.0)
    assert_matches(learner.power_iteration(a, start, steps=steps), after(a, start, steps), PAIR, terms=50)


def test_no_step_leaves_the_start_at_length_one(learner, draw):
    a, start = draw.normal(3, 3), draw.uniform(3, low=2, high=4)
    assert_matches(learner.power_iteration(a, start, steps=0), after(a, start, 0), PAIR, terms=10)


@pytest.mark.builds_on("test_so_many_steps_and_no_more")
@pytest.mark.parametrize("size", [50.0, 0.01])
def test_thousands_of_steps_neither_overflow_nor_vanish(learner, draw, size):
    values = spread(draw, 4)
    a, _ = symmetric(draw, size * values)
    start = draw.normal(4)
    assert_matches(learner.power_iteration(a, start, steps=601), after(a, start, 601), PAIR, terms=50)


@pytest.mark.builds_on("test_so_many_steps_and_no_more")
def test_a_negative_eigenvalue_keeps_its_sign(learner, draw):
    values = torch.tensor([-4.0, 1.5, 0.5], dtype=torch.float64)
    a, _ = symmetric(draw, values)
    value, _ = after(a, start := draw.normal(3), 61)
    actual = learner.power_iteration(a, start, steps=61)
    assert_matches(actual[0] if isinstance(actual, tuple) and actual else actual, value, "value", terms=10)


@pytest.mark.builds_on("test_so_many_steps_and_no_more")
def test_a_vector_that_becomes_zero_raises_value_error(learner, draw):
    nilpotent = torch.tensor([[0.0, 1.0, 2.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
    start = draw.normal(3)
    assert_matches(learner.power_iteration(nilpotent, start, steps=2), after(nilpotent, start, 2), PAIR, terms=10)
    assert_raises(ValueError, learner.power_iteration, nilpotent, start, steps=3)
    zeros = torch.zeros(3, dtype=torch.float64)
    assert_raises(ValueError, learner.power_iteration, draw.normal(3, 3), zeros, steps=0)


@pytest.mark.parametrize("n, k", [(3, 1), (4, 2), (5, 3), (4, 4)])
def test_the_largest_eigenvalues_and_their_vectors(learner, draw, n, k):
    values = spread(draw, n)
    a, vectors = symmetric(draw, values)
    check_top(learner, a, values, vectors, draw.normal(k, n), terms=200)


@pytest.mark.parametrize("n, depth", [(3, 1), (4, 2), (5, 3), (3, 8), (4, 61)])
def test_layers_in_a_row(learner, draw, n, depth):
    values = torch.tensor([draw.choice([-1.0, 1.0]) for _ in range(n)]).double() * draw.uniform(n, low=0.8, high=1.2)
    a, vectors = symmetric(draw, values)
    x = draw.normal(n)
    expected = torch.linalg.matrix_power(a, depth) @ x
    assert_matches(learner.after_layers(values, vectors, x, depth), expected, "the output", terms=50 * depth)


@pytest.mark.builds_on("test_layers_in_a_row")
def test_no_layer_leaves_the_input(learner, draw):
    values = torch.tensor([0.0, -1.5, 2.0], dtype=torch.float64)
    vectors, x = symmetric(draw, values)[1], draw.normal(3)
    assert_matches(learner.after_layers(values, vectors, x, 0), x, "the output", terms=10)


@pytest.mark.builds_on("test_layers_in_a_row")
def test_a_million_layers_cost_no_more_than_one(learner, draw):
    values = torch.tensor([1.0, -1.0, 0.9], dtype=torch.float64)
    vectors, x = symmetric(draw, values)[1], draw.normal(3)
    expected = vectors[:, :2] @ (vectors[:, :2].T @ x)
    assert_matches(learner.after_layers(values, vectors, x, 10**6), expected, "the output", terms=10)


@pytest.mark.builds_on("test_the_largest_eigenvalues_and_their_vectors", "test_layers_in_a_row")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_inputs_are_left_as_they_were(learner, draw, dtype):
    values = spread(draw, 4, 0.7).to(dtype)
    a, vectors = (strided(tensor.to(dtype)) for tensor in symmetric(draw, values))
    x = strided(draw.uniform(4, low=1, high=2, dtype=dtype))
    expected = torch.einsum("i,ij,j", x, a, x) / x.square().sum()
    assert_matches(learner.rayleigh_quotient(a, x), expected, "the Rayleigh quotient", terms=50)
    assert_inputs_unchanged(learner)
    assert_matches(learner.power_iteration(a, x, steps=3), after(a, x, 3), PAIR, terms=50)
    assert_inputs_unchanged(learner)
    check_top(learner, a, values, vectors, strided(draw.normal(2, 4, dtype=dtype)), terms=50)
    assert_inputs_unchanged(learner)
    assert_matches(learner.after_layers(values, vectors, x, 3), a @ (a @ (a @ x)), "the output", terms=50)
    assert_inputs_unchanged(learner)
