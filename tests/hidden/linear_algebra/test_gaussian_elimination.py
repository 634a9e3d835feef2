"""Against torch.linalg, on matrices drawn at random, and on those that need pivots or have none."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def system(draw, n, *columns):
    """A well-conditioned matrix and right-hand sides."""
    return draw.normal(n, n) + 3 * torch.eye(n, dtype=torch.float64)[draw.permutation(n)], draw.normal(n, *columns)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_the_solution_matches_torch(learner, draw, n):
    a, b = system(draw, n)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)


@pytest.mark.builds_on("test_the_solution_matches_torch")
@pytest.mark.parametrize("n, columns", [(3, 2), (4, 6), (2, 1)])
def test_several_right_hand_sides_at_once(learner, draw, n, columns):
    a, b = system(draw, n, columns)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)


@pytest.mark.builds_on("test_the_solution_matches_torch")
def test_a_zero_on_the_diagonal_needs_a_pivot(learner, draw):
    a = torch.tensor([[0.0, 2.0, 1.0], [1.0, 0.0, 3.0], [2.0, 1.0, 0.0]], dtype=torch.float64)
    b = draw.normal(3)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)
    a = torch.tensor([[1.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 1.0, 0.5]], dtype=torch.float64)  # it appears on the way
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)


@pytest.mark.builds_on("test_the_solution_matches_torch")
@pytest.mark.parametrize("tiny", [1e-14, 1e-17])
def test_a_tiny_pivot_would_cost_all_digits(learner, draw, tiny):
    a = torch.tensor([[tiny, 1.0, 2.0], [1.0, 1.0, 3.0], [2.0, 5.0, 1.0]], dtype=torch.float64)
    b = draw.normal(3)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)


@pytest.mark.builds_on("test_the_solution_matches_torch")
def test_the_pivot_is_the_largest_in_size_not_in_value(learner, draw):
    a = torch.tensor([[1e-15, 1.0, 2.0], [-5.0, 1.0, 3.0], [1e-15, 5.0, 1.0]], dtype=torch.float64)
    b = draw.normal(3)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", rtol=1e-9)


@pytest.mark.builds_on("test_the_solution_matches_torch")
def test_matrices_without_an_inverse_are_refused(learner, draw):
    row = draw.normal(3)
    a = torch.stack([row, draw.normal(3), 2 * row])
    a[:, 1] = 0  # exactly singular: a column of zeros
    assert_raises(ValueError, learner.solve, a, draw.normal(3))
    assert_raises(ValueError, learner.solve, torch.zeros(2, 2, dtype=torch.float64), draw.normal(2))
    assert_raises(ValueError, learner.inverse, torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64))


@pytest.mark.builds_on("test_the_solution_matches_torch")
@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_the_inverse(learner, draw, n):
    a, _ = system(draw, n)
    assert_matches(learner.inverse(a), torch.linalg.inv(a), "the inverse", rtol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7])
def test_the_determinant(learner, draw, n):
    a, _ = system(draw, n)
    assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", rtol=1e-9)


@pytest.mark.builds_on("test_the_determinant")
def test_every_exchange_of_rows_turns_the_sign(learner, draw):
    for _ in range(4):
        a = torch.diag(draw.uniform(4, low=1, high=3))[draw.permutation(4)]
        assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", rtol=1e-9)


@pytest.mark.builds_on("test_the_determinant")
def test_the_determinant_of_a_singular_matrix_is_zero(learner):
    a = torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [5.0, 6.0, 0.0]], dtype=torch.float64)
    assert_matches(learner.determinant(a), torch.tensor(0.0, dtype=torch.float64), "the determinant")


@pytest.mark.builds_on("test_the_solution_matches_torch")
def test_inputs_are_left_as_they_were(learner, draw):
    a, b = system(draw, 4)
    assert_matches(learner.solve(strided(a), strided(b)), torch.linalg.solve(a, b), "x", rtol=1e-9)
    assert_inputs_unchanged(learner)
