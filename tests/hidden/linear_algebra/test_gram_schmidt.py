"""The factorisation by its defining properties, unique once the signs are fixed; and orthogonality where it is hard."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def factors(a):
    """torch's, with the signs chosen so that R's diagonal is positive."""
    q, r = torch.linalg.qr(a)
    signs = torch.sign(r.diagonal())
    return q * signs, signs[:, None] * r


@pytest.mark.parametrize("m, n", [(4, 3), (5, 5), (7, 2), (3, 1)])
def test_the_factors_match_torch_up_to_signs(learner, draw, m, n):
    a = draw.normal(m, n)
    assert_matches(learner.qr(a), factors(a), ("Q", "R"), rtol=1e-9)


def hilbert(n):
    """Columns that are almost parallel: entries 1/(i + j + 1)."""
    i = torch.arange(n, dtype=torch.float64)
    return 1 / (i[:, None] + i + 1)


def orthogonality(solution, a):
    """How far QᵀQ is from the identity."""
    q, _ = solution.qr(a)
    return (q.T @ q - torch.eye(a.shape[1], dtype=a.dtype)).abs().max().item()


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_columns_that_are_almost_parallel_stay_orthogonal(learner):
    """Classical Gram–Schmidt leaves an error near 1 here, the modified one of about 1e-7."""
    error = learner.run(orthogonality, hilbert(7))
    assert isinstance(error, float) and error < 1e-5, (
        f"QᵀQ differs from the identity by {error:.1g}: the columns of Q are not orthogonal any more. "
        "Take each projection off what is left of the column, not off the column as it was."
    )


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_the_product_is_the_matrix_even_there(learner):
    a = hilbert(7)
    q, r = learner.run(both, a)
    assert_matches(
        q @ r if isinstance(q, torch.Tensor) and isinstance(r, torch.Tensor) else (q, r), a, "Q · R", terms=7
    )


def both(solution, a):
    return solution.qr(a)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_dependent_columns_are_refused(learner, draw):
    column = draw.normal(4)
    column[0] = 0.0
    a = torch.stack([torch.tensor([2.0, 0, 0, 0]).double(), torch.tensor([8.0, 0, 0, 0]).double(), column], 1)
    assert_raises(ValueError, learner.qr, a)
    assert_raises(ValueError, learner.qr, torch.zeros(3, 2, dtype=torch.float64))
    assert_raises(ValueError, learner.qr, draw.normal(2, 3))


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
@pytest.mark.parametrize("m, n", [(6, 3), (8, 1), (5, 5)])
def test_least_squares_through_the_factors(learner, draw, m, n):
    a, b = draw.normal(m, n), draw.normal(m)
    assert_matches(learner.least_squares(a, b), torch.linalg.lstsq(a, b).solution, "x", rtol=1e-8)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
@pytest.mark.parametrize("m, n", [(5, 2), (4, 3), (6, 1)])
def test_the_projection_onto_the_columns(learner, draw, m, n):
    a, b = draw.normal(m, n), draw.normal(m)
    expected = a @ torch.linalg.lstsq(a, b).solution
    assert_matches(learner.project(a, b), expected, "the projection", rtol=1e-8)


@pytest.mark.builds_on("test_the_factors_match_torch_up_to_signs")
def test_inputs_are_left_as_they_were(learner, draw):
    a = draw.normal(5, 3)
    assert_matches(learner.qr(strided(a)), factors(a), ("Q", "R"), rtol=1e-9)
    assert_inputs_unchanged(learner)
