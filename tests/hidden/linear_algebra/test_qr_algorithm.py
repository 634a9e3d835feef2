"""Each part by itself, then eigenvalues and eigenvectors against torch.linalg.eigh, up to signs."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

PAIR = ("values", "vectors")
IDENTITY = "vectorsᵀ · vectors", "vectors · diag(values) · vectorsᵀ"


def symmetric(draw, values):
    """With these eigenvalues."""
    values = torch.as_tensor(values, dtype=torch.float64)
    vectors = torch.linalg.qr(draw.normal(len(values), len(values))).Q
    a = vectors * values @ vectors.T
    return (a + a.T) / 2


def spread(draw, n):
    """Eigenvalues of either sign, at least 1/2 apart."""
    return (torch.arange(n) - draw.integer(1, n + 1) + draw.uniform(n, low=0, high=0.5)).double() + 0.2


def factors(a):
    """torch's, with the signs chosen so that R's diagonal is positive."""
    q, r = torch.linalg.qr(a)
    signs = torch.where(r.diagonal() < 0, -1.0, 1.0).to(a.dtype)
    return q * signs, signs[:, None] * r


def stepped(a, shift):
    identity = torch.eye(len(a), dtype=torch.float64)
    q, _ = factors(a - shift * identity)
    return q.T @ a @ q, q


def check_eigh(learner, a):
    actual, expected = learner.eigh(a), tuple(torch.linalg.eigh(a))
    fits = isinstance(actual, tuple | list) and len(actual) == 2 and isinstance(actual[1], torch.Tensor)
    if fits and actual[1].shape == a.shape and actual[1].dtype == a.dtype:
        signs = torch.where((actual[1] * expected[1]).sum(dim=0) < 0, -1.0, 1.0).double()
        actual = actual[0], actual[1] * signs
    assert_matches(actual, expected, PAIR, terms=200)


@pytest.mark.parametrize("m", [2, 3, 6])
def test_the_mirror_throws_a_vector_onto_the_first_axis(learner, draw, m):
    for sign in (1.0, -1.0):
        x = draw.normal(m)
        x[0] = sign * x[0].abs()
        v = x.clone()
        v[0] += sign * x.norm()
        assert_matches(learner.reflector(x), v / v.norm(), "v", terms=10)


@pytest.mark.builds_on("test_the_mirror_throws_a_vector_onto_the_first_axis")
def test_mirrors_of_special_vectors(learner):
    for x, v in [
        ([0.0, 2.0], [0.5**0.5, 0.5**0.5]),
        ([-3.0], [-1.0]),
        ([3.0, 0.0], [1.0, 0.0]),
        ([0.0] * 3, [0.0] * 3),
    ]:
        x, v = torch.tensor(x, dtype=torch.float64), torch.tensor(v, dtype=torch.float64)
        assert_matches(learner.reflector(x), v, f"v for {x.tolist()}")


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_factors_by_reflections(learner, draw, n):
    a = symmetric(draw, spread(draw, n) + 0.1) + 0.1 * draw.normal(n, n)
    assert_matches(learner.qr(a), factors(a), ("q", "r"), terms=500)


@pytest.mark.builds_on("test_the_factors_by_reflections")
def test_the_factors_of_a_matrix_with_a_zero_column(learner, draw):
    a = draw.normal(3, 3)
    a[:, 2] = 0
    actual = learner.qr(a)
    assert_matches(
        actual[1] if isinstance(actual, tuple | list) and len(actual) == 2 else actual, factors(a)[1], "r", terms=50
    )


@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_shift_is_the_nearer_eigenvalue_of_the_last_block(learner, draw, n):
    for _ in range(6):
        a = draw.normal(n, n)
        a = a + a.T
        both = torch.linalg.eigvalsh(a[-2:, -2:])
        expected = both[(both - a[-1, -1]).abs().argmin()].item()
        assert_matches(learner.wilkinson_shift(a), expected, "the shift", terms=10)


@pytest.mark.builds_on("test_the_shift_is_the_nearer_eigenvalue_of_the_last_block")
def test_the_shift_where_there_is_nothing_to_choose(learner):
    diagonal = torch.diag(torch.tensor([1.0, 4.0, -2.5], dtype=torch.float64))
    assert_matches(learner.wilkinson_shift(diagonal), -2.5, "the shift of a diagonal block")
    assert_matches(learner.wilkinson_shift(3 * torch.eye(2).double()), 3.0, "the shift of a multiple of the identity")
    equal = learner.wilkinson_shift(torch.tensor([[5.0, 2.0], [2.0, 5.0]], dtype=torch.float64))
    nearest = 3.0 if isinstance(equal, float | torch.Tensor) and bool((torch.as_tensor(equal) < 5).all()) else 7.0
    assert_matches(equal, nearest, "the shift of a block with equal diagonal entries")


@pytest.mark.builds_on("test_the_factors_by_reflections")
@pytest.mark.parametrize("n", [2, 3, 6])
@pytest.mark.parametrize("shift", [0.0, 1.3, -0.7])
def test_one_shifted_step(learner, draw, n, shift):
    a = symmetric(draw, 2 * spread(draw, n) + 10)
    assert_matches(learner.qr_step(a, shift), stepped(a, shift), ("b", "q"), terms=500)


@pytest.mark.builds_on("test_one_shifted_step")
@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_all_eigenvalues_and_eigenvectors(learner, draw, n):
    check_eigh(learner, symmetric(draw, spread(draw, n)))


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_eigenvalues_of_equal_magnitude(learner, draw):
    check_eigh(learner, symmetric(draw, [-3.0, 3.0, 1.0, -1.0]))


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_eigenvalues_that_are_zero(learner, draw):
    check_eigh(learner, symmetric(draw, [-2.0, 0.0, 1.0]))


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_a_single_number_and_a_diagonal_matrix(learner):
    check_eigh(learner, torch.tensor([[-4.0]], dtype=torch.float64))
    check_eigh(learner, torch.diag(torch.tensor([2.0, -1.0, 5.0, 0.5], dtype=torch.float64)))


def products(solution, a):
    """What doesn't depend on the choice of a basis where an eigenvalue is repeated."""
    values, vectors = solution.eigh(a)
    return values, vectors.T @ vectors, vectors * values @ vectors.T


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_repeated_eigenvalues(learner, draw):
    values = torch.tensor([-1.0, 2.0, 2.0, 2.0, 3.0], dtype=torch.float64)
    a = symmetric(draw, values)
    expected = values, torch.eye(5, dtype=torch.float64), a
    assert_matches(learner.run(products, a), expected, ("values", *IDENTITY), terms=200)
    zeros = torch.zeros(2, 2, dtype=torch.float64)
    expected = zeros[0], torch.eye(2, dtype=torch.float64), zeros
    assert_matches(learner.run(products, zeros), expected, ("values", *IDENTITY))


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_all_of_the_last_row_has_to_be_negligible(learner, draw):
    a = symmetric(draw, 2 * spread(draw, 4))
    a[3, 2] = a[2, 3] = 0
    actual = learner.run(products, a)
    expected = torch.linalg.eigvalsh(a), torch.eye(4, dtype=torch.float64), a
    assert_matches(actual, expected, ("values", *IDENTITY), terms=200)


@pytest.mark.builds_on("test_all_eigenvalues_and_eigenvectors")
def test_inputs_are_left_as_they_were(learner, draw):
    a = strided(symmetric(draw, 2 * spread(draw, 4) + 10))
    x = strided(a[0])
    v = x.clone()
    v[0] += x.norm() if x[0] >= 0 else -x.norm()
    assert_matches(learner.reflector(x), v / v.norm(), "v", terms=10)
    assert_inputs_unchanged(learner)
    assert_matches(learner.qr(a), factors(a), ("q", "r"), terms=200)
    assert_inputs_unchanged(learner)
    assert_matches(learner.qr_step(a, 0.3), stepped(a, 0.3), ("b", "q"), terms=200)
    assert_inputs_unchanged(learner)
    check_eigh(learner, a)
    assert_inputs_unchanged(learner)
