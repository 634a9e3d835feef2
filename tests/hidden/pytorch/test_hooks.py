"""A network of which every step can be computed by hand here; what hooks it has afterwards is counted in the worker."""

import pytest
import torch

from tutor.testkit import assert_matches, assert_raises

# As text, because it is made twice: here for the reference, and in the worker.
NETWORK = """
class Net(torch.nn.Module):
    '''The body is used twice, `spare` never, and an early guess of the head goes nowhere.'''

    def __init__(self, inplace):
        super().__init__()
        self.first, self.act = torch.nn.Linear(3, 4), torch.nn.LeakyReLU(0.3, inplace=inplace)
        self.body = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh())
        self.head, self.spare = torch.nn.Linear(4, 2), torch.nn.Linear(3, 3)

    def forward(self, x):
        if len(x) == 0:
            raise ZeroDivisionError('an empty batch')
        h = self.act(self.first(x))
        self.head(h)
        return self.head(self.body(self.body(h)))
"""
NAMES = ["first", "act", "body", "body.0", "head", "spare"]


def made(seed, inplace):
    torch.manual_seed(seed)
    names = {"torch": torch}
    exec(NETWORK, names)
    return names["Net"](inplace).double()


def steps(net, x):
    """The outputs of every module, computed without calling the network."""
    linear, slope = torch.nn.functional.linear, torch.nn.functional.leaky_relu
    first = linear(x, net.first.weight, net.first.bias)
    act = slope(first, 0.3)
    inner, body, h = [], [], act
    for _ in range(2):
        inner.append(linear(h, net.body[0].weight, net.body[0].bias))
        h = inner[-1].tanh()
        body.append(h)
    head = [linear(out, net.head.weight, net.head.bias) for out in (act, h)]
    return {"first": [first], "act": [act], "body": body, "body.0": inner, "head": head, "spare": []}


def hooks_left(net):
    """Hooks of all modules and parameters."""
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    of_modules = sum(len(getattr(module, kind)) for module in net.modules() for kind in kinds)
    return of_modules + sum(len(parameter._backward_hooks or ()) for parameter in net.parameters())


def activations(solution, seed, inplace, names, x):
    """What was captured, whether any of it has a graph, and how many hooks are left beside one of our own."""
    net = made(seed, inplace)
    calls = []
    net.head.register_forward_hook(lambda *_: calls.append(1))
    found = solution.capture_activations(net, names, x)
    with_graph = sorted(name for name in found for tensor in found[name] if tensor.requires_grad)
    return found, with_graph, hooks_left(net), len(calls), net.training


@pytest.mark.parametrize("names", [["first"], ["body.0", "head"], NAMES], ids=["one", "two", "all"])
def test_the_outputs_of_modules(learner, draw, names):
    seed, x = draw.integer(0, 1000), draw.normal(5, 3)
    with torch.no_grad():
        right = steps(made(seed, False), x)
    found = learner.run(activations, seed, False, names, x)
    expected = ({name: right[name] for name in names}, [], 1, 2, True)
    what = ("the activations", "names of activations that have a graph", "the number of hooks afterwards")
    assert_matches(found, expected, (*what, "the calls of a hook of ours", "still in training mode"), terms=20)


@pytest.mark.builds_on("test_the_outputs_of_modules")
def test_outputs_are_kept_as_they_were_before_a_module_worked_in_place(learner, draw):
    seed, x = draw.integer(0, 1000), draw.normal(5, 3)
    with torch.no_grad():
        right = steps(made(seed, False), x)
    found = learner.run(activations, seed, True, NAMES, x)
    assert_matches(found[0] if isinstance(found, tuple) else found, right, "the activations", terms=20)


def after_an_exception(solution, seed, names, x, upstream):
    """How many hooks are left when the network has failed: after each of three functions."""
    left = []
    for call in (
        lambda net: solution.capture_activations(net, names, x),
        lambda net: solution.capture_gradients(net, names, x, upstream),
        lambda net: solution.run_with(net, names[0], lambda output: output, x),
    ):
        net = made(seed, False)
        try:
            call(net)
        except ZeroDivisionError:
            left.append(hooks_left(net))
        else:
            left.append(-1)
    return left


@pytest.mark.builds_on("test_the_outputs_of_modules")
def test_hooks_are_removed_when_the_network_fails(learner, draw):
    left = learner.run(after_an_exception, draw.integer(0, 1000), NAMES, draw.normal(0, 3), draw.normal(0, 2))
    assert_matches(left, [0, 0, 0], "hooks left after capture_activations, capture_gradients, run_with")


def unknown_name(solution, name):
    net = made(0, False)
    net.forward = None  # must not be called
    upstream = [torch.zeros(2, 2)] if name == "capture_gradients" else []
    return getattr(solution, name)(net, ["first", "body.7"], torch.zeros(2, 3), *upstream)


@pytest.mark.parametrize("name", ["capture_activations", "capture_gradients"])
def test_a_name_that_does_not_exist_is_refused(learner, name):
    assert_raises(AttributeError, learner.run, unknown_name, name)


def gradients(solution, seed, frozen, names, x, upstream):
    """The captured gradients, those of the parameters, and how many hooks are left."""
    net = made(seed, False)
    for name in frozen:
        net.get_submodule(name).requires_grad_(False)
    found = solution.capture_gradients(net, names, x, upstream)
    return found, [parameter.grad for parameter in net.parameters()], hooks_left(net)


@pytest.mark.parametrize(
    "names, frozen",
    [(["act"], []), (["body.0", "body"], []), (["head"], []), (NAMES, []), (NAMES, ["first"])],
    ids=["one", "called_twice", "an_output_that_goes_nowhere", "all", "a_frozen_layer"],
)
def test_the_gradients_of_outputs(learner, draw, names, frozen):
    seed, x, upstream = draw.integer(0, 1000), draw.normal(5, 3), draw.normal(5, 2)
    net = made(seed, False)
    for name in frozen:
        net.get_submodule(name).requires_grad_(False)
    outputs = steps(net, x)
    tensors = [tensor for name in names for tensor in outputs[name] if tensor.requires_grad]
    for tensor in tensors:
        tensor.retain_grad()
    (outputs["head"][-1] * upstream).sum().backward()
    right = {name: [tensor.grad if tensor.requires_grad else None for tensor in outputs[name]] for name in names}
    expected = (right, [parameter.grad for parameter in net.parameters()], 0)
    found = learner.run(gradients, seed, frozen, names, x, upstream)
    what = ("the gradients of the outputs", "the gradients of the parameters", "the number of hooks afterwards")
    assert_matches(found, expected, what, terms=100)


def changed(solution, seed, name, x, factor):
    """The output with one module's output scaled, the gradient of the input, and the output afterwards."""
    net, x = made(seed, False), x.requires_grad_()
    out = solution.run_with(net, name, lambda output: output * factor + 0.5, x)
    out.square().sum().backward()
    return out.detach(), x.grad, net(x).detach(), hooks_left(net)


@pytest.mark.parametrize("name", ["first", "body", "body.0", "head"])
def test_an_output_that_is_changed_on_its_way(learner, draw, name):
    seed, x, factor = draw.integer(0, 1000), draw.normal(5, 3), float(draw.uniform(low=1.5, high=3.0))
    net = made(seed, False)
    plain = steps(net, x)["head"][-1].detach()
    leaf = x.clone().requires_grad_()
    linear = torch.nn.functional.linear
    scaled = {key: (lambda h: h * factor + 0.5) if key == name else (lambda h: h) for key in NAMES}
    h = scaled["act"](
        torch.nn.functional.leaky_relu(scaled["first"](linear(leaf, net.first.weight, net.first.bias)), 0.3)
    )
    for _ in range(2):
        h = scaled["body"](scaled["body.0"](linear(h, net.body[0].weight, net.body[0].bias)).tanh())
    out = scaled["head"](linear(h, net.head.weight, net.head.bias))
    out.square().sum().backward()
    expected = (out.detach(), leaf.grad, plain, 0)
    what = ("the output", "the gradient of x through it", "the output afterwards", "the number of hooks afterwards")
    assert_matches(learner.run(changed, seed, name, x, factor), expected, what, terms=100)


def masked(solution, value, mask, upstreams):
    """A gradient is there before the mask is; two backward passes with the mask; and a third when it was removed."""
    parameter, other = torch.nn.Parameter(value), torch.nn.Parameter(value.clone())
    (parameter * upstreams[3]).sum().backward()
    handle = solution.mask_gradient(parameter, mask)
    ((parameter + other) * upstreams[0]).sum().backward()  # both get the same tensor as their gradient
    first = parameter.grad.clone()
    (parameter.square() * upstreams[1]).sum().backward()
    second = parameter.grad.clone()
    handle.remove()
    (parameter * upstreams[2]).sum().backward()
    return first, second, parameter.grad, other.grad


@pytest.mark.parametrize("shape", [(6,), (4, 3)])
def test_a_gradient_that_is_masked(learner, draw, shape):
    value, upstreams = draw.normal(*shape), [draw.normal(*shape) for _ in range(4)]
    mask = (draw.permutation(value.numel()).reshape(shape) % 2).double()
    first = upstreams[3] + mask * upstreams[0]
    second = first + mask * 2 * value * upstreams[1]
    expected = (first, second, second + upstreams[2], upstreams[0])
    what = (
        "the gradient, added to the one before,",
        "that after a second backward pass",
        "that after remove() and a third one",
        "another's gradient",
    )
    assert_matches(learner.run(masked, value, mask, upstreams), expected, what)
