"""Each function against torch: linalg.eig, matrix_power, matrix_exp, and the matrices themselves."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

PAIR = ("values", "vectors")
NAMES = ["add", "scale", "power", "exp", "inverse", "transpose", "similar"]


def independent(draw, n):
    """Columns neither at right angles nor of length 1, but far from dependent."""
    slanted = torch.eye(n).double() + draw.uniform(n, n, low=0.3, high=0.6).triu(1)
    return torch.linalg.qr(draw.normal(n, n)).Q @ slanted * draw.uniform(n, low=0.8, high=1.6)


def spread(draw, n):
    """Eigenvalues of both signs, none near another or near 0."""
    signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(n)[:n]
    values = (signs * torch.linspace(0.5, 1.4, n, dtype=torch.float64) + draw.uniform(n, low=0, high=0.05)).double()
    return values[draw.permutation(n)]


def matrix(values, vectors):
    return vectors @ torch.diag(values) @ torch.linalg.inv(vectors)


def check_eigen(learner, a):
    values, vectors = (part.real for part in torch.linalg.eig(a))
    order = values.argsort(descending=True)
    values, vectors = values[order], vectors[:, order]
    actual = learner.eigen_2x2(a)
    fits = isinstance(actual, tuple | list) and len(actual) == 2 and isinstance(actual[1], torch.Tensor)
    if fits and actual[1].shape == a.shape and actual[1].dtype == a.dtype:
        signs = torch.where((actual[1] * vectors).sum(dim=0) < 0, -1.0, 1.0).double()
        actual = actual[0], actual[1] * signs
    assert_matches(actual, (values, vectors), PAIR, terms=50)


def test_two_eigenvalues_and_their_eigenvectors(learner, draw):
    for _ in range(4):
        low = draw.uniform(1, low=-2, high=1)
        values = torch.cat([low, low + draw.uniform(1, low=0.5, high=3)])
        check_eigen(learner, matrix(values, independent(draw, 2)))


@pytest.mark.builds_on("test_two_eigenvalues_and_their_eigenvectors")
@pytest.mark.parametrize(
    "rows",
    [[[1, 0], [3, 2]], [[2, 0], [3, 1]], [[1, 3], [0, 2]], [[2, 3], [0, 1]], [[-1, 0], [0, 4]], [[4, 0], [0, -1]]],
)
def test_matrices_with_zeros_beside_the_diagonal(learner, rows):
    check_eigen(learner, torch.tensor(rows, dtype=torch.float64))


@pytest.mark.builds_on("test_two_eigenvalues_and_their_eigenvectors")
def test_eigenvalues_that_are_opposite_or_zero(learner):
    check_eigen(learner, torch.tensor([[0.0, 2.0], [8.0, 0.0]], dtype=torch.float64))
    check_eigen(learner, torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64))


def test_a_multiple_of_the_identity(learner):
    for factor in (2.5, -3.0, 0.0):
        identity = torch.eye(2, dtype=torch.float64)
        expected = torch.tensor([factor, factor], dtype=torch.float64), identity
        assert_matches(learner.eigen_2x2(factor * identity), expected, PAIR)


@pytest.mark.parametrize("rows", [[[0, -1], [1, 0]], [[3, -4], [4, 3]], [[1, 5], [-2, 2]]])
def test_eigenvalues_that_are_not_real_raise_value_error(learner, rows):
    assert_raises(ValueError, learner.eigen_2x2, torch.tensor(rows, dtype=torch.float64))


@pytest.mark.parametrize("rows", [[[3, 1], [0, 3]], [[3, 0], [-2, 3]], [[2, -1], [1, 0]], [[0, 1], [0, 0]]])
def test_too_few_eigenvectors_raise_value_error(learner, rows):
    assert_raises(ValueError, learner.eigen_2x2, torch.tensor(rows, dtype=torch.float64))


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_matrix_from_its_eigenvectors(learner, draw, n):
    values, vectors = spread(draw, n), independent(draw, n)
    assert_matches(learner.from_eigen(values, vectors), matrix(values, vectors), "A", terms=50)


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("k", [1, 2, 5, 12])
def test_a_power(learner, draw, n, k):
    values, vectors = spread(draw, n), independent(draw, n)
    expected = torch.linalg.matrix_power(matrix(values, vectors), k)
    assert_matches(learner.power(values, vectors, k), expected, f"A to the power {k}", terms=500)


@pytest.mark.builds_on("test_a_power")
@pytest.mark.parametrize("k", [0, -1, -3])
def test_a_power_that_is_not_positive(learner, draw, k):
    values, vectors = spread(draw, 3), independent(draw, 3)
    expected = torch.linalg.matrix_power(matrix(values, vectors), k)
    assert_matches(learner.power(values, vectors, k), expected, f"A to the power {k}", terms=500)


@pytest.mark.builds_on("test_a_power")
def test_powers_of_a_singular_matrix(learner, draw):
    values, vectors = spread(draw, 3), independent(draw, 3)
    values[1] = 0
    identity = torch.eye(3, dtype=torch.float64)
    assert_matches(learner.power(values, vectors, 0), identity, "A to the power 0", terms=50)
    expected = torch.linalg.matrix_power(matrix(values, vectors), 2)
    assert_matches(learner.power(values, vectors, 2), expected, "A to the power 2", terms=50)
    assert_raises(ValueError, learner.power, values, vectors, -1)


@pytest.mark.builds_on("test_a_power")
def test_a_power_that_a_loop_does_not_live_to_see(learner, draw):
    values, vectors = torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64), independent(draw, 3)
    expected = matrix(torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64), vectors)
    assert_matches(learner.power(values, vectors, 10**15), expected, "A to the power 10¹⁵", terms=50)


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("t", [1.0, 0.4, -1.7])
def test_the_exponential(learner, draw, n, t):
    values, vectors = spread(draw, n), independent(draw, n)
    expected = torch.linalg.matrix_exp(t * matrix(values, vectors))
    assert_matches(learner.exponential(values, vectors, t), expected, "the exponential", terms=500)


@pytest.mark.builds_on("test_the_exponential")
def test_the_exponential_at_time_zero(learner, draw):
    result = learner.exponential(spread(draw, 3), independent(draw, 3), 0.0)
    assert_matches(result, torch.eye(3, dtype=torch.float64), "the exponential", terms=50)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_map_in_another_basis(learner, draw, n):
    a, basis = draw.normal(n, n), independent(draw, n)
    assert_matches(learner.in_basis(a, basis), torch.linalg.inv(basis) @ a @ basis, "M", terms=50)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_the_characteristic_polynomial(learner, draw, n):
    """Against n + 1 determinants: a polynomial of degree n is known by as many values."""
    values, vectors = 1.5 * spread(draw, n), independent(draw, n)
    at = torch.linspace(-2, 2, n + 1, dtype=torch.float64)
    a = matrix(values, vectors)
    heights = torch.stack([torch.linalg.det(x * torch.eye(n).double() - a) for x in at])
    expected = torch.linalg.solve(torch.vander(at), heights)
    assert_matches(learner.characteristic_polynomial(values), expected, "the polynomial", terms=100)


@pytest.mark.builds_on("test_the_characteristic_polynomial")
def test_the_polynomial_of_repeated_eigenvalues_and_zeros(learner):
    for values, expected in [
        ([2.0, 2.0, 2.0], [1.0, -6.0, 12.0, -8.0]),
        ([0.0, 3.0], [1.0, -3.0, 0.0]),
        ([0.0], [1.0, 0.0]),
    ]:
        result = learner.characteristic_polynomial(torch.tensor(values, dtype=torch.float64))
        assert_matches(result, torch.tensor(expected, dtype=torch.float64), f"the polynomial for {values}")


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_trace_and_the_determinant(learner, draw, n):
    a = draw.normal(n, n) + 2 * torch.eye(n).double()
    at = torch.linspace(-3, 3, n + 1, dtype=torch.float64)
    heights = torch.stack([torch.linalg.det(x * torch.eye(n).double() - a) for x in at])
    polynomial = torch.linalg.solve(torch.vander(at), heights)
    expected = torch.trace(a), torch.linalg.det(a)
    assert_matches(learner.trace_and_determinant(polynomial), expected, ("trace", "determinant"), terms=5000)


def number(draw, name):
    """A number for an operation, so that no eigenvalue between 0.2 and 3 grows huge or comes near 0."""
    if name == "power":
        return draw.integer(2, 4)
    return round(draw.uniform(1, low=0.4, high=0.9).item(), 3)


def changed(a, vectors, name, c, basis):
    """The matrix after an operation, and its eigenvectors in their order."""
    if name == "add":
        return a + c * torch.eye(len(a)).double(), vectors
    if name == "scale":
        return c * a, vectors
    if name == "power":
        return torch.linalg.matrix_power(a, c), vectors
    if name == "exp":
        return torch.linalg.matrix_exp(c * a), vectors
    if name == "inverse":
        return torch.linalg.inv(a), vectors
    if name == "transpose":
        return a.T, torch.linalg.inv(vectors).T
    return torch.linalg.inv(basis) @ a @ basis, torch.linalg.inv(basis) @ vectors


def check_operations(learner, draw, names):
    values, vectors = draw.uniform(3, low=0.5, high=1.5), independent(draw, 3)
    operations = [(name, number(draw, name)) for name in names]
    a = matrix(values, vectors)
    for name, c in operations:
        a, vectors = changed(a, vectors, name, c, independent(draw, 3))
    expected = (torch.linalg.inv(vectors) @ a @ vectors).diagonal()
    assert_matches(
        learner.eigenvalues_after(values, operations),
        expected,
        f"the list of eigenvalues after {operations}",
        terms=5000,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_eigenvalues_after_one_operation(learner, draw, name):
    check_operations(learner, draw, [name])


@pytest.mark.builds_on("test_the_eigenvalues_after_one_operation")
def test_the_eigenvalues_after_several_operations(learner, draw):
    check_operations(learner, draw, ["add", "scale"])
    check_operations(learner, draw, ["power", "add"])
    for _ in range(4):
        check_operations(learner, draw, [NAMES[i] for i in draw.permutation(len(NAMES))[:3]])


@pytest.mark.builds_on("test_the_eigenvalues_after_one_operation")
def test_negative_eigenvalues_and_no_operation_at_all(learner, draw):
    values = torch.tensor([-1.5, 0.5, -0.25], dtype=torch.float64)
    assert_matches(learner.eigenvalues_after(values, []), values, "the list of eigenvalues after []")
    result = learner.eigenvalues_after(values, [("power", 3), ("inverse", 0.0)])
    assert_matches(result, values**-3.0, "the list of eigenvalues after [('power', 3), ('inverse', 0.0)]")


@pytest.mark.builds_on(
    "test_two_eigenvalues_and_their_eigenvectors",
    "test_a_power",
    "test_a_map_in_another_basis",
    "test_the_eigenvalues_after_several_operations",
)
def test_inputs_are_left_as_they_were(learner, draw):
    values, vectors, basis = spread(draw, 3), strided(independent(draw, 3)), strided(independent(draw, 3))
    a = strided(matrix(values, vectors))
    pairs = values[0] * values[1] + values[0] * values[2] + values[1] * values[2]
    coefficients = torch.stack([torch.ones_like(pairs), -values.sum(), pairs, -values.prod()])
    check_eigen(learner, strided(matrix(torch.tensor([2.0, -1.0]).double(), independent(draw, 2))))
    assert_inputs_unchanged(learner)
    for call, expected, name in [
        (lambda: learner.from_eigen(values, vectors), a, "A"),
        (lambda: learner.power(values, vectors, 2), a @ a, "A to the power 2"),
        (lambda: learner.exponential(values, vectors, 0.5), torch.linalg.matrix_exp(0.5 * a), "the exponential"),
        (lambda: learner.in_basis(a, basis), torch.linalg.inv(basis) @ a @ basis, "M"),
        (lambda: learner.characteristic_polynomial(values), coefficients, "the polynomial"),
        (
            lambda: learner.eigenvalues_after(values, [("add", 1.0), ("scale", 2.0)]),
            2 * values + 2,
            "the list of eigenvalues",
        ),
    ]:
        assert_matches(call(), expected, name, terms=500)
        assert_inputs_unchanged(learner)
