"""Against the usual inner product of coordinates: with weight = L · Lᵀ, ⟨x, y⟩ is that of Lᵀ · x and Lᵀ · y."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

BATCHES = [(), (4,), (2, 3)]


def positive(draw, n):
    """A weight far from the identity: symmetric, with eigenvalues between 0.5 and 6."""
    vectors = torch.linalg.qr(draw.normal(n, n)).Q
    weight = vectors * (torch.linspace(0.5, 5, n, dtype=torch.float64) + draw.uniform(n)) @ vectors.T
    return (weight + weight.T) / 2


def usual(x, weight):
    """Coordinates whose usual inner product is the weighted one."""
    return torch.einsum("ij,...i->...j", torch.linalg.cholesky(weight), x)


def dot(x, y, weight):
    return torch.linalg.vecdot(usual(x, weight), usual(y, weight))


def angles(x, y, weight):
    x, y = usual(x, weight), usual(y, weight)
    return torch.acos(torch.nn.functional.cosine_similarity(x, y, dim=-1, eps=1e-30))


def orthonormal(vectors, weight):
    q, r = torch.linalg.qr(usual(vectors.T, weight).T)
    q = q * torch.where(r.diagonal() < 0, -1.0, 1.0)
    return torch.linalg.solve(torch.linalg.cholesky(weight).T, q)


def nearest(v, basis, weight):
    flat = usual(basis.T, weight).T
    return basis @ torch.linalg.lstsq(flat, usual(v, weight)[:, None]).solution[:, 0]


def independent(draw, n, k):
    slanted = torch.eye(k).double() + draw.uniform(k, k, low=0.2, high=0.5).triu(1)
    return torch.linalg.qr(draw.normal(n, k)).Q @ slanted * draw.uniform(k, low=0.5, high=2)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("n", [3, 5])
def test_the_inner_product(learner, draw, batch, n):
    x, y, weight = draw.normal(*batch, n), draw.normal(*batch, n), positive(draw, n)
    assert_matches(learner.inner(x, y, weight), dot(x, y, weight), "the inner product", terms=50)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("n", [2, 4])
def test_the_angle(learner, draw, batch, n):
    x, y, weight = draw.normal(*batch, n), draw.normal(*batch, n), positive(draw, n)
    assert_matches(learner.angle(x, y, weight), angles(x, y, weight), "the angle", terms=500)


@pytest.mark.builds_on("test_the_angle")
def test_the_angle_of_parallel_vectors_is_not_nan(learner, draw):
    """Rounding of 10⁻¹⁶ in the cosine is 10⁻⁸ in the angle."""
    weight, x = positive(draw, 3), draw.normal(40, 3)
    factors = draw.uniform(40, 1, low=0.1, high=3)
    factors[20:] *= -1
    expected = torch.tensor([0.0] * 20 + [math.pi] * 20, dtype=torch.float64)
    assert_matches(learner.angle(x, factors * x, weight), expected, "the angle of x and c · x", rtol=1e-7)


def test_what_is_an_inner_product(learner, draw):
    for n in (2, 3, 5):
        weight = positive(draw, n)
        values, vectors = torch.linalg.eigh(weight)
        values[draw.integer(0, n)] *= -1
        indefinite = vectors * values @ vectors.T
        twisted = weight.clone()
        twisted[0, 1] += 0.3
        for matrix, answer, what in [
            (weight, True, "a symmetric positive definite weight"),
            ((indefinite + indefinite.T) / 2, False, "a symmetric weight with a negative eigenvalue"),
            (twisted, False, "a weight that isn't symmetric"),
            (-weight, False, "minus a positive definite weight"),
        ]:
            assert_matches(learner.is_inner_product(matrix), answer, f"the answer for {what}")


@pytest.mark.builds_on("test_what_is_an_inner_product")
@pytest.mark.parametrize(
    "rows, answer",
    [
        ([[1, 2], [2, 1]], False),
        ([[2, 1], [1, 2]], True),
        ([[1, 1], [1, 1]], False),
        ([[3, 0, 0], [0, 0, 0], [0, 0, 2]], False),
        ([[0, 0], [0, 0]], False),
        ([[0.25]], True),
        ([[-0.25]], False),
        ([[1, -1], [1, 1]], False),
        ([[2, -1, 0], [-1, 2, -1], [0, -1, 2]], True),
        ([[-1, 0], [0, -1]], False),
        ([[4, 1], [1, 0.2]], False),
    ],
)
def test_particular_weights(learner, rows, answer):
    weight = torch.tensor(rows, dtype=torch.float64)
    assert_matches(learner.is_inner_product(weight), answer, f"the answer for {rows}")


@pytest.mark.parametrize("n, k", [(3, 3), (4, 2), (5, 3), (3, 1)])
def test_an_orthonormal_basis(learner, draw, n, k):
    vectors, weight = independent(draw, n, k), positive(draw, n)
    assert_matches(learner.orthonormalise(vectors, weight), orthonormal(vectors, weight), "the basis", terms=200)


@pytest.mark.parametrize("n, k", [(3, 2), (5, 2), (4, 3), (3, 1), (3, 3)])
def test_a_projection(learner, draw, n, k):
    v, basis, weight = draw.normal(n), independent(draw, n, k), positive(draw, n)
    assert_matches(learner.project(v, basis, weight), nearest(v, basis, weight), "p", terms=200)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_the_weight_of_polynomials(learner, n):
    """Gauss's quadrature is exact for them: nodes and weights from the eigenvalues of Legendre's Jacobi matrix."""
    beside = torch.arange(1, 8, dtype=torch.float64)
    beside = beside / (4 * beside**2 - 1).sqrt()
    nodes, vectors = torch.linalg.eigh(torch.diag(beside, 1) + torch.diag(beside, -1))
    powers = nodes[:, None] ** torch.arange(n)
    expected = powers.T @ (2 * vectors[0, :, None] ** 2 * powers)
    assert_matches(learner.polynomial_weight(n), expected, "the weight", terms=50)


def legendre(solution, powers):
    return solution.orthonormalise(powers, solution.polynomial_weight(len(powers)))


@pytest.mark.builds_on("test_the_weight_of_polynomials", "test_an_orthonormal_basis")
def test_powers_become_legendre_polynomials(learner):
    rows = [[1, 0, -1 / 2, 0], [0, 1, 0, -3 / 2], [0, 0, 3 / 2, 0], [0, 0, 0, 5 / 2]]
    scale = (torch.arange(4, dtype=torch.float64) + 0.5).sqrt()
    expected = torch.tensor(rows, dtype=torch.float64) * scale
    assert_matches(
        learner.run(legendre, torch.eye(4).double()), expected, "the orthonormal polynomials, one per column", terms=500
    )


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, 1.5, 7.2, math.inf])
def test_the_p_norm(learner, draw, batch, p):
    x = draw.normal(*batch, 5)
    expected = torch.linalg.vector_norm(x, ord=p, dim=-1)
    assert_matches(learner.p_norm(x, p), expected, f"the norm for p={p}", terms=50)


@pytest.mark.builds_on("test_the_p_norm")
@pytest.mark.parametrize("p", [1.0, 2.0, 3.5, 40.0, math.inf])
def test_norms_whose_powers_do_not_fit_into_a_float(learner, draw, p):
    x = draw.normal(3, 4)
    for scale in (1e300, 1e-300):
        expected = scale * torch.linalg.vector_norm(x, ord=p, dim=-1)
        assert_matches(learner.p_norm(scale * x, p), expected, f"the norm of {scale:g} · x for p={p}", terms=50)


@pytest.mark.builds_on("test_the_p_norm")
def test_the_norm_of_zero_is_zero(learner, draw):
    x = draw.normal(3, 4)
    x[1] = 0
    for p in (1.0, 2.0, 2.5, math.inf):
        expected = torch.linalg.vector_norm(x, ord=p, dim=-1)
        assert_matches(learner.p_norm(x, p), expected, f"the norm for p={p}, one vector being 0,", terms=50)


@pytest.mark.builds_on("test_the_p_norm")
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("p", [1.0, 1.5, 4.0, math.inf])
def test_the_parallelogram_law_fails(learner, draw, batch, p):
    x, y = draw.normal(*batch, 4), draw.normal(*batch, 4)
    x, y = torch.cat([x, 0.1 * y, x + 3], dim=-1), torch.cat([y, 2 * x, y - 1], dim=-1)
    squares = [torch.linalg.vector_norm(z, ord=p, dim=-1) ** 2 for z in (x + y, x - y, x, y)]
    expected = squares[0] + squares[1] - 2 * squares[2] - 2 * squares[3]
    assert_matches(learner.parallelogram_gap(x, y, p), expected, f"the gap for p={p}", terms=20000)


@pytest.mark.builds_on(
    "test_the_inner_product", "test_the_angle", "test_an_orthonormal_basis", "test_a_projection", "test_the_p_norm"
)
def test_inputs_are_left_as_they_were(learner, draw):
    weight, basis = strided(positive(draw, 4)), strided(independent(draw, 4, 2))
    x, y, v = strided(draw.normal(3, 4)), strided(draw.normal(3, 4)), strided(draw.normal(4))
    for call, expected, name in [
        (lambda: learner.inner(x, y, weight), dot(x, y, weight), "the inner product"),
        (lambda: learner.angle(x, y, weight), angles(x, y, weight), "the angle"),
        (lambda: learner.is_inner_product(weight), True, "the answer"),
        (lambda: learner.orthonormalise(basis, weight), orthonormal(basis, weight), "the basis"),
        (lambda: learner.project(v, basis, weight), nearest(v, basis, weight), "p"),
        (lambda: learner.p_norm(x, 3.0), torch.linalg.vector_norm(x, ord=3, dim=-1), "the norm"),
    ]:
        assert_matches(call(), expected, name, terms=500)
        assert_inputs_unchanged(learner)
