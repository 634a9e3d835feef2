"""Against torch.linalg.cond, lstsq in float64, eigenvalues of Hessians, and multiplication."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def with_singular_values(draw, s, m):
    s = torch.as_tensor(s, dtype=torch.float64)
    return torch.linalg.qr(draw.normal(m, len(s))).Q * s @ torch.linalg.qr(draw.normal(len(s), len(s))).Q.T


def spread(draw, n):
    """Singular values between 0.3 and 3, none near another."""
    return torch.linspace(2.5, 0.3, n, dtype=torch.float64) + draw.uniform(n, low=0, high=0.2)


def bound(a, b, delta_a, delta_b):
    kappa = torch.linalg.cond(a)
    alpha = torch.linalg.matrix_norm(delta_a, 2) / torch.linalg.matrix_norm(a, 2)
    return kappa / (1 - kappa * alpha) * (alpha + delta_b.norm() / b.norm())


def best_descent(x, strength):
    values = torch.linalg.eigvalsh(x.T @ x + strength * torch.eye(x.shape[1], dtype=torch.float64))
    low, high = values[0], values[-1]
    return 2 / (low + high), (high - low) / (high + low)


@pytest.mark.parametrize("m, n", [(3, 3), (5, 2), (4, 3), (7, 5)])
def test_the_condition_number(learner, draw, m, n):
    a = with_singular_values(draw, spread(draw, n), m)
    assert_matches(learner.condition_number(a), torch.linalg.cond(a), "the condition number", terms=50)


@pytest.mark.builds_on("test_the_condition_number")
@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e180])
def test_the_scale_does_not_matter(learner, draw, scale):
    a = with_singular_values(draw, spread(draw, 3), 4)
    result = learner.condition_number(scale * a)
    assert_matches(result, torch.linalg.cond(a), f"the condition number of {scale:g} · a", terms=50)


@pytest.mark.builds_on("test_the_condition_number")
def test_a_condition_number_of_ten_to_the_tenth(learner, draw):
    """Rounding a costs 10¹⁰ · 10⁻¹⁶; going through aᵀ · a would cost (10¹⁰)² · 10⁻¹⁶."""
    a = with_singular_values(draw, [2.0, 0.5, 2e-10], 5)
    result = learner.condition_number(a)
    assert_matches(result, torch.linalg.cond(a), "the condition number", rtol=1e-4, relative=True)


@pytest.mark.builds_on("test_the_condition_number")
def test_condition_numbers_of_one_and_of_infinity(learner, draw):
    turn = torch.linalg.qr(draw.normal(3, 3)).Q
    one = torch.tensor(1.0, dtype=torch.float64)
    assert_matches(learner.condition_number(turn), one, "the condition number of a rotation", terms=50)
    assert_matches(learner.condition_number(torch.full((4, 1), -3.0).double()), one, "the condition number of a column")
    singular = torch.diag(torch.tensor([3.0, 0.0, 1.0], dtype=torch.float64))
    assert_matches(learner.condition_number(singular), one / 0, "the condition number of diag(3, 0, 1)")


@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_bound_for_an_error_in_b(learner, draw, n):
    a, b = with_singular_values(draw, spread(draw, n), n), draw.normal(n)
    delta_a, delta_b = torch.zeros(n, n).double(), draw.normal(n, std=0.3)
    expected = bound(a, b, delta_a, delta_b)
    assert_matches(learner.error_bound(a, b, delta_a, delta_b), expected, "the bound", terms=200)


@pytest.mark.builds_on("test_the_bound_for_an_error_in_b")
@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_bound_for_errors_in_both(learner, draw, n):
    a, b = with_singular_values(draw, spread(draw, n), n), draw.normal(n)
    delta_a = with_singular_values(draw, 0.05 * spread(draw, n), n)
    for delta_b in (torch.zeros(n).double(), draw.normal(n, std=0.3)):
        expected = bound(a, b, delta_a, delta_b)
        assert_matches(learner.error_bound(a, b, delta_a, delta_b), expected, "the bound", terms=500)


@pytest.mark.builds_on("test_the_bound_for_errors_in_both")
def test_an_error_that_can_make_the_matrix_singular_has_no_bound(learner, draw):
    a, b, delta_b = with_singular_values(draw, [2.0, 1.0, 0.5], 3), draw.normal(3), draw.normal(3)
    for size in (0.6, 1.9):
        delta_a = with_singular_values(draw, [size, 0.3, 0.1], 3)
        infinite = torch.tensor(math.inf, dtype=torch.float64)
        assert_matches(learner.error_bound(a, b, delta_a, delta_b), infinite, "the bound")


@pytest.mark.parametrize("n", [2, 3, 6])
def test_the_worst_case(learner, draw, n):
    a = with_singular_values(draw, spread(draw, n), n)
    u = torch.linalg.svd(a).U
    expected = u[:, 0], u[:, -1]
    actual = learner.worst_case(a)
    if isinstance(actual, tuple | list) and len(actual) == 2:
        actual = tuple(up_to_sign(mine, right) for mine, right in zip(actual, expected, strict=True))
    assert_matches(actual, expected, ("b", "delta"), terms=500)


def up_to_sign(mine, right):
    same = isinstance(mine, torch.Tensor) and mine.shape == right.shape and mine.dtype == right.dtype
    return -mine if same and (mine * right).sum() < 0 else mine


@pytest.mark.parametrize("m, n", [(5, 3), (4, 4), (7, 2), (3, 1)])
def test_least_squares(learner, draw, m, n):
    a, b = with_singular_values(draw, spread(draw, n), m), draw.normal(m)
    assert_matches(learner.least_squares(a, b), torch.linalg.pinv(a) @ b, "x", terms=200)


@pytest.mark.builds_on("test_least_squares")
@pytest.mark.parametrize("m, n", [(12, 4), (9, 3)])
def test_least_squares_of_an_ill_conditioned_matrix_in_float32(learner, draw, m, n):
    """QR costs 10⁴ · 10⁻⁷, a few thousandths; the normal equations cost (10⁴)² · 10⁻⁷, and nothing is left."""
    a = with_singular_values(draw, torch.logspace(0, -4, n), m).float()
    x = draw.uniform(n, low=1, high=2)
    b = (a.double() @ x).float()
    expected = torch.linalg.lstsq(a.double(), b.double()[:, None]).solution[:, 0].float()
    assert_matches(learner.least_squares(a, b), expected, "x", rtol=0.03)


@pytest.mark.parametrize("m, n", [(5, 3), (4, 4), (7, 2), (6, 4), (3, 5)])
@pytest.mark.parametrize("strength", [0.2, 1.5])
def test_the_best_learning_rate(learner, draw, m, n, strength):
    x = with_singular_values(draw, spread(draw, n), m) if m >= n else with_singular_values(draw, spread(draw, m), n).T
    assert_matches(learner.descent_rate(x, strength), best_descent(x, strength), ("lr", "rate"), terms=100)


@pytest.mark.builds_on("test_the_best_learning_rate")
def test_the_best_learning_rate_without_a_penalty(learner, draw):
    tall = with_singular_values(draw, spread(draw, 3), 6)
    assert_matches(learner.descent_rate(tall, 0.0), best_descent(tall, 0.0), ("lr", "rate"), terms=100)
    wide = with_singular_values(draw, [2.0, 1.0, 0.5], 5).T
    expected = torch.tensor(0.5, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)
    assert_matches(learner.descent_rate(wide, 0.0), expected, ("lr", "rate"), terms=100)
    round_one = 2 * torch.linalg.qr(draw.normal(4, 3)).Q
    expected = torch.tensor(0.25, dtype=torch.float64), torch.tensor(0.0, dtype=torch.float64)
    actual = learner.descent_rate(round_one, 0.0)
    if isinstance(actual, tuple | list) and len(actual) == 2 and isinstance(actual[1], torch.Tensor):
        actual = actual[0], actual[1].round(decimals=9).abs()  # 0, but for rounding
    assert_matches(actual, expected, ("lr", "rate"), terms=100)


def test_the_number_of_steps(learner, draw):
    for _ in range(12):
        rate, goal = draw.uniform(1, low=0.05, high=0.995).item(), 10 ** draw.uniform(1, low=-6, high=-0.1).item()
        left, steps = 1.0, 0
        while left > goal:
            left, steps = left * rate, steps + 1
        assert_matches(learner.steps_needed(rate, goal), steps, f"the number of steps for rate={rate}, goal={goal}")


@pytest.mark.builds_on("test_the_number_of_steps")
def test_a_single_step_and_a_hundred_million(learner):
    assert_matches(learner.steps_needed(0.0, 0.01), 1, "the number of steps for rate=0")
    assert_matches(learner.steps_needed(0.3, 0.9), 1, "the number of steps for rate=0.3, goal=0.9")
    steps = learner.steps_needed(1 - 2.0**-26, 0.25)
    # The logarithm of such a rate is known to 8 digits, so allow for a few steps.
    near = steps if type(steps) is int and abs(steps - 93032640) < 5 else 93032640
    assert_matches(steps, near, "the number of steps for rate=1 − 2⁻²⁶, goal=0.25")


@pytest.mark.builds_on("test_the_number_of_steps")
@pytest.mark.parametrize("rate", [1.0, 1.7])
def test_an_error_that_does_not_shrink_raises_value_error(learner, rate):
    assert_raises(ValueError, learner.steps_needed, rate, 0.1)


@pytest.mark.builds_on("test_the_condition_number", "test_the_bound_for_errors_in_both", "test_least_squares")
def test_inputs_are_left_as_they_were(learner, draw):
    a, b = strided(with_singular_values(draw, spread(draw, 3), 3)), strided(draw.normal(3))
    delta_a, delta_b = strided(draw.normal(3, 3, std=1e-3)), strided(draw.normal(3, std=0.01))
    for call, expected, names in [
        (lambda: learner.condition_number(a), torch.linalg.cond(a), "the condition number"),
        (lambda: learner.error_bound(a, b, delta_a, delta_b), bound(a, b, delta_a, delta_b), "the bound"),
        (lambda: learner.least_squares(a, b), torch.linalg.solve(a, b), "x"),
        (lambda: learner.descent_rate(a, 0.3), best_descent(a, 0.3), ("lr", "rate")),
    ]:
        assert_matches(call(), expected, names, terms=500)
        assert_inputs_unchanged(learner)
