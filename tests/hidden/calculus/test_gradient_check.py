"""The learner's checker is given functions with right gradients and with wrong ones, and has to tell them apart."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

H = 1e-5
EPS = torch.finfo(torch.float64).eps
NAMES = ("left", "central", "right", "noise")

# Scalar functions of x, shape (4, 5), with weights a (4, 5) and b (5,).
FUNCTIONS = [
    "(a * x**2).sum()",
    "(torch.sin(x) * a).sum()",
    "torch.logsumexp((x * a).flatten(), 0)",
    "((x @ b) ** 3).mean()",
    "(torch.tanh(x) * torch.exp(-x**2) + a * x).sum()",
    "1e-6 * (a * x**2).sum()",
    "1e6 * (torch.sin(x) * a).sum()",
]


def function(text, a, b):
    return eval("lambda x: " + text, {"torch": torch, "a": a, "b": b})


def case(draw, text):
    """x, the weights, and the right gradient."""
    x, a, b = draw.normal(4, 5), draw.normal(4, 5) + 0.3, draw.normal(5)
    leaf = x.clone().requires_grad_()
    (grad,) = torch.autograd.grad(function(text, a, b)(leaf), leaf)
    return x, a, b, grad


def slopes_of(solution, text, x, a, b, direction, options):
    return solution.slopes(function(text, a, b), x, direction, **options)


def expected_slopes(text, x, a, b, d, h):
    f, x = function(text, a, b), x.double()
    below, here, above = (f(x + step * d).item() for step in (-h, 0, h))
    noise = 100 * EPS * max(abs(below), abs(here), abs(above)) / h
    return (here - below) / h, (above - below) / (2 * h), (above - here) / h, noise


@pytest.mark.parametrize("text", FUNCTIONS[:5])
@pytest.mark.parametrize("options", [{}, {"h": 1e-3}])
def test_slopes_on_both_sides_and_across(learner, draw, text, options):
    x, a, b, _ = case(draw, text)
    d = draw.normal(4, 5)
    expected = expected_slopes(text, x, a, b, d, options.get("h", H))
    actual = learner.run(slopes_of, text, x, a, b, d, options)
    assert_matches(actual[:3] if isinstance(actual, tuple) else actual, expected[:3], NAMES[:3], rtol=1e-7)


@pytest.mark.builds_on("test_slopes_on_both_sides_and_across")
def test_the_noise_that_rounding_leaves(learner, draw):
    text = "1e9 + 1e8 * (a * x**2).sum()"
    x, a, b, _ = case(draw, text)
    d = draw.normal(4, 5)
    noise = expected_slopes(text, x, a, b, d, H)[3]
    actual = learner.run(slopes_of, text, x, a, b, d, {})
    assert_matches(actual[3] if isinstance(actual, tuple) and len(actual) == 4 else actual, noise, "noise", rtol=1e-6)


@pytest.mark.builds_on("test_slopes_on_both_sides_and_across")
def test_of_float32_inputs_the_differences_are_taken_in_float64(learner, draw):
    text = FUNCTIONS[1]
    x, a, b, _ = case(draw, text)
    x, d = x.float(), draw.normal(4, 5)
    expected = expected_slopes(text, x, a, b, d, H)
    assert_matches(learner.run(slopes_of, text, x, a, b, d, {})[:3], expected[:3], NAMES[:3], rtol=1e-7)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_slopes_on_both_sides_and_across")
def test_slopes_at_a_kink(learner, draw):
    a, b = draw.uniform(3, low=0.5, high=2.0), draw.normal(2)
    d = torch.tensor([0.8, -0.6, 0.4]).double()
    x = torch.tensor([0.0, 1.0, -2.0]).double()
    expected = expected_slopes("(a * x.abs()).sum()", x, a, b, d, H)
    assert_matches(
        learner.run(slopes_of, "(a * x.abs()).sum()", x, a, b, d, {})[:3], expected[:3], NAMES[:3], rtol=1e-7
    )


@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
@pytest.mark.parametrize("sign", [1, -1])
def test_agreement_is_relative(learner, draw, scale, sign):
    a = sign * scale * float(draw.uniform(low=0.5, high=2.0))
    for share, expected in [(0.5, True), (0.9, True), (1.1, False), (30.0, False)]:
        for factor in (1 + share * 1e-5, 1 / (1 + share * 1e-5)):
            actual = learner.agree(a, a * factor, 1e-5, 0.0)
            assert actual is expected, (
                f"agree({a!r}, {a * factor!r}, 1e-5, 0.0) has to be {expected}; yours is {actual!r}."
            )


@pytest.mark.builds_on("test_agreement_is_relative")
def test_agreement_leaves_room_for_the_noise(learner, draw):
    noise = float(draw.uniform(low=0.5, high=2.0)) * 1e-9
    for a, b, expected in [(0.0, 0.9 * noise, True), (0.9 * noise, 0.0, True), (-1.1 * noise, 0.0, False)]:
        actual = learner.agree(a, b, 1e-5, noise)
        assert actual is expected, f"agree({a!r}, {b!r}, 1e-5, {noise!r}) has to be {expected}; yours is {actual!r}."
    a = float(draw.uniform(low=1.0, high=2.0))
    b = a - 1e-5 * a - 0.5e-9
    assert learner.agree(a, b, 1e-5, 1e-9) is True, "Tolerance and noise add up: |a − b| ≤ tol · max(|a|, |b|) + noise."
    assert learner.agree(-a, a, 1e-5, 1e-9) is False, "Numbers of opposite sign don't agree."
    assert learner.agree(0.0, 0.0, 1e-5, 0.0) is True, "0 and 0 agree."


def verdict(solution, text, grad, x, a, b, seed, options):
    return solution.check_gradient(function(text, a, b), grad, x, torch.Generator().manual_seed(seed), **options)


def judge(learner, draw, text, grad, x, a, b, expected, why, options=None):
    actual = learner.run(verdict, text, grad, x, a, b, draw.integer(0, 10**6), options or {})
    assert actual == expected, f"{why}: check_gradient has to say {expected!r}, and says {actual!r}."


@pytest.mark.parametrize("text", FUNCTIONS)
def test_right_gradients_are_accepted(learner, draw, text):
    x, a, b, grad = case(draw, text)
    judge(learner, draw, text, grad, x, a, b, "right", f"The gradient of {text} was right")


@pytest.mark.builds_on("test_right_gradients_are_accepted")
def test_other_numbers_of_directions_and_steps(learner, draw):
    text = FUNCTIONS[4]
    x, a, b, grad = case(draw, text)
    for options in ({"directions": 3}, {"h": 1e-4}, {"directions": 1, "h": 3e-5}):
        judge(learner, draw, text, grad, x, a, b, "right", f"The gradient was right, with {options}", options)


def permuted(grad):
    return grad.flatten().roll(1).reshape(grad.shape)


def one_element(grad):
    """1 % of the norm, in one place."""
    wrong = grad.clone()
    wrong[2, 3] += 0.01 * grad.square().sum().sqrt()
    return wrong


WRONG = {
    "off by a factor of 1.001": lambda grad: grad * 1.001,
    "of the wrong sign": lambda grad: -grad,
    "wrong in a single element": one_element,
    "right but for the order of its elements": permuted,
    "without its last column": lambda grad: torch.cat([grad[:, :-1], 0 * grad[:, -1:]], dim=1),
    "twice what it should be": lambda grad: 2 * grad,
    "all zeros": lambda grad: 0 * grad,
}


@pytest.mark.parametrize("how", list(WRONG))
@pytest.mark.parametrize("text", [FUNCTIONS[0], FUNCTIONS[4], FUNCTIONS[5], FUNCTIONS[6]])
def test_wrong_gradients_are_rejected(learner, draw, text, how):
    x, a, b, grad = case(draw, text)
    judge(learner, draw, text, WRONG[how](grad), x, a, b, "wrong", f"This gradient of {text} was {how}")


@pytest.mark.builds_on("test_right_gradients_are_accepted", "test_wrong_gradients_are_rejected")
def test_a_function_that_does_not_depend_on_x(learner, draw):
    x, a, b = draw.normal(4, 5), draw.normal(4, 5), draw.normal(5)
    text = "0 * x.sum() + b.sum()"
    judge(learner, draw, text, torch.zeros_like(x), x, a, b, "right", "A constant has gradient 0")
    judge(learner, draw, text, draw.normal(4, 5), x, a, b, "wrong", "A constant has gradient 0, and was given another")


@pytest.mark.builds_on("test_right_gradients_are_accepted", "test_wrong_gradients_are_rejected")
def test_float32_inputs(learner, draw):
    text = FUNCTIONS[1]
    x, a, b, _ = case(draw, text)
    x = x.float()
    grad = torch.cos(x.double()) * a
    judge(learner, draw, text, grad, x, a, b, "right", "The gradient was right, and x float32")
    judge(learner, draw, text, grad * 1.0003, x, a, b, "wrong", "The gradient was off by 0.03 %, and x float32")


@pytest.mark.builds_on("test_right_gradients_are_accepted", "test_wrong_gradients_are_rejected")
@pytest.mark.parametrize("text", ["torch.relu(x).sum()", "(a * x.abs()).sum()", "x.abs().max() + x.sum()"])
def test_where_every_direction_crosses_a_kink_it_cannot_tell(learner, draw, text):
    x, a, b = torch.zeros(4, 5).double(), draw.uniform(4, 5, low=0.5, high=2.0), draw.normal(5)
    judge(learner, draw, text, torch.ones_like(x), x, a, b, "undecided", "Every direction crosses a kink at x = 0")


@pytest.mark.builds_on("test_where_every_direction_crosses_a_kink_it_cannot_tell")
def test_a_kink_near_by_is_not_mistaken_for_a_wrong_gradient(learner, draw):
    """With a single element there are only two directions, and both cross what lies within h."""
    a, b, text = draw.normal(2), draw.normal(2), "3 * x.abs().sum() + (x**2).sum()"
    for place, grad, expected, why in [
        (0.4e-5, 3.0, "undecided", "There was a kink at a distance of 0.4 h"),
        (-0.4e-5, -3.0, "undecided", "There was a kink at a distance of 0.4 h"),
        (3e-5, 3.0, "right", "The kink was 3 h away, and the gradient right"),
        (3e-5, -3.0, "wrong", "The kink was 3 h away, and the gradient wrong"),
    ]:
        x = torch.tensor([place], dtype=torch.float64)
        judge(learner, draw, text, torch.tensor([grad]).double() + 2 * x, x, a, b, expected, why)


def probe(solution, x, grad, seed, directions, h):
    """All points at which the checker looks, less x."""
    seen = []

    def f(point):
        seen.append(point.clone())
        return (point**2).sum()

    solution.check_gradient(f, grad, x, torch.Generator().manual_seed(seed), directions=directions, h=h)
    return torch.stack(seen) - x if seen else torch.zeros(0)


@pytest.mark.builds_on("test_right_gradients_are_accepted")
@pytest.mark.parametrize("directions, h", [(8, 1e-5), (5, 1e-4)])
def test_it_looks_into_as_many_random_directions_as_it_was_told(learner, draw, directions, h):
    x = draw.normal(6, 7)
    steps = learner.run(probe, x, 2 * x, draw.integer(0, 10**6), directions, h)
    assert isinstance(steps, torch.Tensor) and len(steps), "check_gradient never called f."
    assert len(steps) <= 3 * directions + 1, f"{len(steps)} calls of f, where {3 * directions} are enough."
    lengths = steps.flatten(1).norm(dim=1)
    moved = steps.flatten(1)[lengths > h / 2]
    near = ((lengths[lengths > h / 2] / h - 1).abs() < 1e-4).all()
    assert near, (
        f"Directions have to have length 1, so that every step has length h = {h:g}; yours go up to {lengths.max():g}."
    )
    units = moved / moved.norm(dim=1, keepdim=True)
    different = {tuple((unit * unit[unit.abs().argmax()].sign()).mul(1e3).round().tolist()) for unit in units}
    assert len(different) == directions, (
        f"{directions} different directions were asked for; {len(different)} were tried."
    )
    signs = (units > 0).float().mean(dim=1)
    assert ((signs > 0.05) & (signs < 0.95)).all(), (
        "Elements of a direction have to be of either sign, as normal ones are."
    )
    busy = (units.abs() > 1e-3).float().mean()
    assert busy > 0.8, f"A random direction changes all elements at once; yours change {busy:.0%} of them."


def two_verdicts(solution, x, seeds):
    answers = []
    for seed in seeds:
        seen = []

        def f(point, seen=seen):
            seen.append(point.clone())
            return (point**2).sum()

        solution.check_gradient(f, 2 * x, x, torch.Generator().manual_seed(seed))
        answers.append(torch.stack(seen))
    return answers


@pytest.mark.builds_on("test_it_looks_into_as_many_random_directions_as_it_was_told")
def test_the_directions_come_from_the_generator(learner, draw):
    one, again, other = learner.run(two_verdicts, draw.normal(3, 4), [5, 5, 6])
    assert torch.equal(one, again), (
        "The same generator has to lead to the same directions: draw from `generator` alone."
    )
    assert not torch.equal(one, other), "Another seed has to lead to other directions: draw them from `generator`."


# Layers with a wrong backward pass, most of which an upstream gradient of ones would not notice.
LAYERS = {
    "softmax": ("torch.softmax(x, 1)", "(s := torch.softmax(x, 1)) * (g - (g * s).sum(1, keepdim=True))", "right"),
    "sigmoid": ("torch.sigmoid(x)", "g * (s := torch.sigmoid(x)) * (1 - s)", "right"),
    "a product with a matrix": ("x @ w", "g @ w.T", "right"),
    "the mean of the columns": ("x.mean(0)", "g.expand(x.shape) / len(x)", "right"),
    "softmax, with 0 as its gradient": ("torch.softmax(x, 1)", "0 * x", "wrong"),
    "softmax, only its diagonal": ("torch.softmax(x, 1)", "g * (s := torch.softmax(x, 1)) * (1 - s)", "wrong"),
    "squares, without the upstream gradient": ("x ** 2", "2 * x", "wrong"),
    "a transpose, returned as it is": ("x.T", "g.reshape(x.shape)", "wrong"),
    "the mean of the columns, as a sum": ("x.mean(0)", "g.expand(x.shape)", "wrong"),
    "a centred row, taken for its input": ("x - x.mean(1, keepdim=True)", "0 * g", "wrong"),
}


def verdicts_on_layers(solution, layers, x, w, seed):
    names, generator = {"torch": torch, "w": w}, torch.Generator().manual_seed(seed)
    verdicts = []
    for forward, backward, _ in layers:
        forward, backward = eval("lambda x: " + forward, names), eval("lambda g, x: " + backward, names)
        verdicts.append(solution.check_backward(forward, backward, x, generator))
    return verdicts


@pytest.mark.builds_on("test_right_gradients_are_accepted", "test_wrong_gradients_are_rejected")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_backward_passes_of_layers(learner, draw, dtype):
    x, w = draw.normal(4, 5).to(dtype), draw.normal(5, 3)
    layers = list(LAYERS.values())
    verdicts = learner.run(verdicts_on_layers, layers, x, w, draw.integer(0, 10**6))
    assert isinstance(verdicts, list), f"check_backward has to return a string; yours is {verdicts!r}"
    for verdict, (layer, (*_, expected)) in zip(verdicts, LAYERS.items(), strict=True):
        assert verdict == expected, f"This was {layer}: check_backward has to say {expected!r}, and says {verdict!r}."
