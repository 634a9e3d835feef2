"""The functions against torch and autograd; layers and registry by scenarios."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

SHAPES = [(5,), (3, 4), (2, 3, 6)]


def torch_snake(x, a):
    return x + torch.sin(a * x) ** 2 / a


def frequencies(draw, c):
    return draw.uniform(c, low=0.4, high=2.5) * (2 * draw.integers(0, 2, c) - 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_mish(learner, draw, shape):
    x = draw.normal(*shape) * 3
    assert_matches(learner.mish(strided(x)), F.mish(x), "mish")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_mish")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_mish(learner, draw, shape):
    x, g = draw.normal(*shape) * 2, draw.normal(*shape)
    expected = reference(F.mish, x).gradients(g)[0]
    assert_matches(learner.mish_backward(strided(g), x), expected, "grad_x")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradient_of_mish")
def test_mish_of_large_numbers(learner, draw):
    x = torch.tensor([-1000.0, -30.0, 0.0, 30.0, 800.0, 1000.0], dtype=torch.float64)
    g = draw.normal(6) + 2
    assert_matches(learner.mish(x), F.mish(x), "mish")
    expected = g * torch.tensor([0.0, 0.0, 0.6, 1.0, 1.0, 1.0], dtype=torch.float64)
    expected[1] = reference(F.mish, x[1]).gradients(g[1])[0]
    assert_matches(learner.mish_backward(g, x), expected, "grad_x")


@pytest.mark.parametrize("n, c", [(5, 3), (2, 4), (7, 1)])
def test_snake(learner, draw, n, c):
    x, a = draw.normal(n, c) * 2, frequencies(draw, c)
    assert_matches(learner.snake(strided(x), a), torch_snake(x, a), "snake")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_snake")
@pytest.mark.parametrize("n, c", [(5, 3), (2, 4), (7, 2)])
def test_the_gradients_of_snake(learner, draw, n, c):
    x, a, g = draw.normal(n, c) * 2, frequencies(draw, c), draw.normal(n, c)
    expected = reference(torch_snake, x, a).gradients(g)
    assert_matches(learner.snake_backward(strided(g), x, a), expected, ("grad_x", "grad_a"), terms=n)
    assert_inputs_unchanged(learner)


def run_mish(solution, x, other, g):
    """Two objects at once, the second between forward and backward of the first."""
    layer, second = solution.Mish(), solution.Mish()
    out = layer.forward(x)
    second.forward(other)
    grad = layer.backward(g)
    layer.zero_grad()
    return out, grad, layer.parameters()


@pytest.mark.builds_on("test_the_gradient_of_mish")
def test_mish_as_a_layer(learner, draw):
    x, g = draw.normal(4, 5), draw.normal(4, 5)
    expected = (F.mish(x), *reference(F.mish, x).gradients(g), [])
    assert_matches(learner.run(run_mish, x, draw.normal(4, 5), g), expected, ("out", "grad_x", "the parameters"))


def run_snake(solution, xs, a, gs):
    """Forward and backward several times; what do they return, and what is the gradient of a after each?"""
    layer = solution.Snake(a)
    results, grads, after = [], [], []
    for x, g in zip(xs, gs, strict=True):
        results.append(layer.forward(x))
        grads.append(layer.backward(g))
        after.append(layer.parameters()[0][1].clone())
    return results, grads, after


@pytest.mark.builds_on("test_the_gradients_of_snake")
def test_snake_as_a_layer_adds_up_its_gradient(learner, draw):
    a = frequencies(draw, 3)
    xs, gs = [draw.normal(n, 3) for n in (4, 2, 6)], [draw.normal(n, 3) for n in (4, 2, 6)]
    grads = [reference(torch_snake, x, a).gradients(g) for x, g in zip(xs, gs, strict=True)]
    sums = list(torch.stack([grad for _, grad in grads]).cumsum(0))
    expected = ([torch_snake(x, a) for x in xs], [grad for grad, _ in grads], sums)
    names = ("the outputs", "grad_x", "the gradient of a after each backward")
    assert_matches(learner.run(run_snake, xs, a, gs), expected, names, terms=20)


def run_training(solution, x, a, g, lr):
    """The pair that was handed out at the start is used all along, as an optimizer does."""
    a = a.clone()
    layer = solution.Snake(a)
    ((parameter, gradient),) = layer.parameters()
    for _ in range(3):
        layer.zero_grad()
        layer.forward(x)
        layer.backward(g)
        parameter -= lr * gradient
    layer.zero_grad()
    return a, layer.forward(x), 1 + gradient


@pytest.mark.builds_on("test_snake_as_a_layer_adds_up_its_gradient")
def test_an_optimizer_can_hold_on_to_parameter_and_gradient(learner, draw):
    x, a, g = draw.normal(5, 3), frequencies(draw, 3), draw.normal(5, 3)
    after = a
    for _ in range(3):
        after = after - 0.05 * reference(torch_snake, x, after).gradients(g)[1]
    expected = (after, torch_snake(x, after), torch.ones_like(a))
    names = ("a after three steps", "the output with it", "1 + the gradient after zero_grad")
    assert_matches(learner.run(run_training, x, a, g, 0.05), expected, names, terms=1000)


def by_name(solution, x, a):
    layers = solution.create("mish"), solution.create("snake", a), solution.create("snake", 2 * a)
    kinds = [isinstance(layers[0], solution.Mish), *(isinstance(layer, solution.Snake) for layer in layers[1:])]
    return kinds, [layer.forward(x) for layer in layers]


@pytest.mark.builds_on("test_mish", "test_snake")
def test_both_are_found_by_name(learner, draw):
    x, a = draw.normal(4, 3), frequencies(draw, 3)
    expected = ([True, True, True], [F.mish(x), torch_snake(x, a), torch_snake(x, 2 * a)])
    assert_matches(learner.run(by_name, x, a), expected, ("of the right class", "the output of layer"))


def registered(solution, name, numbers):
    """A class of somebody else's, with two arguments."""

    @solution.register(name)
    class Line:
        def __init__(self, slope, shift=0.0):
            self.slope, self.shift = slope, shift

        def forward(self, x):
            return self.slope * x + self.shift

    made = [solution.create(name, slope, shift) for slope, shift in numbers]
    return (
        isinstance(Line, type),
        [isinstance(Line, type) and type(layer) is Line for layer in made],
        [float(layer.forward(10.0)) for layer in made],
    )


def test_a_class_of_somebody_else_can_be_registered(learner, draw):
    numbers = [(float(slope), float(shift)) for slope, shift in draw.normal(2, 2).tolist()]
    expected = (True, [True, True], [slope * 10 + shift for slope, shift in numbers])
    names = ("that the decorator returns the class", "that create makes objects of it", "their outputs")
    assert_matches(learner.run(registered, f"line {draw.integer(0, 10**9)}", numbers), expected, names)


def register_twice(solution, name):
    """The second may be refused at `register(name)`, or when its class comes."""
    solution.register(name)(type("First", (), {}))
    refused = False
    try:
        solution.register(name)(type("Second", (), {}))
    except ValueError:
        refused = True
    return refused, type(solution.create(name)).__name__


@pytest.mark.builds_on("test_a_class_of_somebody_else_can_be_registered")
def test_a_name_is_given_once_only(learner, draw):
    names = ("that the second class raises a ValueError", "the class of an object made afterwards")
    assert_matches(learner.run(register_twice, f"twice {draw.integer(0, 10**9)}"), (True, "First"), names)


@pytest.mark.builds_on("test_both_are_found_by_name")
def test_an_unknown_name_is_an_error(learner):
    assert_raises(ValueError, learner.create, "sine")
