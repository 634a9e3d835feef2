"""Against reduced matrices that are drawn first, and then hidden behind an invertible one."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

PAIR = ("reduced", "pivots")
CASES = [
    (4, 3, [0, 1, 2]),
    (3, 4, [0, 1, 2]),
    (3, 5, [0, 2]),
    (4, 5, [1, 2, 4]),
    (5, 3, [0, 2]),
    (2, 4, [0, 3]),
    (4, 2, [1]),
]


def echelon(draw, n, pivots):
    """A reduced row echelon form of rank len(pivots), without rows of zeros."""
    r = len(pivots)
    sizes = draw.uniform(r, n, low=0.5, high=2) * (1 - 2 * draw.integers(0, 2, r, n))
    reduced = torch.where(torch.arange(n) > torch.tensor(pivots)[:, None], sizes, 0.0)
    reduced[:, pivots] = torch.eye(r, dtype=torch.float64)
    return reduced


def independent(draw, m, r):
    """r columns of length m, neither at right angles nor near to dependent."""
    slanted = torch.eye(r).double() + draw.uniform(r, r, low=0.2, high=0.5).triu(1)
    return torch.linalg.qr(draw.normal(m, r)).Q @ slanted


def hidden(draw, m, n, pivots):
    """A matrix, and its reduced row echelon form."""
    reduced = echelon(draw, n, pivots)
    a = independent(draw, m, len(pivots)) @ reduced
    return a, torch.cat([reduced, torch.zeros(len(a) - len(pivots), n).double()])


def special(reduced, pivots, n):
    """The basis of the null space that the stub describes, solved for with torch."""
    free = [j for j in range(n) if j not in pivots]
    basis = torch.zeros(n, len(free), dtype=torch.float64)
    for place, j in enumerate(free):
        basis[j, place] = 1
        basis[pivots, place] = torch.linalg.lstsq(reduced[:, pivots], -reduced[:, j : j + 1]).solution[:, 0]
    return basis


@pytest.mark.parametrize("m, n, pivots", CASES)
def test_the_reduced_row_echelon_form(learner, draw, m, n, pivots):
    a, reduced = hidden(draw, m, n, pivots)
    assert_matches(learner.rref(a), (reduced, pivots), PAIR, terms=500)


@pytest.mark.builds_on("test_the_reduced_row_echelon_form")
def test_zeros_where_the_pivots_should_be(learner):
    for rows, reduced, pivots in [
        ([[0.0, 2.0, 4.0], [3.0, 0.0, 3.0]], [[1.0, 0.0, 1.0], [0.0, 1.0, 2.0]], [0, 1]),
        ([[0.0, 0.0], [0.0, 5.0], [2.0, 1.0]], [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [0, 1]),
        ([[0.0, 1.0], [-4.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], [0, 1]),
        ([[0.0, 0.0, 3.0], [0.0, 0.0, 2.0]], [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]], [2]),
        ([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], []),
        ([[0.0, -4.0, 2.0]], [[0.0, 1.0, -0.5]], [1]),
    ]:
        a, reduced = torch.tensor(rows, dtype=torch.float64), torch.tensor(reduced, dtype=torch.float64)
        actual = learner.rref(a)
        assert_matches(actual, (reduced, pivots), (f"reduced, for {rows},", f"pivots, for {rows},"))


@pytest.mark.builds_on("test_the_reduced_row_echelon_form")
@pytest.mark.parametrize("scale", [1e-11, 1e11])
def test_zero_means_small_beside_the_largest_entry(learner, draw, scale):
    a, reduced = hidden(draw, 7, 8, [0, 1, 3])
    assert_matches(learner.rref(scale * a), (reduced, [0, 1, 3]), PAIR, terms=500)
    for small, dimension in [(1e-10, 1), (1e-8, 2)]:
        a = scale * torch.tensor([[1.0, 0.5], [0.0, small]]).double()
        assert_matches(learner.rank(a), dimension, f"the rank, where a pivot is {small} of the largest entry,")


@pytest.mark.parametrize("m, n, pivots", CASES)
def test_the_rank(learner, draw, m, n, pivots):
    a, _ = hidden(draw, m, n, pivots)
    assert_matches(learner.rank(a), int(torch.linalg.matrix_rank(a)), "the rank")


@pytest.mark.builds_on("test_the_rank")
def test_the_rank_of_a_product_is_at_most_that_of_a_factor(learner, draw):
    narrow = independent(draw, 6, 2) @ independent(draw, 5, 2).T
    assert_matches(learner.rank(narrow), 2, "the rank of a product through a width of 2")
    assert_matches(learner.rank(torch.zeros(3, 2).double()), 0, "the rank of a matrix of zeros")


def test_independence(learner, draw):
    for _ in range(3):
        a = independent(draw, 5, 3)
        assert_matches(learner.is_independent(a), True, "the answer for 3 independent vectors")
        sum_of_two = torch.stack([a[:, 0], a[:, 1], 2 * a[:, 0] - a[:, 1]], dim=1)[:, draw.permutation(3)]
        assert_matches(learner.is_independent(sum_of_two), False, "the answer for a vector made of two others")
        assert_matches(learner.is_independent(draw.normal(2, 3)), False, "the answer for 3 vectors with 2 elements")
        assert_matches(learner.is_independent(independent(draw, 4, 4)), True, "the answer for a basis")


@pytest.mark.builds_on("test_independence")
def test_independence_of_single_vectors_and_of_zeros(learner, draw):
    assert_matches(learner.is_independent(draw.normal(3, 1)), True, "the answer for a single vector")
    assert_matches(learner.is_independent(torch.zeros(3, 1).double()), False, "the answer for a single vector of zeros")
    with_zero = torch.cat([independent(draw, 4, 2), torch.zeros(4, 1).double()], dim=1)
    assert_matches(learner.is_independent(with_zero), False, "the answer for vectors one of which is 0")
    parallel = draw.normal(4, 1) * torch.tensor([1.0, -2.0]).double()
    assert_matches(learner.is_independent(parallel), False, "the answer for a vector and −2 times that")
    near = draw.normal(4, 1) + torch.tensor([0.0, 1e-5]).double() * draw.normal(4, 1)
    assert_matches(learner.is_independent(near), True, "the answer for two vectors that differ by 0.001 %")


@pytest.mark.parametrize("m, k", [(3, 3), (5, 2), (4, 3)])
def test_coordinates_in_a_basis(learner, draw, m, k):
    vectors, c = independent(draw, m, k), draw.normal(k)
    assert_matches(learner.express(vectors @ c, vectors), c, "c", terms=500)


@pytest.mark.builds_on("test_coordinates_in_a_basis")
@pytest.mark.parametrize("pivots", [[0, 1], [0, 2], [1, 2, 3], [0, 1, 3]])
def test_a_combination_of_dependent_vectors(learner, draw, pivots):
    vectors, _ = hidden(draw, 5, 5, pivots)
    c = torch.zeros(5, dtype=torch.float64)
    c[pivots] = draw.normal(len(pivots))
    assert_matches(learner.express(vectors @ c, vectors), c, "c", terms=500)


@pytest.mark.builds_on("test_coordinates_in_a_basis")
def test_a_vector_outside_the_span(learner, draw):
    for size in (1.0, 1e-5):
        directions = torch.linalg.qr(draw.normal(4, 4)).Q
        vectors = directions[:, :2] @ independent(draw, 2, 2)
        v = vectors @ draw.normal(2) + size * directions[:, 3]
        assert_matches(learner.express(v, vectors), None, "the answer for a vector outside")
    dependent, _ = hidden(draw, 3, 4, [0, 2])
    outside = torch.linalg.svd(dependent).U[:, 2]
    assert_matches(learner.express(outside, dependent), None, "the answer for a vector outside")


@pytest.mark.builds_on("test_coordinates_in_a_basis")
def test_the_zero_vector_is_in_every_span(learner, draw):
    vectors = independent(draw, 4, 2)
    zeros = torch.zeros(2, dtype=torch.float64)
    assert_matches(learner.express(torch.zeros(4).double(), vectors), zeros, "c")


@pytest.mark.parametrize("m, n, pivots", CASES)
def test_a_basis_of_the_columns(learner, draw, m, n, pivots):
    a, _ = hidden(draw, m, n, pivots)
    assert_matches(learner.column_basis(a), a[:, pivots], "the basis")


@pytest.mark.parametrize("m, n, pivots", CASES)
def test_a_basis_of_the_null_space(learner, draw, m, n, pivots):
    a, reduced = hidden(draw, m, n, pivots)
    assert_matches(learner.null_space(a), special(reduced, pivots, n), "the basis", terms=500)


@pytest.mark.builds_on("test_a_basis_of_the_null_space")
def test_the_null_space_of_zeros_is_everything(learner):
    assert_matches(learner.null_space(torch.zeros(2, 3).double()), torch.eye(3).double(), "the basis")


def test_equal_spans(learner, draw):
    for _ in range(3):
        a = independent(draw, 5, 2)
        mixed = a @ independent(draw, 2, 2)
        more = a @ draw.normal(2, 4)
        other = torch.cat([a[:, :1], draw.normal(5, 1)], dim=1)
        for b, answer, what in [
            (mixed, True, "of other vectors in the same plane"),
            (more, True, "of four vectors in the same plane"),
            (other, False, "of two planes that share a line"),
            (a[:, :1], False, "of a plane and a line in it"),
            (torch.cat([a, draw.normal(5, 1)], dim=1), False, "of a plane and a space that contains it"),
        ]:
            assert_matches(learner.same_span(a, b), answer, f"the answer for the spans {what}")
            assert_matches(learner.same_span(b, a), answer, f"the answer, the other way round, for the spans {what}")


@pytest.mark.parametrize("m, n, pivots", CASES)
def test_the_four_dimensions(learner, draw, m, n, pivots):
    a, _ = hidden(draw, m, n, pivots)
    r = int(torch.linalg.matrix_rank(a))
    null = int((torch.linalg.eigvalsh(a.T @ a).abs() < 1e-9).sum())
    left = int((torch.linalg.eigvalsh(a @ a.T).abs() < 1e-9).sum())
    assert_matches(learner.dimensions(a), (r, r, null, left), "(columns, rows, null space, left null space)")


@pytest.mark.builds_on(
    "test_the_reduced_row_echelon_form", "test_coordinates_in_a_basis", "test_a_basis_of_the_null_space"
)
def test_inputs_are_left_as_they_were(learner, draw):
    pivots = [0, 2]
    a, reduced = hidden(draw, 4, 3, pivots)
    a = strided(a)
    v = strided(2 * a[:, 0] - a[:, 2])
    expected = torch.tensor([2.0, 0.0, -1.0], dtype=torch.float64)
    for call, right, names in [
        (lambda: learner.rref(a), (reduced, pivots), PAIR),
        (lambda: learner.rank(a), 2, "the rank"),
        (lambda: learner.express(v, a), expected, "c"),
        (lambda: learner.column_basis(a), a[:, pivots], "the basis"),
        (lambda: learner.null_space(a), special(reduced, pivots, 3), "the basis"),
    ]:
        assert_matches(call(), right, names, terms=500)
        assert_inputs_unchanged(learner)
