"""Factors against torch.linalg.lu, whose pivots are the same; determinants against torch.linalg.det."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

NAMES = ("perm", "lower", "upper")
NOT_SQUARE = [(2, 3), (3, 2), (4,), (2, 3, 3)]


def matrix(draw, n):
    """Random, with singular values between 1 and 4."""
    left, right = torch.linalg.qr(draw.normal(n, n)).Q, torch.linalg.qr(draw.normal(n, n)).Q
    return left * draw.uniform(n, low=1, high=4) @ right


def factors(a):
    rows, lower, upper = torch.linalg.lu(a)
    return rows.argmax(dim=0), lower, upper


def check_lu(learner, a):
    assert_matches(learner.lu(a), factors(a), NAMES, terms=100)


def diagonal_first(draw, n):
    """A matrix in which every pivot stands on the diagonal already."""
    return draw.uniform(n, n, low=-1, high=1) + 2 * n * torch.eye(n, dtype=torch.float64)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_factors_where_no_row_is_swapped(learner, draw, n):
    check_lu(learner, diagonal_first(draw, n))


@pytest.mark.builds_on("test_factors_where_no_row_is_swapped")
@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_factors_with_pivoting(learner, draw, n):
    check_lu(learner, matrix(draw, n))


@pytest.mark.builds_on("test_factors_where_no_row_is_swapped")
def test_the_permutation_is_the_order_of_the_rows(learner, draw):
    order = torch.tensor([2, 0, 3, 1])  # a cycle, which isn't its own inverse
    check_lu(learner, diagonal_first(draw, 4)[order])


@pytest.mark.builds_on("test_factors_with_pivoting")
@pytest.mark.parametrize("tiny", [0.0, 1e-15])
def test_factors_with_a_bad_entry_on_the_diagonal(learner, draw, tiny):
    check_lu(learner, torch.tensor([[tiny, 2.0, 1.0], [1.0, 1.0, 3.0], [-2.0, 1.5, 1.0]], dtype=torch.float64))


@pytest.mark.builds_on("test_factors_with_pivoting")
def test_among_entries_of_equal_magnitude_the_first_is_the_pivot(learner):
    check_lu(learner, torch.tensor([[1.0, 2.0, 1.0], [-2.0, 3.0, 1.0], [2.0, 0.0, 5.0]], dtype=torch.float64))


@pytest.mark.builds_on("test_factors_with_pivoting")
def test_small_pivots_are_not_zero(learner, draw):
    a = matrix(draw, 4) * 2.0**-50
    check_lu(learner, a)
    assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", terms=100, relative=True)


@pytest.mark.builds_on("test_factors_with_pivoting")
@pytest.mark.parametrize("column", [0, 1, 3])
def test_factors_of_a_matrix_with_a_column_of_zeros(learner, draw, column):
    a = matrix(draw, 4)
    a[:, column] = 0
    check_lu(learner, a)


def test_factors_of_a_single_number(learner):
    check_lu(learner, torch.tensor([[-3.0]], dtype=torch.float64))


@pytest.mark.builds_on("test_factors_with_pivoting")
def test_factors_of_float32_stay_float32(learner, draw):
    check_lu(learner, diagonal_first(draw, 4).flip(0).float())


@pytest.mark.builds_on("test_factors_with_pivoting")
def test_a_matrix_is_left_as_it_was(learner, draw):
    a = matrix(draw, 4)
    assert_matches(learner.lu(strided(a)), factors(a), NAMES, terms=100)
    assert_inputs_unchanged(learner)
    assert_matches(learner.lu(a), factors(a), NAMES, terms=100)
    assert_inputs_unchanged(learner)


def check_solve(learner, a, b, change=lambda tensor: tensor):
    result = learner.solve(*map(change, factors(a)), change(b))
    assert_matches(result, torch.linalg.solve(a, b), "x", terms=100)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_solving_with_factors_where_no_row_was_swapped(learner, draw, n):
    check_solve(learner, diagonal_first(draw, n), 9 * draw.normal(n))


@pytest.mark.builds_on("test_solving_with_factors_where_no_row_was_swapped")
def test_the_right_hand_side_follows_the_rows(learner, draw):
    order = torch.tensor([2, 0, 3, 1])  # a cycle, which isn't its own inverse
    check_solve(learner, diagonal_first(draw, 4)[order], 9 * draw.normal(4))


@pytest.mark.builds_on("test_the_right_hand_side_follows_the_rows")
@pytest.mark.parametrize("n, k", [(3, 2), (4, 7), (5, 1), (1, 3)])
def test_several_right_hand_sides(learner, draw, n, k):
    check_solve(learner, matrix(draw, n), draw.normal(n, k))


@pytest.mark.builds_on("test_several_right_hand_sides")
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_solving_in_float32_leaves_factors_and_right_hand_sides_alone(learner, draw, layout):
    a = diagonal_first(draw, 4).flip(0).float()
    for b in (draw.normal(4, dtype=torch.float32), draw.normal(4, 3, dtype=torch.float32)):
        check_solve(learner, a, 9 * b, layout)
        assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape", NOT_SQUARE)
@pytest.mark.parametrize("name", ["lu", "determinant", "determinant_by_cofactors"])
def test_what_is_not_square_raises_value_error(learner, draw, name, shape):
    assert_raises(ValueError, getattr(learner, name), draw.normal(*shape))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8])
def test_the_determinant_by_elimination(learner, draw, n):
    a = matrix(draw, n)
    assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", terms=100)


def test_every_swap_of_rows_turns_the_sign(learner, draw):
    for order in torch.cartesian_prod(*[torch.arange(4)] * 4):
        if len(set(order.tolist())) == 4:
            a = diagonal_first(draw, 4)[order]
            assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", terms=100)


@pytest.mark.builds_on("test_the_determinant_by_elimination")
def test_the_determinant_of_a_singular_matrix_is_zero(learner, draw):
    a = matrix(draw, 4)
    a[:, 1] = 0
    assert_matches(learner.determinant(a), torch.zeros((), dtype=torch.float64), "the determinant")


@pytest.mark.builds_on("test_the_determinant_by_elimination")
def test_the_determinant_in_float32_and_of_an_input_left_alone(learner, draw):
    a = diagonal_first(draw, 3).flip(0).float()
    assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_determinant_by_cofactors(learner, draw, n):
    a = matrix(draw, n)
    assert_matches(learner.determinant_by_cofactors(a), torch.linalg.det(a), "the determinant", terms=100)


@pytest.mark.builds_on("test_the_determinant_by_cofactors")
def test_cofactors_of_whole_numbers_are_exact(learner, draw):
    a = draw.integers(-9, 10, 4, 4) + 30 * torch.eye(4, dtype=torch.int64)
    exact = torch.linalg.det(a.double()).round().long()
    assert_matches(learner.determinant_by_cofactors(a), exact, "the determinant")
    assert_inputs_unchanged(learner)
