"""Values against torch.linalg, gradients against autograd."""

import pytest
import torch

from tutor.testkit import (
    assert_inputs_unchanged,
    assert_matches,
    assert_operations,
    assert_raises,
    cost_of,
    reference,
    strided,
)


def invertible(draw, n):
    """Not symmetric, with singular values between 0.5 and 3."""
    left, right = torch.linalg.qr(draw.normal(n, n)).Q, torch.linalg.qr(draw.normal(n, n)).Q
    return left * draw.uniform(n, low=0.5, high=3) @ right.T


def log_abs_det(a):
    return torch.linalg.slogdet(a).logabsdet


def cofactors(a):
    """By torch's determinants of the minors; the gradient of the determinant of any matrix."""
    n, result = len(a), torch.ones_like(a)
    keep = torch.arange(n)
    for i in range(n):
        for j in range(n):
            if n > 1:
                result[i, j] = (-1) ** (i + j) * torch.linalg.det(a[keep != i][:, keep != j])
    return result


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_the_inverse(learner, draw, n):
    a = invertible(draw, n)
    assert_matches(learner.inverse(a), torch.linalg.inv(a), "the inverse", terms=50)


@pytest.mark.builds_on("test_the_inverse")
def test_zeros_on_the_diagonal(learner):
    for rows in [[[0, 2], [4, 0]], [[0, 0, 1], [2, 0, 0], [0, 4, 0]], [[1, 1, 0], [1, 1, 1], [0, 1, 2]], [[-8.0]]]:
        a = torch.tensor(rows, dtype=torch.float64)
        assert_matches(learner.inverse(a), torch.linalg.inv(a), f"the inverse of {rows}", terms=50)


@pytest.mark.builds_on("test_the_inverse")
def test_a_tiny_pivot_does_not_cost_all_digits(learner):
    a = torch.tensor([[1e-20, 1.0, 2.0], [1.0, 1.0, 0.0], [3.0, 0.0, 1.0]], dtype=torch.float64)
    assert_matches(learner.inverse(a), torch.linalg.inv(a), "the inverse", terms=50)


@pytest.mark.builds_on("test_the_inverse")
def test_what_has_no_inverse_raises_value_error(learner, draw):
    for rows in (
        [[1.0, 2.0], [2.0, 4.0]],
        [[0.0, 0.0], [0.0, 3.0]],
        [[0.0]],
        [[1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 1.0]],
    ):
        assert_raises(ValueError, learner.inverse, torch.tensor(rows, dtype=torch.float64))
    for shape in [(2, 3), (3, 2), (3,), (2, 3, 3)]:
        assert_raises(ValueError, learner.inverse, draw.normal(*shape))


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_the_gradient_of_the_inverse(learner, draw, n):
    a, g = invertible(draw, n), draw.normal(n, n)
    ref = reference(torch.linalg.inv, a)
    assert_matches(learner.inverse_backward(g, ref.output), ref.gradients(g)[0], "grad_a", terms=100)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_adjugate(learner, draw, n):
    a = invertible(draw, n)
    assert_matches(learner.adjugate(a), torch.linalg.det(a) * torch.linalg.inv(a), "the adjugate", terms=200)


@pytest.mark.builds_on("test_the_adjugate")
def test_the_adjugate_of_a_singular_matrix_and_of_a_number(learner, draw):
    a = draw.normal(3, 2) @ draw.normal(2, 3)
    assert_matches(learner.adjugate(a), cofactors(a).T, "the adjugate", terms=50)
    one = torch.ones(1, 1, dtype=torch.float64)
    assert_matches(learner.adjugate(-3 * one), one, "the adjugate of a single number")


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_determinant(learner, draw, n):
    a = draw.normal(n, n)
    assert_matches(learner.determinant(a), torch.linalg.det(a), "the determinant", terms=500)


@pytest.mark.builds_on("test_the_adjugate", "test_the_determinant")
@pytest.mark.parametrize("n", [2, 3, 4])
def test_whole_numbers_stay_exact(learner, draw, n):
    a = draw.integers(-9, 10, n, n)
    a[0, 0] = 10**6 + 1
    assert_matches(learner.adjugate(a), cofactors(a.double()).T.round().long(), "the adjugate")
    assert_matches(learner.determinant(a), torch.linalg.det(a.double()).round().long(), "the determinant")


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_gradient_of_the_determinant(learner, draw, n):
    a, g = invertible(draw, n), draw.normal()
    expected = reference(torch.linalg.det, a).gradients(g)[0]
    assert_matches(learner.determinant_backward(g, a), expected, "grad_a", terms=500)


@pytest.mark.builds_on("test_the_gradient_of_the_determinant")
def test_a_singular_matrix_has_a_gradient_of_the_determinant(learner, draw):
    g = draw.normal()
    a = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], dtype=torch.float64)
    assert_matches(learner.determinant_backward(g, a), g * cofactors(a), "grad_a", terms=50)
    rank_one = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [3.0, 6.0, 9.0]], dtype=torch.float64)
    zeros = torch.zeros(3, 3, dtype=torch.float64)
    assert_matches(learner.determinant_backward(torch.ones_like(g), rank_one), zeros, "grad_a for a matrix of rank 1")
    number = torch.tensor([[-2.5]], dtype=torch.float64)
    assert_matches(learner.determinant_backward(g, number), g * torch.ones_like(number), "grad_a for a single number")


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_logarithm_of_the_determinant(learner, draw, n, sign):
    a = 2 * invertible(draw, n)
    a[0] *= sign * torch.linalg.det(a).sign()
    assert_matches(learner.log_det(a), log_abs_det(a), "the log-determinant", terms=500)


@pytest.mark.parametrize("n", [2, 3, 6])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_gradient_of_the_log_determinant(learner, draw, n, sign):
    a, g = invertible(draw, n), draw.normal()
    a[0] *= sign * torch.linalg.det(a).sign()
    expected = reference(log_abs_det, a).gradients(g)[0]
    assert_matches(learner.log_det_backward(g, a), expected, "grad_a", terms=100)


@pytest.mark.builds_on("test_the_gradient_of_the_log_determinant")
def test_the_gradient_where_the_determinant_is_tiny(learner, draw):
    a, g = 1e-100 * invertible(draw, 4), draw.normal()
    expected = reference(log_abs_det, a).gradients(g)[0]
    assert_matches(learner.log_det_backward(g, a), expected, "grad_a", terms=100)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_the_solution_of_a_system(learner, draw, n):
    a, b = invertible(draw, n), draw.normal(n)
    assert_matches(learner.solve(a, b), torch.linalg.solve(a, b), "x", terms=100)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_the_gradients_of_a_solution(learner, draw, n):
    a, b, g = invertible(draw, n), draw.normal(n), draw.normal(n)
    ref = reference(torch.linalg.solve, a, b)
    assert_matches(learner.solve_backward(g, a, ref.output), ref.gradients(g), ("grad_a", "grad_b"), terms=100)


@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_the_inverse_after_an_outer_product_was_added(learner, draw, n):
    a, u, v = invertible(draw, n), draw.normal(n), draw.normal(n)
    room = 1 + v @ torch.linalg.solve(a, u)
    v = v * (1.5 / (room - 1)) if room.abs() < 0.5 else v  # not near to singular
    expected = torch.linalg.inv(a + torch.outer(u, v))
    assert_matches(learner.update_inverse(torch.linalg.inv(a), u, v), expected, "the inverse", terms=500)


@pytest.mark.builds_on("test_the_inverse_after_an_outer_product_was_added")
def test_an_update_that_makes_the_matrix_singular_raises_value_error(learner):
    identity, u = torch.eye(3, dtype=torch.float64), torch.tensor([1.0, 2.0, 0.0], dtype=torch.float64)
    assert_raises(ValueError, learner.update_inverse, identity, u, torch.tensor([-1.0, 0.0, 5.0]).double())


@pytest.mark.builds_on("test_the_inverse_after_an_outer_product_was_added")
def test_an_update_needs_no_elimination(learner, draw):
    n = 12
    cost = cost_of(learner, "update_inverse", torch.eye(n).double(), draw.normal(n), draw.normal(n))
    assert_operations(cost, 40)
    at_most = 12 * n * n
    assert cost.flops <= at_most, (
        f"{cost.flops:,} multiplications and additions where {at_most:,} are plenty for n = {n}"
    )


@pytest.mark.builds_on(
    "test_the_inverse", "test_the_gradient_of_the_inverse", "test_the_gradients_of_a_solution", "test_the_adjugate"
)
def test_inputs_are_left_as_they_were(learner, draw):
    a, g, b, u = (
        strided(invertible(draw, 3)),
        strided(draw.normal(3, 3)),
        strided(draw.normal(3)),
        strided(draw.normal(3)),
    )
    inv, solution, scale = reference(torch.linalg.inv, a), reference(torch.linalg.solve, a, b), draw.normal()
    updated = torch.linalg.inv(a + torch.outer(0.1 * u, b))
    for call, expected, names in [
        (lambda: learner.inverse(a), inv.output, "the inverse"),
        (lambda: learner.inverse_backward(g, strided(inv.output)), inv.gradients(g)[0], "grad_a"),
        (lambda: learner.adjugate(a), cofactors(a).T, "the adjugate"),
        (lambda: learner.determinant(a), torch.linalg.det(a), "the determinant"),
        (lambda: learner.determinant_backward(scale, a), scale * cofactors(a), "grad_a"),
        (lambda: learner.log_det_backward(scale, a), scale * inv.output.T, "grad_a"),
        (lambda: learner.solve(a, b), solution.output, "x"),
        (lambda: learner.solve_backward(u, a, solution.output), solution.gradients(u), ("grad_a", "grad_b")),
        (lambda: learner.update_inverse(strided(inv.output), 0.1 * u, b), updated, "the inverse"),
    ]:
        assert_matches(call(), expected, names, terms=500)
        assert_inputs_unchanged(learner)
