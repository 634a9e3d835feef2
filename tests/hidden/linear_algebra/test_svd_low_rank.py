"""Factors against torch.linalg.svd up to signs; errors against the norms of what is really left."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

HALF = 0.5**0.5


def matrix(draw, m, n, values=None):
    """Random, with these singular values; otherwise well apart, between 1 and 4."""
    r = min(m, n)
    if values is None:
        values = 4 * 0.25 ** (torch.linspace(0, 1, r, dtype=torch.float64) if r > 1 else torch.zeros(1).double())
    left, right = torch.linalg.qr(draw.normal(m, r)).Q, torch.linalg.qr(draw.normal(n, r)).Q
    return left * torch.as_tensor(values, dtype=torch.float64) @ right.T


def factors(a):
    return tuple(torch.linalg.svd(a, full_matrices=False))


def turned(actual, expected, u, vh):
    """Column i of the part `u` and row i of the part `vh` turned together, so as to agree with the expected ones."""
    if not isinstance(actual, tuple | list) or len(actual) != len(expected):
        return actual
    if any(
        not isinstance(mine, torch.Tensor) or mine.shape != right.shape
        for mine, right in zip(actual, expected, strict=True)
    ):
        return actual
    if any(mine.dtype != right.dtype for mine, right in zip(actual, expected, strict=True)):
        return actual
    signs = torch.where((actual[vh] * expected[vh]).sum(dim=1) < 0, -1.0, 1.0).to(expected[vh].dtype)
    result = list(actual)
    result[u], result[vh] = actual[u] * signs, signs[:, None] * actual[vh]
    return tuple(result)


def check_svd(learner, a, **options):
    expected = factors(a)
    assert_matches(turned(learner.svd(a), expected, 0, 2), expected, ("u", "s", "vh"), **options)


def right_angle(p, q):
    """Cosine and sine through the angle itself: tan 2θ = 2 p·q / (q·q − p·p)."""
    angle = torch.atan(2 * (p * q).sum() / (q.square().sum() - p.square().sum())) / 2
    return angle.cos().item(), angle.sin().item()


@pytest.mark.parametrize("m", [2, 3, 7])
def test_the_rotation_that_makes_a_right_angle(learner, draw, m):
    for _ in range(5):
        p, q = draw.normal(m), draw.normal(m)
        assert_matches(learner.rotation(p, q), right_angle(p, q), ("c", "s"), terms=10)


@pytest.mark.builds_on("test_the_rotation_that_makes_a_right_angle")
def test_vectors_at_right_angles_are_not_turned(learner):
    p, q = torch.tensor([1.0, 2.0, 0.0]).double(), torch.tensor([-6.0, 3.0, 1.0]).double()
    assert_matches(learner.rotation(p, q), (1.0, 0.0), ("c", "s"))
    assert_matches(learner.rotation(q, p), (1.0, 0.0), ("c", "s"))
    assert_matches(learner.rotation(torch.zeros(3).double(), q), (1.0, 0.0), ("c", "s"))


@pytest.mark.builds_on("test_the_rotation_that_makes_a_right_angle")
def test_vectors_of_the_same_length_are_turned_by_45_degrees(learner):
    p, q = torch.tensor([3.0, 4.0]).double(), torch.tensor([5.0, 0.0]).double()
    for other in (q, -q):
        actual = learner.rotation(p, other)
        is_pair = isinstance(actual, tuple | list) and len(actual) == 2
        sign = -1.0 if is_pair and isinstance(actual[1], float) and actual[1] < 0 else 1.0
        assert_matches(actual, (HALF, sign * HALF), ("c", "s"))


@pytest.mark.parametrize("m, n", [(3, 2), (5, 3), (4, 4), (8, 5)])
def test_the_factors_match_torch_up_to_signs(learner, draw, m, n):
    check_svd(learner, matrix(draw, m, n), terms=100)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
@pytest.mark.parametrize("m, n", [(2, 3), (3, 6)])
def test_a_matrix_that_is_wider_than_high(learner, draw, m, n):
    check_svd(learner, matrix(draw, m, n), terms=100)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
@pytest.mark.parametrize("m, n", [(4, 1), (1, 3)])
def test_a_single_column_and_a_single_row(learner, draw, m, n):
    check_svd(learner, matrix(draw, m, n), terms=10)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_a_small_singular_value_keeps_its_digits(learner, draw):
    """The root of an eigenvalue of aᵀa is off by up to 1e-8 here."""
    values = torch.tensor([2.0, 1.0, 3e-9], dtype=torch.float64)
    actual = learner.svd(matrix(draw, 5, 3, values))
    s = actual[1] if isinstance(actual, tuple | list) and len(actual) == 3 else actual
    assert_matches(s, values, "s", rtol=1e-10)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_columns_that_are_orthogonal_already_are_only_sorted(learner):
    a = torch.tensor([[0.0, 3.0, 0.0], [0.0, 0.0, -5.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
    check_svd(learner, a)


@pytest.mark.parametrize("m, n, k", [(4, 3, 1), (3, 5, 2), (6, 4, 3), (4, 3, 3), (2, 5, 2)])
def test_the_nearest_matrix_of_rank_k(learner, draw, m, n, k):
    u, s, vh = factors(matrix(draw, m, n))
    expected = torch.einsum("ik,k,kj->ij", u[:, :k], s[:k], vh[:k])
    assert_matches(learner.low_rank(u, s, vh, k), expected, "the approximation", terms=10)


@pytest.mark.parametrize("m, n, k", [(4, 3, 1), (3, 5, 2), (7, 6, 3), (5, 4, 0)])
def test_the_errors_are_the_norms_of_what_is_left(learner, draw, m, n, k):
    a = matrix(draw, m, n)
    u, s, vh = factors(a)
    left = a - torch.einsum("ik,k,kj->ij", u[:, :k], s[:k], vh[:k])
    expected = torch.linalg.matrix_norm(left, 2), torch.linalg.matrix_norm(left)
    assert_matches(learner.truncation_errors(s, k), expected, ("spectral", "frobenius"), terms=100)


@pytest.mark.builds_on("test_the_errors_are_the_norms_of_what_is_left")
def test_the_full_rank_leaves_no_error(learner, draw):
    zero = torch.zeros((), dtype=torch.float64)
    s = draw.uniform(3, low=1, high=2).sort(descending=True).values
    assert_matches(learner.truncation_errors(s, 3), (zero, zero), ("spectral", "frobenius"))


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
@pytest.mark.parametrize("m, n, k", [(5, 4, 2), (3, 5, 1), (4, 3, 3)])
def test_a_layer_in_two_thin_ones(learner, draw, m, n, k):
    weight = matrix(draw, m, n)
    u, s, vh = factors(weight)
    expected = u[:, :k] * s[:k].sqrt(), s[:k, None].sqrt() * vh[:k]
    assert_matches(turned(learner.compress_layer(weight, k), expected, 0, 1), expected, ("up", "down"), terms=100)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs", "test_a_layer_in_two_thin_ones")
def test_inputs_are_left_as_they_were(learner, draw):
    a = strided(matrix(draw, 5, 3))
    check_svd(learner, a, terms=100)
    assert_inputs_unchanged(learner)
    u, s, vh = (strided(factor) for factor in factors(a))
    assert_matches(learner.low_rank(u, s, vh, 2), u[:, :2] * s[:2] @ vh[:2], "the approximation", terms=10)
    assert_inputs_unchanged(learner)
    assert_matches(learner.truncation_errors(s, 2), (s[2], s[2]), ("spectral", "frobenius"))
    assert_inputs_unchanged(learner)
    expected = u[:, :2] * s[:2].sqrt(), s[:2, None].sqrt() * vh[:2]
    assert_matches(turned(learner.compress_layer(a, 2), expected, 0, 1), expected, ("up", "down"), terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_nearest_matrix_of_rank_k", "test_the_errors_are_the_norms_of_what_is_left")
def test_approximations_and_errors_in_float32(learner, draw):
    u, s, vh = (factor.float() for factor in factors(matrix(draw, 4, 3)))
    assert_matches(learner.low_rank(u, s, vh, 2), u[:, :2] * s[:2] @ vh[:2], "the approximation", terms=10)
    assert_matches(learner.truncation_errors(s, 1), (s[1], s[1:].norm()), ("spectral", "frobenius"), terms=10)
