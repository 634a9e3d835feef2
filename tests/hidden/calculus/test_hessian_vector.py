"""The reference is autograd, twice; functions travel to the worker as text."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_largest, assert_matches, cost_of, strided

# Of x with shape (3, 4) and weights a (3, 4), b (4, 4).
FUNCTIONS = [
    "(a * x**2).sum()",
    "((x @ b) * x).sum()",
    "(torch.sin(x) * a).sum() * x.sum()",
    "torch.logsumexp((x * a).flatten(), 0)",
    "(torch.tanh(x @ b)[:, :2] * x[:, 2:]).sum()",
    "(a * x).sum() + (x[0] ** 3).sum()",
]


def function(text, a, b):
    return eval("lambda x: " + text, {"torch": torch, "a": a, "b": b})


def twice(f, x, v):
    """Hessian times v, by autograd."""
    leaf = x.clone().requires_grad_()
    (grad,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    return torch.autograd.grad((grad * v).sum(), leaf)[0]


def case(draw, text, dtype=torch.float64):
    x, v, a, b = (draw.normal(*shape, dtype=dtype) for shape in ((3, 4), (3, 4), (3, 4), (4, 4)))
    return x, v, a, b, twice(function(text, a, b), x, v)


def by_autograd(solution, text, x, v, a, b):
    before = x.clone(), v.clone()
    result = solution.hvp(function(text, a, b), x, v)
    kept = torch.equal(x, before[0]) and torch.equal(v, before[1])
    return result, getattr(result, "requires_grad", False), x.requires_grad, kept


@pytest.mark.parametrize("text", FUNCTIONS)
def test_the_product_by_differentiating_twice(learner, draw, text):
    x, v, a, b, expected = case(draw, text)
    result, tracked, touched, kept = learner.run(by_autograd, text, x, v, a, b)
    assert_matches(result, expected, "Hv", terms=50)
    assert not tracked, "The result still hangs on the graph: return it detached, or nobody can free that graph."
    assert not touched, "x came back with requires_grad set: work on a detached copy of it."
    assert kept, "x or v has other numbers after the call than before: make new tensors, they are the caller's."


@pytest.mark.builds_on("test_the_product_by_differentiating_twice")
@pytest.mark.parametrize("text", ["(a * x).sum()", "a.sum() + 0 * x.sum()", "x.sum() ** 1"])
def test_a_function_without_curvature_has_zeros(learner, draw, text):
    x, v, a, b = draw.normal(3, 4), draw.normal(3, 4), draw.normal(3, 4), draw.normal(4, 4)
    assert_matches(learner.run(by_autograd, text, x, v, a, b)[0], torch.zeros_like(x), "Hv")


def of_a_large_one(solution, x, v):
    calls = []

    def f(z):
        calls.append(1)
        return (torch.sin(z) * z.roll(1)).sum()

    return solution.hvp(f, x, v), len(calls)


@pytest.mark.builds_on("test_the_product_by_differentiating_twice")
def test_thirty_thousand_parameters(learner, draw):
    """Their Hessian would have 7 GB."""
    x, v = draw.normal(30_000), draw.normal(30_000)
    expected = twice(lambda z: (torch.sin(z) * z.roll(1)).sum(), x, v)
    result, calls = learner.run(of_a_large_one, x, v)
    assert_matches(result, expected, "Hv", terms=4)
    assert calls == 1, f"f was called {calls} times; one forward pass is enough."


def by_differences(solution, text, x, v, a, b, options):
    f, calls = function(text, a, b), []

    def gradient(z):
        calls.append(1)
        with torch.enable_grad():
            leaf = z.detach().clone().requires_grad_()
            return torch.autograd.grad(f(leaf), leaf)[0]

    before = x.clone(), v.clone()
    result = solution.hvp_by_differences(gradient, x, v, **options)
    return result, len(calls), (x - before[0], v - before[1])


@pytest.mark.parametrize("text", FUNCTIONS)
@pytest.mark.parametrize("size", [1.0, 1e5, 1e-5])
def test_the_product_by_differences_of_gradients(learner, draw, text, size):
    x, v, a, b, expected = case(draw, text)
    result, calls, moved = learner.run(by_differences, text, x, size * v, a, b, {})
    assert_matches(result, size * expected, "Hv", rtol=1e-7)
    assert calls == 2, f"The gradient was called {calls} times; 2 are enough."
    assert_matches(moved, (0 * x, 0 * v), ("what the call added to x", "what the call added to v"))


@pytest.mark.builds_on("test_the_product_by_differences_of_gradients")
def test_other_steps(learner, draw):
    """With a step this large the difference isn't the derivative any more, and has to be the one asked for."""
    x, v, a, b, _ = case(draw, FUNCTIONS[2])
    eps = float(draw.uniform(low=0.2, high=0.8))
    h = eps / v.square().sum().sqrt()
    leaves = [(x + step * v).requires_grad_() for step in (h, -h)]
    above, below = (torch.autograd.grad(function(FUNCTIONS[2], a, b)(leaf), leaf)[0] for leaf in leaves)
    result, *_ = learner.run(by_differences, FUNCTIONS[2], x, v, a, b, {"eps": eps})
    assert_matches(result, (above - below) / (2 * h), "Hv", terms=50)


@pytest.mark.builds_on("test_the_product_by_differences_of_gradients")
def test_the_zero_vector(learner, draw):
    x, _, a, b, _ = case(draw, FUNCTIONS[0])
    result, *_ = learner.run(by_differences, FUNCTIONS[0], x, torch.zeros_like(x), a, b, {})
    assert_matches(result, torch.zeros_like(x), "Hv")


def loss(w, x, y, l2):
    return F.binary_cross_entropy_with_logits(x @ w, y) + l2 / 2 * (w * w).sum()


def data(draw, n=17, d=5, dtype=torch.float64):
    x, w, v = draw.normal(n, d, dtype=dtype), draw.normal(d, dtype=dtype), draw.normal(d, dtype=dtype)
    return w, x, draw.integers(0, 2, n).to(dtype), v


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_the_product_for_logistic_regression(learner, draw, l2):
    w, x, y, v = data(draw)
    expected = twice(lambda w: loss(w, x, y, l2), w, v)
    assert_matches(learner.logistic_hvp(v, w, x, l2), expected, "Hv", terms=20)


@pytest.mark.builds_on("test_the_product_for_logistic_regression")
def test_the_matrix_is_never_made(learner, draw):
    w, x, _, v = data(draw, n=20, d=300)
    cost = cost_of(learner, "logistic_hvp", v, w, x, 0.1)
    assert_largest(
        cost, 2 * 20 * 300 * 8, "H has D · D numbers; multiply from right to left, so that only vectors occur."
    )


def newton(w, x, y, l2):
    leaf = w.clone().requires_grad_()
    (grad,) = torch.autograd.grad(loss(leaf, x, y, l2), leaf, create_graph=True)
    rows = [torch.autograd.grad(entry, leaf, retain_graph=True)[0] for entry in grad]
    return w - torch.linalg.solve(torch.stack(rows), grad.detach())


@pytest.mark.builds_on("test_the_product_for_logistic_regression")
@pytest.mark.parametrize("l2", [0.05, 0.7])
def test_a_newton_step(learner, draw, l2):
    w, x, y, _ = data(draw, n=23, d=4)
    assert_matches(learner.newton_step(w, x, y, l2), newton(w, x, y, l2), "the new w", terms=1000)


def several_steps(solution, w, x, y, l2):
    for _ in range(8):
        w = solution.newton_step(w, x, y, l2)
    return w


@pytest.mark.builds_on("test_a_newton_step")
def test_eight_newton_steps_lead_to_the_minimum(learner, draw):
    w, x, y, _ = data(draw, n=40, d=3)
    expected = 0 * w
    for _ in range(12):
        expected = newton(expected, x, y, 0.2)
    assert_matches(learner.run(several_steps, 0 * w, x, y, 0.2), expected, "w", terms=1000)


@pytest.mark.builds_on("test_the_product_for_logistic_regression", "test_a_newton_step")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    w, x, y, v = data(draw, dtype=torch.float32)
    expected = twice(lambda w: loss(w, x, y, 0.3), w, v)
    assert_matches(learner.logistic_hvp(strided(v), strided(w), strided(x), 0.3), expected, "Hv", terms=20)
    assert_inputs_unchanged(learner)
    expected = newton(w, x, y, 0.3)
    assert_matches(learner.newton_step(strided(w), strided(x), strided(y), 0.3), expected, "the new w", terms=100)
    assert_inputs_unchanged(learner)
