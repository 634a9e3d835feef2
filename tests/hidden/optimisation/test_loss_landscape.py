"""Hessians with eigenvalues that are known, descents that are really made, and two landscapes to look at."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def with_eigenvalues(draw, values):
    """In random directions, and of the size that the values have, also where `--explain` draws smaller."""
    values = torch.tensor(values, dtype=torch.float64)
    q, _ = torch.linalg.qr(draw.like(values.diag()))
    hessian = (q * values) @ q.T
    return (hessian + hessian.T) / 2


def some(draw, n, low=0.5, high=4.0):
    return draw.uniform(n, low=low, high=high).tolist()


def eigenvalues(draw, kind):
    a, b = some(draw, draw.integer(1, 3)), [-v for v in some(draw, draw.integer(1, 3))]
    return {
        "minimum": a + some(draw, 1, 0.001, 0.01),
        "maximum": b + [-v for v in some(draw, 1, 0.001, 0.01)],
        "saddle": a + b,
        "saddle, one far smaller than the others": a + [-v for v in some(draw, 1, 0.001, 0.01)],
        "saddle with a flat direction": [*a, *b, 0.0],
        "valley": [*a, 0.0],
        "ridge": [*b, 0.0, 0.0],
    }[kind]


KINDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "saddle": "saddle",
    "saddle, one far smaller than the others": "saddle",
    "saddle with a flat direction": "saddle",
    "valley": "undecided",
    "ridge": "undecided",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_a_point(learner, draw, kind):
    for scale in (1, 1, 1e-11, 1e11):
        values = [scale * value for value in eigenvalues(draw, kind)]
        hessian = with_eigenvalues(draw, values)
        name = f"the kind of a point with the eigenvalues {', '.join(f'{v:.3g}' for v in sorted(values))}"
        if 0.0 in values:
            name += " (where 0 is computed as a rounding error, of either sign)"
        assert_matches(learner.classify(strided(hessian)), KINDS[kind], name)
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_kind_of_a_point")
def test_no_curvature_at_all_decides_nothing(learner):
    assert_matches(learner.classify(torch.zeros(3, 3, dtype=torch.float64)), "undecided", "the kind for H = 0")


@pytest.mark.parametrize("d", [2, 3, 5])
def test_the_prediction_of_a_step(learner, draw, d):
    hessian, gradient, step = with_eigenvalues(draw, draw.normal(d).tolist()), draw.normal(d), draw.normal(d)
    value = float(draw.normal())
    gain = sum(gradient[i] * step[i] for i in range(d))
    bend = sum(hessian[i, j] * step[i] * step[j] for i in range(d) for j in range(d))
    expected = (value + gain + bend / 2).item()
    result = learner.quadratic_model(value, gradient, strided(hessian), step)
    assert_matches(result, expected, "the prediction", terms=d * d)
    assert_inputs_unchanged(learner)


def bowl(draw, d):
    values = some(draw, d, 0.3, 5.0)
    return with_eigenvalues(draw, values), torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("d", [2, 3, 6])
def test_the_rate_for_a_bowl(learner, draw, d):
    """Where the two outermost eigenvalues shrink equally fast: 1 − lr · low = lr · high − 1."""
    hessian, values = bowl(draw, d)
    lr = 2 / (values.min() + values.max()).item()
    expected = (lr, (1 - lr * values).abs().max().item())
    assert_matches(learner.best_rate(strided(hessian)), expected, ("lr", "factor"), terms=10)
    assert_inputs_unchanged(learner)


def count_steps(values, lr, share):
    """The slowest direction, followed."""
    left = torch.ones_like(values)
    for step in range(100_000):
        if left.abs().max() <= share:
            return step
        left = left * (1 - lr * values)
    return None


@pytest.mark.parametrize("d", [2, 4])
@pytest.mark.parametrize("where", ["slow", "best", "swinging"])
def test_the_steps_that_it_takes(learner, draw, where, d):
    for _ in range(3):
        hessian, values = bowl(draw, d)
        best = 2 / (values.min() + values.max()).item()
        lr = {"slow": 0.2 * best, "best": best, "swinging": 0.3 * best + 0.7 * 2 / values.max().item()}[where]
        share = float(draw.uniform(low=0.001, high=0.3))
        expected = count_steps(values, lr, share)
        name = f"the steps for eigenvalues {[round(v, 3) for v in values.tolist()]}, lr {lr:.4g} and share {share:.4g}"
        assert_matches(learner.steps_needed(hessian, lr, share), expected, name)


@pytest.mark.builds_on("test_the_steps_that_it_takes")
def test_a_rate_that_is_too_high_never_arrives(learner, draw):
    hessian, values = bowl(draw, 3)
    lr = 2 / values.max().item() * float(draw.uniform(low=1.05, high=2.0))
    assert_matches(learner.steps_needed(hessian, lr, 0.1), None, f"the steps with lr {lr:.4g}")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_steps_that_it_takes")
def test_the_two_ends_where_logarithms_fail(learner, draw):
    """Powers of two, so that nothing is rounded: what is left after a step is exactly 0, or exactly all."""
    value = draw.choice([0.25, 0.5, 2.0, 4.0])
    round_bowl = value * torch.eye(draw.integer(1, 4), dtype=torch.float64)
    assert_matches(
        learner.steps_needed(round_bowl, 1 / value, 0.1), 1, f"the steps for H = {value:g} · I at lr 1/{value:g}"
    )
    edge = torch.diag(torch.tensor([value / 4, value], dtype=torch.float64))
    name = f"the steps for H = diag({value / 4:g}, {value:g}) at lr 2/{value:g}, where ρ = 1"
    assert_matches(learner.steps_needed(edge, 2 / value, 0.1), None, name)


def field_of(solution, a, xs, ys, h):
    """A landscape with hills and valleys, with parameters a."""

    def cost(x, y):
        return a[0] * math.sin(a[1] * x + y) + a[2] * x * y**2 + x**2 + 0.5 * y**2

    return solution.gradient_field(cost, xs, ys, h)


def exact_cost(a, x, y):
    return a[0] * torch.sin(a[1] * x + y) + a[2] * x * y**2 + x**2 + 0.5 * y**2


@pytest.mark.parametrize("n, m, h", [(4, 6, 0.1), (7, 3, 0.01)])
def test_a_field_of_gradients(learner, draw, n, m, h):
    """Rounding of the cost is divided by 2h."""
    a, xs, ys = draw.normal(3).tolist(), draw.normal(n), draw.normal(m)
    x, y = xs[None, :].expand(m, n), ys[:, None].expand(m, n)
    along_x = (exact_cost(a, x + h, y) - exact_cost(a, x - h, y)) / (2 * h)
    along_y = (exact_cost(a, x, y + h) - exact_cost(a, x, y - h)) / (2 * h)
    result = learner.run(field_of, a, xs, ys, h)
    assert_matches(result, (along_x, along_y), ("along x", "along y"), terms=100)


def path_of(solution, hessian, center, start, lr, steps):
    return solution.descent_path(lambda w: hessian @ (w - center), start, lr, steps)


def expected_path(hessian, center, start, lr, steps):
    path, slopes = [start], []
    for _ in range(steps):
        w = path[-1].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(0.5 * (w - center) @ hessian @ (w - center), [w])
        slopes.append(gradient.norm())
        path.append(path[-1] - lr * gradient)
    return torch.stack(path), torch.stack(slopes)


PATH = ("path", "slopes")


@pytest.mark.parametrize("d, steps", [(2, 1), (3, 6), (2, 25)])
def test_the_path_of_a_descent(learner, draw, d, steps):
    hessian, values = bowl(draw, d)
    args = hessian, draw.normal(d), draw.normal(d) * 3, 1.5 / values.max().item(), steps
    assert_matches(learner.run(path_of, *args), expected_path(*args), PATH, terms=200)
    assert_inputs_unchanged(learner)


def valley(solution, hessian, line, start, lr, steps):
    (a, b), (_, c) = hessian.tolist()
    field = solution.gradient_field(lambda x, y: (a * x * x + 2 * b * x * y + c * y * y) / 2, line, line, 0.1)
    return field, solution.descent_path(lambda w: hessian @ w, start, lr, steps)


@pytest.mark.builds_on("test_the_path_of_a_descent", "test_a_field_of_gradients")
def test_a_picture_of_a_narrow_valley(learner, draw, album):
    hessian, line = with_eigenvalues(draw, [0.4, 5.0]), torch.linspace(-3, 3, 13, dtype=torch.float64)
    start = torch.tensor([2.4, 1.9], dtype=torch.float64)
    points = torch.stack([line[None, :].expand(13, 13), line[:, None].expand(13, 13)], 2)
    slopes = points @ hessian
    heights = (points * slopes).sum(2) / 2
    result = learner.run(valley, hessian, line, start, 0.37, 25)
    path = expected_path(hessian, torch.zeros_like(start), start, 0.37, 25)
    expected = ((slopes[..., 0], slopes[..., 1]), path)
    assert_matches(result, expected, ("the field", "path and slopes"), terms=200)
    (along_x, along_y), (places, _) = result
    with album.figure("loss_landscape", "Across the contours, to and fro", 6, 5.4) as axes:
        axes.contour(line, line, heights, 18, linewidths=0.7)
        axes.quiver(line, line, -along_x, -along_y, color="tab:gray", width=0.003)
        axes.plot(places[:, 0], places[:, 1], marker="o", markersize=3, color="tab:red")
        axes.set_aspect("equal")
