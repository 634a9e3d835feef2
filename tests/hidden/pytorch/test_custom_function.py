"""Each operation beside the same thing made of torch's operations, differentiated once and twice."""

import gc
import weakref

import pytest
import torch

from tutor.testkit import assert_matches, strided

NAMES = ("the output", "the gradient", "the second gradient for x", "the second gradient for grad_output")


def differentiate(function, x, g, h):
    """The output, its gradient times g, and the gradients of that times h for x and for g."""
    x, g = x.requires_grad_(), g.requires_grad_()
    out = function(x)
    (first,) = torch.autograd.grad((out * g).sum(), x, create_graph=True)
    if not first.requires_grad:  # a constant for torch, with no second derivative at all
        return out.detach(), first, torch.zeros_like(h), torch.zeros_like(h)
    again = torch.autograd.grad((first * h).sum(), [x, g], allow_unused=True)
    second = [torch.zeros_like(h) if found is None else found for found in again]
    return out.detach(), first.detach(), *second


def of_a_function(solution, name, x, arguments, g, h):
    chosen = getattr(solution, name)
    if not (isinstance(chosen, type) and issubclass(chosen, torch.autograd.Function)):
        return f"{name} has to be a subclass of torch.autograd.Function, as in the stub."
    return differentiate(lambda x: chosen.apply(x, *arguments), x, g, h)


def check(learner, draw, name, by_torch, x, *arguments):
    g, h = draw.like(x), draw.like(x)
    expected = differentiate(by_torch, x.clone(), g.clone(), h)
    actual = learner.run(of_a_function, name, x, arguments, g, h)
    if isinstance(actual, str):
        raise AssertionError(actual)
    assert_matches(actual, expected, NAMES, terms=4)


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 5)])
def test_exp_and_its_first_two_derivatives(learner, draw, shape):
    check(learner, draw, "Exp", torch.exp, draw.normal(*shape))


def outlives_its_last_user(solution, x):
    gc.collect()
    gc.disable()
    try:
        out = solution.Exp.apply(x.requires_grad_())
        watched = weakref.ref(out)
        del out
        return watched() is not None
    finally:
        gc.enable()


@pytest.mark.builds_on("test_exp_and_its_first_two_derivatives")
def test_an_output_that_nobody_holds_is_freed(learner, draw):
    left = learner.run(outlives_its_last_user, draw.normal(4, 3))
    assert left is False, (
        "The output of Exp is still in memory when nobody holds it any more. Something that you keep in forward holds "
        "it: as an attribute of ctx it is part of a circle, the output points to its node and the node to the output."
    )


@pytest.mark.parametrize("exponent, factor", [(2, 0.8), (3, -1.7), (5, 2.0)])
def test_a_scaled_power_and_its_first_two_derivatives(learner, draw, exponent, factor):
    check(learner, draw, "ScaledPower", lambda x: factor * x**exponent, draw.normal(4, 3), exponent, factor)


@pytest.mark.builds_on("test_exp_and_its_first_two_derivatives", "test_a_scaled_power_and_its_first_two_derivatives")
def test_float32_and_inputs_that_are_not_contiguous(learner, draw):
    x = strided(draw.normal(4, 3, dtype=torch.float32))
    check(learner, draw, "Exp", torch.exp, x)
    check(learner, draw, "ScaledPower", lambda x: 1.5 * x**3, x, 3, 1.5)


def changed_in_between(solution, x):
    x = x.requires_grad_() * 1.0
    out = solution.ScaledPower.apply(x, 3, 0.5)
    with torch.no_grad():
        x += 1.0
    try:
        torch.autograd.backward(out.sum())
    except RuntimeError:
        return True
    return False


@pytest.mark.builds_on("test_a_scaled_power_and_its_first_two_derivatives")
def test_an_input_that_was_changed_in_place_is_noticed(learner, draw):
    noticed = learner.run(changed_in_between, draw.normal(4, 3))
    assert noticed is True, (
        "x was changed between forward and backward, and backward computed a wrong gradient from it without a word. "
        "Keep tensors with ctx.save_for_backward: it remembers which version of the tensor it was."
    )


def of_linear(solution, values, needs, g):
    leaves = [value.requires_grad_(need) for value, need in zip(values, needs, strict=True)]
    out = solution.Linear.apply(*leaves)
    (out * g).sum().backward()
    return out.detach(), *(leaf.grad for leaf in leaves)


def linear_backward(solution, values, needs, g):
    """What backward returns when it is told what is needed, and how many matrix products it makes."""

    class Context:
        needs_input_grad = needs
        saved_tensors = ()

        def save_for_backward(self, *tensors):
            self.saved_tensors = tensors

    class Counting(torch.overrides.TorchFunctionMode):
        products = 0

        def __torch_function__(self, func, types, args=(), kwargs=None):
            name = getattr(func, "__name__", "")
            made = func(*args, **(kwargs or {}))
            if any(part in name for part in ("mm", "matmul", "einsum", "linear", "tensordot")):
                self.products += made.dim() == 2
            return made

    context = Context()
    solution.Linear.forward(context, *values)
    with Counting() as counting:
        found = solution.Linear.backward(context, g)
    return found, counting.products


def linear_case(draw, needs):
    values = [draw.normal(5, 3), draw.normal(4, 3), draw.normal(4)][: len(needs)]
    leaves = [value.clone().requires_grad_(need) for value, need in zip(values, needs, strict=True)]
    out = torch.nn.functional.linear(*leaves)
    g = draw.like(out)
    torch.autograd.backward((out * g).sum())
    return values, g, out.detach(), [leaf.grad for leaf in leaves]


@pytest.mark.parametrize("needs", [(True, True, True), (True, True)])
def test_a_linear_layer_with_and_without_bias(learner, draw, needs):
    values, g, out, gradients = linear_case(draw, needs)
    names = ("the output", "grad_x", "grad_weight", "grad_bias")[: 1 + len(needs)]
    assert_matches(learner.run(of_linear, values, needs, g), (out, *gradients), names, terms=5)


@pytest.mark.builds_on("test_a_linear_layer_with_and_without_bias")
@pytest.mark.parametrize(
    "needs, products",
    [((False, True, True), 1), ((True, False, True), 1), ((True, False, False), 1), ((False, False, True), 0)],
)
def test_gradients_that_nobody_needs_are_not_computed(learner, draw, needs, products):
    values, g, _, gradients = linear_case(draw, needs)
    expected = (tuple(gradients), products)
    names = ("what backward returns", "the number of matrix products in it")
    assert_matches(learner.run(linear_backward, values, needs, g), expected, names, terms=5)


def linear_twice(solution, x, weight, bias, g, h, k):
    """Second derivatives: of the gradients for x and weight, for everything that went in."""
    leaves = [value.requires_grad_() for value in (x, weight, bias, g)]
    apply = solution.Linear.apply if solution else torch.nn.functional.linear
    out = apply(*leaves[:3])
    grad_x, grad_weight = torch.autograd.grad((out * out * g).sum(), leaves[:2], create_graph=True)
    return torch.autograd.grad((grad_x * h).sum() + (grad_weight * k).sum(), leaves)


@pytest.mark.builds_on("test_a_linear_layer_with_and_without_bias")
def test_a_linear_layer_differentiated_twice(learner, draw):
    inputs = (
        draw.normal(5, 3),
        draw.normal(4, 3),
        draw.normal(4),
        draw.normal(5, 4),
        draw.normal(5, 3),
        draw.normal(4, 3),
    )
    expected = linear_twice(None, *(value.clone() for value in inputs))
    names = tuple(f"the second gradient for {name}" for name in ("x", "weight", "bias", "grad_output"))
    assert_matches(learner.run(linear_twice, *inputs), expected, names, terms=60)


def rounded(low, high):
    def by_torch(x):
        cut = x.clamp(low, high)
        return cut + (cut.round() - cut).detach()

    return by_torch


@pytest.mark.parametrize("low, high", [(-2.0, 3.0), (0.0, 1.5)])
def test_rounding_passes_the_gradient_where_nothing_was_cut_off(learner, draw, low, high):
    check(learner, draw, "RoundStraightThrough", rounded(low, high), draw.normal(6, 5, std=3.0), low, high)


@pytest.mark.builds_on("test_rounding_passes_the_gradient_where_nothing_was_cut_off")
def test_rounding_at_the_boundaries_and_of_halves(learner, draw):
    x = torch.tensor([-2.0, 3.0, -2.5, 3.5, 0.5, 1.5, 2.5, -0.5, 0.0], dtype=torch.float64)
    check(learner, draw, "RoundStraightThrough", rounded(-2.0, 3.0), x, -2.0, 3.0)


@pytest.mark.parametrize("strength", [1.0, 0.3])
def test_a_gradient_that_is_reversed(learner, draw, strength):
    check(
        learner,
        draw,
        "ReverseGradient",
        lambda x: (1 + strength) * x.detach() - strength * x,
        draw.normal(4, 3),
        strength,
    )
