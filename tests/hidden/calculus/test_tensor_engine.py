"""Expressions as text: run on the learner's nodes in the worker, and on torch's tensors with autograd here."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches, assert_raises, strided

SINGLE = ["a + b", "a * b", "a - b", "a / b", "-a", "a.exp()", "a.log()", "(a - 1).relu()"]
WITH_NUMBERS = ["a + 2", "2.5 + a", "a * 3", "0.5 * a", "a - 4", "4 - a", "a / 4", "4 / a"]
REUSING = ["a + a", "a * a", "a - a * 0.3", "(a + b) * (a - b)", "a.exp() * a", "(a + b) + a * b", "a * (a + (a + b))"]
SHAPES = [
    ((3, 4), (4,)),
    ((4,), (2, 3, 4)),
    ((3, 4), (1, 4)),
    ((3, 1), (1, 4)),
    ((2, 1, 4), (3, 1)),
    ((), (3, 2)),
    ((1,), (2, 3)),
    ((1, 1), (5,)),
]
PRODUCTS = [
    ((3, 4), (4, 5)),
    ((2, 3, 4), (2, 4, 5)),
    ((2, 3, 4), (4, 5)),
    ((3, 4), (2, 4, 5)),
    ((2, 1, 3, 4), (5, 4, 2)),
]
SUMS = [
    ((3, 4), {}),
    ((3, 4), {"axis": 0}),
    ((3, 4), {"axis": 1}),
    ((2, 3, 4), {"axis": 1}),
    ((2, 3, 4), {"axis": -1, "keepdim": True}),
    ((2, 3, 4), {"axis": 0, "keepdim": True}),
    ((5,), {"axis": 0}),
    ((), {}),
]
BEFORE_SUMS = [
    ((3, 4), (4,), "(a * b + b).sum()"),
    ((3, 4), (4,), "(a * b - b).sum(axis=0)"),
    ((3, 4), (3, 1), "(a * b + b).sum(axis=-1)"),
    ((3, 4), (3, 1), "(a * b - b).sum(axis=1, keepdim=True)"),
    ((3, 4), (4, 5), "(a @ b).sum()"),
    ((3, 4), (4, 5), "(a @ b).sum(axis=0)"),
]
NAMES = ("out.data", "a.grad", "b.grad")


def of_two(solution, expression, a, b, g):
    """The value of an expression in a and b, and its gradients for both."""
    a, b = solution.Node(a), solution.Node(b)
    out = eval(expression, {"a": a, "b": b})
    out.backward(g)
    return out.data, a.grad, b.grad


def by_torch(draw, expression, a, b):
    """An upstream gradient, and what `of_two` has to return."""
    left, right = a.clone().requires_grad_(), b.clone().requires_grad_()
    out = eval(expression, {"a": left, "b": right})
    g = draw.like(out)
    found = torch.autograd.grad((out * g).sum(), [left, right], allow_unused=True)
    grads = [torch.zeros_like(x) if grad is None else grad for x, grad in zip((a, b), found, strict=True)]
    return g, (out.detach(), *grads)


def check(learner, draw, expression, a, b, terms=30):
    g, expected = by_torch(draw, expression, a, b)
    assert_matches(learner.run(of_two, expression, a, b, g), expected, NAMES, terms=terms)


def positive(draw, *shape):
    return draw.uniform(*shape, low=0.5, high=2.0)


@pytest.mark.parametrize("expression", SINGLE)
def test_each_operation(learner, draw, expression):
    check(learner, draw, expression, positive(draw, 3, 4), positive(draw, 3, 4))


@pytest.mark.parametrize("expression", WITH_NUMBERS)
def test_plain_numbers_on_either_side(learner, draw, expression):
    check(learner, draw, expression, positive(draw, 2, 5), positive(draw, 3))


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("expression", REUSING)
def test_a_node_that_is_used_more_than_once(learner, draw, expression):
    check(learner, draw, expression, positive(draw, 3, 4), positive(draw, 3, 4))


@pytest.mark.builds_on("test_each_operation")
@pytest.mark.parametrize("expression", ["a + b", "a * b", "a - b", "a / b"])
@pytest.mark.parametrize("left, right", SHAPES)
def test_what_was_broadcast_is_summed_on_the_way_back(learner, draw, expression, left, right):
    check(learner, draw, expression, positive(draw, *left), positive(draw, *right))


@pytest.mark.parametrize("left, right", PRODUCTS)
def test_matrix_products(learner, draw, left, right):
    check(learner, draw, "a @ b", draw.normal(*left), draw.normal(*right))


def of_a_sum(solution, a, options, g):
    a = solution.Node(a)
    out = a.sum(**options)
    out.backward(g)
    return out.data, a.grad


@pytest.mark.parametrize("shape, options", SUMS)
def test_sums(learner, draw, shape, options):
    a = positive(draw, *shape)
    out = a.sum(options["axis"], keepdim=options.get("keepdim", False)) if "axis" in options else a.sum()
    g = draw.like(out)
    spread = g.unsqueeze(options["axis"]) if "axis" in options and "keepdim" not in options else g
    expected = out, spread.expand(a.shape).clone()
    assert_matches(learner.run(of_a_sum, a, options, g), expected, ("out.data", "a.grad"), terms=24)


@pytest.mark.builds_on("test_sums", "test_what_was_broadcast_is_summed_on_the_way_back", "test_matrix_products")
@pytest.mark.parametrize("left, right, expression", BEFORE_SUMS)
def test_what_was_computed_before_a_sum(learner, draw, left, right, expression):
    check(learner, draw, expression, positive(draw, *left), positive(draw, *right))


@pytest.mark.builds_on("test_each_operation")
def test_the_slope_of_relu_at_zero_is_zero(learner, draw):
    a = draw.normal(3, 4)
    a[1] = 0.0
    check(learner, draw, "a.relu()", a, draw.normal(2))


def of_a_scalar(solution, a):
    a = solution.Node(a)
    before = a.grad.clone()
    out = (a * a).sum()
    out.backward()
    return before, out.grad, a.grad


@pytest.mark.builds_on("test_each_operation", "test_sums")
def test_a_scalar_needs_no_upstream_gradient(learner, draw):
    a = draw.normal(3, 5)
    expected = torch.zeros_like(a), torch.ones((), dtype=a.dtype), 2 * a
    assert_matches(
        learner.run(of_a_scalar, a), expected, ("a.grad before backward", "out.grad", "a.grad after backward")
    )


def backward_without(solution, a):
    (solution.Node(a) * 2).backward()


@pytest.mark.builds_on("test_a_scalar_needs_no_upstream_gradient")
@pytest.mark.parametrize("shape", [(3,), (1,), (2, 2)])
def test_without_an_upstream_gradient_only_a_scalar_can_be_differentiated(learner, draw, shape):
    assert_raises(ValueError, learner.run, backward_without, draw.normal(*shape))


def of_two_outputs(solution, x, y, g):
    a, b = solution.Node(x), solution.Node(y)
    (a * b).backward(g)
    (a + b * b).backward(g)
    return a.grad, b.grad


@pytest.mark.builds_on("test_each_operation", "test_what_was_broadcast_is_summed_on_the_way_back")
def test_gradients_of_two_outputs_add_up(learner, draw):
    x, y, g = draw.normal(3, 4), draw.normal(4), draw.normal(3, 4)
    expected = g * y + g, (g * x + 2 * g * y).sum(0)
    assert_matches(learner.run(of_two_outputs, x, y, g), expected, ("a.grad", "b.grad"), terms=9)


def of_two_outputs_on_one_way(solution, x, y, g):
    a, b = solution.Node(x), solution.Node(y)
    shared = a * b
    (shared * 2).backward(g)
    (shared + 1).backward(g)
    return shared.grad, a.grad, b.grad


@pytest.mark.builds_on("test_gradients_of_two_outputs_add_up")
def test_a_second_backward_does_not_pass_on_what_the_first_has_left(learner, draw):
    x, y, g = draw.normal(3, 4), draw.normal(3, 4), draw.normal(3, 4)
    expected = 3 * g, 3 * g * y, 3 * g * x
    names = "(the shared node).grad", "a.grad", "b.grad"
    assert_matches(learner.run(of_two_outputs_on_one_way, x, y, g), expected, names)


def operands_after(solution, expression, x, y):
    """Whether the operands' data are what they were."""
    kept = x.clone(), y.clone()
    a, b = solution.Node(x), solution.Node(y)
    eval(expression, {"a": a, "b": b}).backward(torch.ones_like(x))
    return torch.equal(a.data, kept[0]), torch.equal(b.data, kept[1])


@pytest.mark.builds_on("test_each_operation", "test_plain_numbers_on_either_side")
@pytest.mark.parametrize(
    "expression", ["a + b", "a * b", "a - b", "b / a", "-a", "a.exp()", "(b * b).log()", "a.relu()", "2 - a"]
)
def test_no_operation_changes_its_operands(learner, draw, expression):
    x, y = draw.normal(3, 4), positive(draw, 3, 4)
    unchanged = learner.run(operands_after, expression, x, y)
    assert unchanged == (True, True), f"{expression} wrote into its operand's data; make a new tensor."


def leaves_alone(solution, x, y, g):
    kept = x.clone(), y.clone(), g.clone()
    a, b = solution.Node(x), solution.Node(y)
    ((a + b) + a).backward(g)
    (a + b).backward(g)
    (b + b).backward(g)
    return [torch.equal(now, before) for now, before in zip((x, y, g), kept, strict=True)], a.grad, b.grad


@pytest.mark.builds_on("test_a_node_that_is_used_more_than_once", "test_gradients_of_two_outputs_add_up")
def test_neither_the_data_nor_the_upstream_gradient_is_written_into(learner, draw):
    x, y, g = draw.normal(3, 4), draw.normal(3, 4), draw.normal(3, 4)
    unchanged, *grads = learner.run(leaves_alone, x, y, g)
    names = "a's data", "b's data", "the upstream gradient"
    changed = [name for name, same in zip(names, unchanged, strict=True) if not same]
    assert not changed, (
        f"{changed[0]} was changed in place; gradients that share memory with it have to be copied first"
    )
    assert_matches(tuple(grads), (3 * g, 4 * g), ("a.grad", "b.grad"))


def of_a_diamond(solution, number, g):
    """b is reached from the output along two ways of different length, and is itself made from a."""
    a = solution.Node(number)
    b = a * 3.0
    c = b * b
    d = c + b
    e = d * c
    e.backward(g)
    return e.data, d.grad, c.grad, b.grad, a.grad


@pytest.mark.builds_on("test_a_node_that_is_used_more_than_once")
def test_gradients_in_the_middle_of_a_diamond(learner, draw):
    number = positive(draw, 2, 3)
    a = number.clone().requires_grad_()
    b = a * 3.0
    c = b * b
    d = c + b
    e = d * c
    g = draw.like(number)
    grads = torch.autograd.grad((e * g).sum(), [d, c, b, a])
    names = ("e.data", "d.grad", "c.grad", "b.grad", "a.grad")
    assert_matches(learner.run(of_a_diamond, number, g), (e.detach(), *grads), names, terms=9)


def step(a, b, kind):
    """One operation of a random program; bounded, so that no number runs away."""
    if kind == 0:
        return a + b * 0.5
    if kind == 1:
        return a * b / (a * a + 1.5)
    if kind == 2:
        return (a - b).relu() - 0.2
    if kind == 3:
        return (-(a * a)).exp() + b
    if kind == 4:
        return (a * a + 1.2).log() - b
    return 2 - a / (b * b + 1.0)


def run_program(leaves, program):
    values = list(leaves)
    for kind, i, j in program:
        values.append(step(values[i], values[j], kind))
    return values[-1]


def of_a_program(solution, leaves, program, g):
    nodes = [solution.Node(leaf) for leaf in leaves]
    out = run_program(nodes, program)
    out.backward(g)
    return out.data, *[node.grad for node in nodes]


@pytest.mark.builds_on(
    "test_a_node_that_is_used_more_than_once",
    "test_plain_numbers_on_either_side",
    "test_what_was_broadcast_is_summed_on_the_way_back",
)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_random_programs_of_sixteen_steps(learner, draw, number):
    leaves = [draw.normal(*shape) for shape in [(3, 4), (4,), (3, 1), (2, 1, 4)]]
    program = [(draw.integer(0, 6), n - 1, draw.integer(0, n)) for n in range(4, 20)]
    tracked = [leaf.clone().requires_grad_() for leaf in leaves]
    out = run_program(tracked, program)
    g = draw.like(out)
    found = torch.autograd.grad((out * g).sum(), tracked, allow_unused=True)
    grads = [torch.zeros_like(x) if grad is None else grad for x, grad in zip(leaves, found, strict=True)]
    names = ("out.data", "leaf 0", "leaf 1", "leaf 2", "leaf 3")
    assert_matches(learner.run(of_a_program, leaves, program, g), (out.detach(), *grads), names, terms=2000)


def of_a_network(solution, x, picked, parameters):
    """Two layers and the cross-entropy, from the engine's operations alone; `picked` is one-hot."""
    w1, b1, w2, b2 = nodes = [solution.Node(parameter) for parameter in parameters]
    hidden = (solution.Node(x) @ w1 + b1).relu()
    logits = hidden @ w2 + b2
    normaliser = logits.exp().sum(axis=1, keepdim=True).log()
    loss = ((normaliser - logits) * solution.Node(picked)).sum() / len(x)
    loss.backward()
    return loss.data, *[node.grad for node in nodes]


@pytest.mark.builds_on("test_what_was_broadcast_is_summed_on_the_way_back", "test_matrix_products", "test_sums")
def test_a_network_of_two_layers_with_its_loss(learner, draw):
    x, classes = draw.normal(6, 4), draw.integers(0, 3, 6)
    parameters = [draw.normal(4, 5), draw.normal(5), draw.normal(5, 3), draw.normal(3)]
    w1, b1, w2, b2 = leaves = [parameter.clone().requires_grad_() for parameter in parameters]
    loss = F.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, classes)
    grads = torch.autograd.grad(loss, leaves)
    actual = learner.run(of_a_network, x, F.one_hot(classes, 3).double(), parameters)
    names = ("the loss", "w1.grad", "b1.grad", "w2.grad", "b2.grad")
    assert_matches(actual, (loss.detach(), *grads), names, terms=100)


@pytest.mark.builds_on("test_what_was_broadcast_is_summed_on_the_way_back", "test_matrix_products")
def test_float32_stays_float32_in_any_layout(learner, draw):
    a, b = draw.normal(3, 4, dtype=torch.float32), draw.normal(2, 4, 5, dtype=torch.float32)
    g, expected = by_torch(draw, "(a @ b) * 2 - 0.5", a, b)
    actual = learner.run(of_two, "(a @ b) * 2 - 0.5", strided(a), strided(b), strided(g))
    assert_matches(actual, expected, NAMES, terms=30)


def of_a_long_chain(solution, x, length):
    a = solution.Node(x)
    out = a
    for _ in range(length):
        out = out * 0.999 + a
    out.sum().backward()
    return out.data, a.grad


@pytest.mark.builds_on("test_a_node_that_is_used_more_than_once", "test_sums")
def test_a_chain_of_six_thousand_operations(learner, draw):
    x, slope = draw.normal(3), 1.0
    for _ in range(3000):
        slope = slope * 0.999 + 1
    expected = slope * x, torch.full((3,), slope, dtype=torch.float64)
    assert_matches(learner.run(of_a_long_chain, x, 3000), expected, ("out.data", "a.grad"), terms=3000)


def of_a_wide_graph(solution, x, g):
    """Each step uses the one before twice: two to the power of fifty ways lead back to a."""
    a = solution.Node(x)
    out = a
    for _ in range(50):
        out = (out + out) * 0.5
    out.backward(g)
    return out.data, a.grad


@pytest.mark.builds_on("test_a_node_that_is_used_more_than_once")
def test_every_node_passes_its_gradient_on_once_and_not_once_for_each_way(learner, draw):
    x, g = draw.normal(2, 3), draw.normal(2, 3)
    assert_matches(learner.run(of_a_wide_graph, x, g), (x, g), ("out.data", "a.grad"), terms=50)
