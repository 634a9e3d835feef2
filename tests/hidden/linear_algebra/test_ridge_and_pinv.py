"""Against torch.linalg.pinv, the normal equations of each problem, and gradient descent itself."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SHAPES = [(5, 3), (3, 5), (7, 2), (4, 6)]


def factors_of(draw, m, n):
    """u, s, vh with singular values between 0.5 and 3, none near another."""
    r = min(m, n)
    u, v = torch.linalg.qr(draw.normal(m, r)).Q, torch.linalg.qr(draw.normal(n, r)).Q
    s = torch.linspace(2.5, 0.5, r, dtype=torch.float64) + draw.uniform(r, low=0, high=0.2)
    return u, s, v.T.contiguous()


def product(u, s, vh):
    return u * s @ vh


def ridge(x, y, strength):
    identity = torch.eye(x.shape[1], dtype=torch.float64)
    return torch.linalg.solve(x.T @ x + strength * identity, x.T @ y)


@pytest.mark.parametrize("m, n", [*SHAPES, (4, 4), (1, 3), (3, 1)])
def test_the_pseudo_inverse_of_a_matrix_of_full_rank(learner, draw, m, n):
    a = product(*factors_of(draw, m, n))
    assert_matches(learner.pinv(a, rtol=1e-10), torch.linalg.pinv(a, rtol=1e-10), "the pseudo-inverse", terms=50)


@pytest.mark.builds_on("test_the_pseudo_inverse_of_a_matrix_of_full_rank")
@pytest.mark.parametrize("m, n", [(5, 4), (4, 6), (3, 3)])
def test_the_pseudo_inverse_of_a_matrix_of_low_rank(learner, draw, m, n):
    u, s, vh = factors_of(draw, m, n)
    s[-2:] = 0
    a = product(u, s, vh)
    assert_matches(learner.pinv(a, rtol=1e-10), torch.linalg.pinv(a, rtol=1e-10), "the pseudo-inverse", terms=200)
    assert_matches(
        learner.pinv(torch.zeros(m, n).double(), rtol=1e-10), torch.zeros(n, m).double(), "the pseudo-inverse"
    )


@pytest.mark.builds_on("test_the_pseudo_inverse_of_a_matrix_of_full_rank")
@pytest.mark.parametrize("scale", [1.0, 300.0, 0.002])
def test_small_means_small_beside_the_largest(learner, draw, scale):
    u, _, vh = factors_of(draw, 5, 4)
    s = scale * torch.tensor([3.0, 1.0, 0.2, 0.04], dtype=torch.float64)
    a = product(u, s, vh)
    for rtol in (0.5, 0.1, 0.03, 0.001):
        expected = torch.linalg.pinv(a, rtol=rtol)
        assert_matches(learner.pinv(a, rtol=rtol), expected, f"the pseudo-inverse with rtol={rtol}", terms=200)


@pytest.mark.parametrize("m, n", SHAPES)
def test_a_filtered_solution(learner, draw, m, n):
    u, s, vh = factors_of(draw, m, n)
    y, factors = draw.normal(m), draw.uniform(len(s), low=0.2, high=1)
    expected = torch.linalg.pinv(product(u, s / factors, vh)) @ y
    assert_matches(learner.solve(u, s, vh, y, factors), expected, "w", terms=50)


@pytest.mark.builds_on("test_a_filtered_solution")
def test_a_singular_value_of_zero_contributes_nothing(learner, draw):
    u, s, vh = factors_of(draw, 6, 4)
    s[2:] = 0
    y, factors = draw.normal(6), (s > 0).double()
    expected = torch.linalg.pinv(product(u, s, vh), rtol=1e-10) @ y
    assert_matches(learner.solve(u, s, vh, y, factors), expected, "w", terms=50)


def truncated(solution, u, s, vh, y, k):
    return solution.solve(u, s, vh, y, solution.truncation_filter(s, k))


@pytest.mark.builds_on("test_a_filtered_solution")
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_a_truncated_solution(learner, draw, k):
    u, s, vh = factors_of(draw, 6, 4)
    y = draw.normal(6)
    expected = torch.linalg.pinv(u[:, :k] * s[:k] @ vh[:k], rtol=1e-10) @ y
    assert_matches(learner.run(truncated, u, s, vh, y, k), expected, "w", terms=50)


def test_the_factors_of_a_truncation(learner):
    s = torch.tensor([3.0, 1.0, 1.0, 0.5], dtype=torch.float64)
    for k, expected in [(0, [0.0] * 4), (2, [1.0, 1.0, 0.0, 0.0]), (4, [1.0] * 4)]:
        assert_matches(
            learner.truncation_filter(s, k), torch.tensor(expected, dtype=torch.float64), f"the result for k={k}"
        )


@pytest.mark.parametrize("m, n", SHAPES)
@pytest.mark.parametrize("strength", [0.3, 2.0])
def test_the_factors_of_ridge_regression(learner, draw, m, n, strength):
    """With y = u · s, and coordinates along vh taken, the solution is the list of factors."""
    u, s, vh = factors_of(draw, m, n)
    expected = vh @ ridge(product(u, s, vh), u @ s, strength)
    assert_matches(learner.ridge_filter(s, strength), expected, "the list of factors", terms=50)


@pytest.mark.builds_on("test_the_factors_of_ridge_regression")
def test_ridge_factors_at_zero(learner):
    s = torch.tensor([4.0, 2.0, 0.0], dtype=torch.float64)
    for strength, expected in [(0.0, [1.0, 1.0, 0.0]), (4.0, [0.8, 0.5, 0.0])]:
        result = learner.ridge_filter(s, strength)
        assert_matches(result, torch.tensor(expected, dtype=torch.float64), f"the result for strength={strength}")


@pytest.mark.parametrize("m, n", SHAPES)
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_the_factors_of_gradient_descent(learner, draw, m, n, steps):
    u, s, vh = factors_of(draw, m, n)
    x, y, w, lr = product(u, s, vh), u @ s, torch.zeros(n, dtype=torch.float64), 0.11
    for _ in range(steps):
        w = w - lr * x.T @ (x @ w - y)
    assert_matches(learner.descent_filter(s, lr, steps), vh @ w, "the list of factors", terms=50)


@pytest.mark.builds_on("test_the_factors_of_gradient_descent")
def test_gradient_descent_without_steps_and_with_a_billion(learner):
    s = torch.tensor([2.0, 1e-4, 0.0], dtype=torch.float64)
    assert_matches(learner.descent_filter(s, 0.2, 0), torch.zeros(3).double(), "the result for steps=0")
    # (1 − 2e-9) to the power 10⁹ is e⁻² but for 4e-9 of it; the rounding of 1 − 2e-9 is multiplied by 10⁹ as well.
    expected = torch.tensor([1.0, -torch.expm1(torch.tensor(-2.0).double()).item(), 0.0], dtype=torch.float64)
    assert_matches(learner.descent_filter(s, 0.2, 10**9), expected, "the result for steps=10⁹", rtol=1e-6)


@pytest.mark.parametrize("m, n", SHAPES)
@pytest.mark.parametrize("strength", [0.3, 2.0])
def test_the_degrees_of_freedom(learner, draw, m, n, strength):
    u, s, vh = factors_of(draw, m, n)
    x = product(u, s, vh)
    hat = torch.stack([x @ ridge(x, column, strength) for column in torch.eye(m).double()], dim=1)
    expected = torch.trace(hat)
    assert_matches(learner.degrees_of_freedom(s, strength), expected, "the number of degrees of freedom", terms=50)


@pytest.mark.builds_on("test_a_filtered_solution", "test_the_factors_of_ridge_regression")
@pytest.mark.parametrize("m, n", SHAPES)
def test_a_path_of_ridge_regressions(learner, draw, m, n):
    x, y, strengths = product(*factors_of(draw, m, n)), draw.normal(m), draw.uniform(4, low=0.1, high=5)
    expected = torch.stack([ridge(x, y, strength) for strength in strengths])
    assert_matches(learner.ridge_path(x, y, strengths), expected, "the path", terms=50)


@pytest.mark.builds_on("test_a_path_of_ridge_regressions")
@pytest.mark.parametrize("m, n", [(6, 3), (3, 6)])
def test_a_strength_of_zero_gives_the_shortest_least_squares_solution(learner, draw, m, n):
    x, y = product(*factors_of(draw, m, n)), draw.normal(m)
    expected = torch.stack([torch.linalg.pinv(x) @ y, ridge(x, y, 1.5)])
    assert_matches(learner.ridge_path(x, y, torch.tensor([0.0, 1.5]).double()), expected, "the path", terms=50)


@pytest.mark.builds_on("test_a_path_of_ridge_regressions")
@pytest.mark.parametrize("m, n", [(6, 3), (3, 5), (9, 2)])
@pytest.mark.parametrize("strength", [0.4, 3.0])
def test_ridge_regression_with_a_bias(learner, draw, m, n, strength):
    x, y = draw.normal(m, n) + draw.uniform(n, low=1, high=3), draw.normal(m) - 4
    wide = torch.cat([x, torch.ones(m, 1).double()], dim=1)
    penalty = torch.diag(torch.tensor([strength] * n + [0.0], dtype=torch.float64))
    both = torch.linalg.solve(wide.T @ wide + penalty, wide.T @ y)
    assert_matches(learner.ridge_with_bias(x, y, strength), (both[:-1], both[-1]), ("w", "b"), terms=2000)


@pytest.mark.builds_on(
    "test_the_pseudo_inverse_of_a_matrix_of_full_rank", "test_a_filtered_solution", "test_ridge_regression_with_a_bias"
)
def test_inputs_are_left_as_they_were(learner, draw):
    u, s, vh = factors_of(draw, 6, 4)
    y, x, s = draw.normal(6), strided(product(u, s, vh)), strided(s)
    centred, heights = x - x.mean(dim=0), y - y.mean()
    w = ridge(centred, heights, 0.7)
    for call, expected, names in [
        (lambda: learner.pinv(x, rtol=1e-9), torch.linalg.pinv(x), "the pseudo-inverse"),
        (lambda: learner.solve(strided(u), s, strided(vh), y, torch.ones(4).double()), torch.linalg.pinv(x) @ y, "w"),
        (lambda: learner.ridge_filter(s, 0.7), s**2 / (s**2 + 0.7), "the list of factors"),
        (lambda: learner.descent_filter(s, 0.1, 1), 0.1 * s**2, "the list of factors"),
        (
            lambda: learner.ridge_path(x, y, torch.tensor([0.7], dtype=torch.float64)),
            ridge(x, y, 0.7)[None],
            "the path",
        ),
        (lambda: learner.ridge_with_bias(x, y, 0.7), (w, y.mean() - x.mean(dim=0) @ w), ("w", "b")),
    ]:
        assert_matches(call(), expected, names, terms=500)
        assert_inputs_unchanged(learner)
