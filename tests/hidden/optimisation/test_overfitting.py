"""Fits against torch's least squares, counts against torch.nn's own layers, and curves of which the answer is known."""

import itertools

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

# The normal equations square the condition number of the powers, up to 2000 for degree 8: 4e6 roundings' worth.
CONDITION = 1e-8


@pytest.mark.parametrize("n, degree", [(5, 3), (3, 6), (4, 0)])
def test_features_are_ascending_powers(learner, draw, n, degree):
    x = draw.normal(n)
    expected = x[:, None] ** torch.arange(degree + 1)
    assert_matches(learner.features(strided(x), degree), expected, "the features")
    assert_inputs_unchanged(learner)


def samples(draw, n):
    """On a curve with a few bends, with noise. The x are in [−1, 1], none close to another."""
    x = (torch.arange(n) + draw.uniform(n, low=0.1, high=0.9)) * 2 / n - 1
    x = x[draw.permutation(n)]
    a, b, c = draw.normal(3).tolist()
    return x, a * torch.sin(3 * x + b) + c * x**2 + draw.normal(n, std=0.3) + 1


def expected_fit(x, y, degree, ridge):
    rows = x[:, None] ** torch.arange(degree + 1)
    extra = ridge**0.5 * torch.eye(degree + 1, dtype=x.dtype)[1:]
    targets = torch.cat([y, y.new_zeros(degree)])
    return torch.linalg.lstsq(torch.cat([rows, extra]), targets[:, None]).solution[:, 0]


@pytest.mark.parametrize("n, degree", [(9, 1), (7, 0), (15, 3)])
def test_a_fit_without_penalty(learner, draw, n, degree):
    x, y = samples(draw, n)
    expected = expected_fit(x, y, degree, 0.0)
    assert_matches(learner.fit_polynomial(strided(x), y, degree), expected, "w", terms=1000)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_fit_without_penalty")
@pytest.mark.parametrize("n, degree, ridge", [(12, 2, 3.0), (8, 5, 0.4), (6, 0, 2.0)])
def test_a_fit_with_a_penalty(learner, draw, n, degree, ridge):
    x, y = samples(draw, n)
    expected = expected_fit(x, y, degree, ridge)
    assert_matches(learner.fit_polynomial(x, y, degree, ridge=ridge), expected, "w", terms=1000)


NAMES = ("training", "validation", "best")


def expected_errors(x, y, x_val, y_val, degrees, ridge):
    errors = []
    for degree in degrees:
        w, powers = expected_fit(x, y, degree, ridge), torch.arange(degree + 1)
        errors += [((t[:, None] ** powers @ w - s) ** 2).mean() for t, s in ((x, y), (x_val, y_val))]
    return torch.stack(errors[::2]), torch.stack(errors[1::2]), degrees[int(torch.stack(errors[1::2]).argmin())]


@pytest.mark.builds_on("test_features_are_ascending_powers", "test_a_fit_with_a_penalty")
@pytest.mark.parametrize("ridge", [0.0, 0.7])
def test_errors_on_both_sets(learner, draw, ridge):
    (x, y), (x_val, y_val) = samples(draw, 17), samples(draw, 11)
    degrees = [4, 0, 1, 6, 2]
    result = learner.errors_by_degree(x, y, x_val, y_val, degrees, ridge=ridge)
    assert_matches(result, expected_errors(x, y, x_val, y_val, degrees, ridge), NAMES, rtol=CONDITION)
    assert_inputs_unchanged(learner)


def curves(solution, x, y, x_val, y_val, degrees, line):
    """What `errors_by_degree` returns, and three of the fits drawn on a line."""
    result = solution.errors_by_degree(x, y, x_val, y_val, degrees)
    fits = [solution.features(line, d) @ solution.fit_polynomial(x, y, d) for d in degrees[1::3]]
    return result, fits


@pytest.mark.builds_on("test_errors_on_both_sets")
def test_the_errors_of_a_growing_capacity(learner, draw, album):
    x = torch.linspace(-1, 1, 14, dtype=torch.float64)
    x_val = draw.uniform(60, low=-1.0, high=1.0)
    phase = float(draw.uniform(high=6.0))
    y, y_val = (torch.sin(4 * t + phase) + draw.normal(len(t), std=0.3) for t in (x, x_val))
    degrees, line = list(range(9)), torch.linspace(-1, 1, 100, dtype=torch.float64)
    result, fits = learner.run(curves, x, y, x_val, y_val, degrees, line)
    expected = expected_errors(x, y, x_val, y_val, degrees, 0.0)
    assert_matches(result, expected, NAMES, rtol=CONDITION)
    with album.figure("overfitting_fits", "Polynomials of degree 1, 4 and 7") as axes:
        axes.scatter(x, y, color="black", zorder=3)
        for degree, fit in zip(degrees[1::3], fits, strict=True):
            axes.plot(line, fit, label=f"degree {degree}")
        axes.legend()
    with album.figure("overfitting_errors", "Error and capacity") as axes:
        for values, name in zip(result, NAMES[:2], strict=False):
            axes.plot(degrees, values, marker="o", label=name)
        axes.set_xlabel("degree")
        axes.set_yscale("log")
        axes.legend()


@pytest.mark.parametrize("r, m", [(6, 4), (3, 11)])
def test_bias_and_variance(learner, draw, r, m):
    truth = draw.normal(m)
    predictions = draw.normal(r, m) * draw.uniform(m, low=0.3, high=2.0) + truth + draw.normal(m)
    bias = (predictions.mean(0) - truth).square().mean()
    expected = (bias, predictions.var(0, correction=0).mean())
    result = learner.bias_and_variance(strided(predictions), truth)
    assert_matches(result, expected, ("bias_squared", "variance"), terms=r * m)
    assert_inputs_unchanged(learner)


def curve(draw, start, end, n):
    """Falls from start to end, quickly at first, wriggling by 2 %, and nearly flat at the end."""
    steps = torch.linspace(0, 6, n, dtype=torch.float64)
    return (end + (start - end) * torch.exp(-steps)) * (1 + draw.uniform(n, low=-0.02, high=0.02))


def run_of(draw, kind):
    """Two curves and a target; and why it is what it is."""
    n, end = draw.integer(12, 25), float(draw.uniform(low=0.05, high=0.5))
    train = curve(draw, end + 2, end, n)
    val = curve(draw, end + 2.2, end * 1.2, n)
    target = end * 1.3
    why = "train gets below the target, and val stays near it and doesn't rise"
    if kind.startswith("underfit"):
        target, why = end * 0.8, "train never gets below the target"
        if kind == "underfit, though val rises":
            val = val + torch.linspace(-1, 1, n).clamp(min=0) * end
    elif kind == "risen":
        val = (
            curve(draw, end + 2, end * 0.9, n) + torch.linspace(-1, 1, n, dtype=torch.float64).clamp(min=0) * end * 0.4
        )
        why = "val has risen from its lowest value by more than a tenth"
    elif kind == "gap":
        val, why = (
            curve(draw, end + 2.2, end * 1.9, n),
            "val is more than one and a half times as high as train at the end",
        )
    elif kind == "outliers":
        train[-1], val[-2] = train[-1] * 1.12, val[-2] * 1.12
        target, why = end * 1.09, "on average of the last three epochs nothing is wrong"
    elif kind == "last":
        val = curve(draw, end + 2.2, end * 1.2, n)
        val[-3:-1] *= 1.4
        why = "on average of its last three values, val has risen by more than a tenth"
    elif kind == "val above target":
        target, val = end * 1.1, curve(draw, end + 2.2, end * 1.35, n)
        why = "the target is one for train, and val may be somewhat higher"
    return train.tolist(), val.tolist(), target, why


KINDS = {
    "fine": "fine",
    "underfit": "underfit",
    "underfit, though val rises": "underfit",
    "risen": "overfit",
    "gap": "overfit",
    "outliers": "fine",
    "last": "overfit",
    "val above target": "fine",
}


def known(train, val, target):
    """The rule, or None where a number is so close to a limit that rounding might decide."""
    a, b = sum(train[-3:]) / 3, sum(val[-3:]) / 3
    if min(abs(a / target - 1), abs(b / min(val) / 1.1 - 1), abs(b / a / 1.5 - 1)) < 1e-9:
        return None
    return "underfit" if a > target else "overfit" if b > 1.1 * min(val) or b > 1.5 * a else "fine"


@pytest.mark.parametrize("kind", KINDS)
def test_the_diagnosis_of_curves(learner, draw, kind):
    for _ in range(4):
        train, val, target, why = run_of(draw, kind)
        while known(train, val, target) != KINDS[kind]:
            train, val, target, why = run_of(draw, kind)
        assert_matches(learner.diagnose(train, val, target), KINDS[kind], f"the diagnosis ({why})")


def layers(inputs, width, depth, outputs):
    sizes = [inputs, *[width] * depth, outputs]
    return [torch.nn.Linear(a, b, device="meta") for a, b in itertools.pairwise(sizes)]


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_parameters_of_a_network(learner, draw, depth):
    for _ in range(4):
        inputs, width, outputs = draw.integer(2, 30), draw.integer(2, 40), draw.integer(1, 12)
        expected = sum(p.numel() for layer in layers(inputs, width, depth, outputs) for p in layer.parameters())
        name = f"the number of parameters for {inputs} inputs, width {width}, depth {depth}, {outputs} outputs"
        assert_matches(learner.mlp_parameters(inputs, width, depth, outputs), expected, name)


def count(inputs, width, depth, outputs):
    return sum((a + 1) * b for a, b in itertools.pairwise([inputs, *[width] * depth, outputs]))


@pytest.mark.builds_on("test_parameters_of_a_network")
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_widest_network_for_a_budget(learner, draw, depth):
    for _ in range(4):
        inputs, width, outputs = draw.integer(2, 30), draw.integer(1, 40), draw.integer(1, 12)
        least, next_one = count(inputs, width, depth, outputs), count(inputs, width + 1, depth, outputs)
        for budget in (least, next_one - 1, draw.integer(least, next_one)):
            name = f"the width for {inputs} inputs, depth {depth}, {outputs} outputs and a budget of {budget}"
            assert_matches(learner.widest(inputs, depth, outputs, budget), width, name)


@pytest.mark.builds_on("test_the_widest_network_for_a_budget")
def test_a_budget_that_is_too_small_for_any_network(learner, draw):
    budget = count(7, 1, 3, 2) - 1
    assert_matches(learner.widest(7, 3, 2, budget), 0, "the width")
