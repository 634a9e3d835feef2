"""Networks are described by data and built in the worker; torch's functions and autograd are the reference."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches


def build(solution, spec):
    """(weight, bias) is a Linear, "relu" a ReLU, a list a Sequential."""
    if isinstance(spec, list):
        return solution.Sequential(*[build(solution, part) for part in spec])
    return solution.ReLU() if spec == "relu" else solution.Linear(spec[0], spec[1])


def apply(spec, x):
    if isinstance(spec, list):
        for part in spec:
            x = apply(part, x)
        return x
    return F.relu(x) if spec == "relu" else F.linear(x, *spec)


def leaves(spec):
    """All parameters in their order."""
    if isinstance(spec, list):
        return [leaf for part in spec for leaf in leaves(part)]
    return [] if spec == "relu" else list(spec)


def tracked(spec):
    if isinstance(spec, list):
        return [tracked(part) for part in spec]
    return spec if spec == "relu" else tuple(tensor.clone().requires_grad_() for tensor in spec)


def linear(draw, inside, outside):
    return draw.normal(outside, inside), draw.normal(outside)


def networks(draw):
    return {
        "linear": linear(draw, 3, 5),
        "relu": "relu",
        "two layers": [linear(draw, 3, 7), "relu", linear(draw, 7, 2)],
        "three layers": [linear(draw, 3, 5), "relu", linear(draw, 5, 6), "relu", linear(draw, 6, 2)],
        "nested": [linear(draw, 3, 4), ["relu", linear(draw, 4, 6), [linear(draw, 6, 5)]], "relu", linear(draw, 5, 2)],
        "without layers": [],
    }


def expected_pass(spec, x, draw):
    """An upstream gradient; the output, the input's gradient, and those of the parameters."""
    spec, x = tracked(spec), x.clone().requires_grad_()
    output = apply(spec, x)
    grad_output = draw.like(output.detach())
    grads = torch.autograd.grad((output * grad_output).sum(), [x, *leaves(spec)])
    return grad_output, (output.detach(), grads[0], list(grads[1:]))


def once(solution, spec, x, grad_output):
    network = build(solution, spec)
    output = network.forward(x)
    grad_x = network.backward(grad_output)
    return output, grad_x, [gradient for _, gradient in network.parameters()]


NAMES = ("the output", "the input's gradient", "the parameters' gradients")


@pytest.mark.parametrize("kind", ["linear", "relu"])
def test_a_single_layer(learner, draw, kind):
    spec, x = networks(draw)[kind], draw.normal(4, 3)
    grad_output, expected = expected_pass(spec, x, draw)
    assert_matches(learner.run(once, spec, x, grad_output), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_a_single_layer")
def test_the_slope_of_relu_at_zero_is_zero(learner, draw):
    x = draw.normal(2, 3, 4)
    x[draw.uniform(2, 3, 4) < 0.4] = 0.0
    x[0, 0, :2] = torch.tensor([0.0, 1.5])
    grad_output, expected = expected_pass("relu", x, draw)
    assert_matches(learner.run(once, "relu", x, grad_output), expected, NAMES)


@pytest.mark.builds_on("test_a_single_layer")
@pytest.mark.parametrize("kind", ["two layers", "three layers", "nested", "without layers"])
def test_a_network(learner, draw, kind):
    spec, x = networks(draw)[kind], draw.normal(6, 3)
    grad_output, expected = expected_pass(spec, x, draw)
    assert_matches(learner.run(once, spec, x, grad_output), expected, NAMES, terms=100)


def of_a_linear_layer(solution, weight, bias, x, grad_output):
    layer = solution.Linear(weight, bias)
    first = layer.grad_weight.clone(), layer.grad_bias.clone()
    layer.forward(x)
    layer.backward(grad_output)
    return *first, layer.grad_weight, layer.grad_bias, layer.weight is weight and layer.bias is bias


@pytest.mark.builds_on("test_a_single_layer")
def test_the_attributes_of_a_linear_layer(learner, draw):
    (weight, bias), x = linear(draw, 3, 5), draw.normal(4, 3)
    grad_output, (_, _, grads) = expected_pass((weight, bias), x, draw)
    expected = (torch.zeros_like(weight), torch.zeros_like(bias), *grads, True)
    names = (
        "grad_weight at first",
        "grad_bias at first",
        "grad_weight",
        "grad_bias",
        "whether weight and bias are kept",
    )
    assert_matches(learner.run(of_a_linear_layer, weight, bias, x, grad_output), expected, names, terms=10)


def several_times(solution, spec, inputs, upstream):
    """The gradients after two passes, and after a third one that follows zero_grad."""
    network = build(solution, spec)
    for x, grad_output in zip(inputs[:2], upstream[:2], strict=True):
        network.forward(x)
        network.backward(grad_output)
    both = [gradient.clone() for _, gradient in network.parameters()]
    network.zero_grad()
    zeros = [gradient.clone() for _, gradient in network.parameters()]
    network.forward(inputs[2])
    network.backward(upstream[2])
    return both, zeros, [gradient for _, gradient in network.parameters()]


@pytest.mark.builds_on("test_a_single_layer")
@pytest.mark.parametrize("kind", ["linear", "two layers", "nested"])
def test_gradients_add_up_until_they_are_set_to_zero(learner, draw, kind):
    spec, inputs = networks(draw)[kind], [draw.normal(n, 3) for n in (4, 6, 5)]
    passes = [expected_pass(spec, x, draw) for x in inputs]
    one, two, three = (expected[2] for _, expected in passes)
    both = [first + second for first, second in zip(one, two, strict=True)]
    expected = (both, [torch.zeros_like(gradient) for gradient in one], three)
    names = ("the gradients of two passes", "the gradients after zero_grad", "the gradients of the pass after it")
    assert_matches(learner.run(several_times, spec, inputs, [g for g, _ in passes]), expected, names, terms=100)


def two_forwards(solution, spec, first, second, grad_output):
    """Another batch has gone through before, as when a validation loss is looked at."""
    network = build(solution, spec)
    network.forward(first)
    output = network.forward(second)
    grad_x = network.backward(grad_output)
    return output, grad_x, [gradient for _, gradient in network.parameters()]


@pytest.mark.builds_on("test_a_network")
def test_backward_belongs_to_the_last_forward(learner, draw):
    spec, x = networks(draw)["two layers"], draw.normal(4, 3)
    grad_output, expected = expected_pass(spec, x, draw)
    assert_matches(learner.run(two_forwards, spec, draw.normal(4, 3), x, grad_output), expected, NAMES, terms=100)


def change_parameters(solution, spec, factors, x):
    network = build(solution, spec)
    before = [parameter.clone() for parameter, _ in network.parameters()]
    for (parameter, _), factor in zip(network.parameters(), factors, strict=True):
        parameter *= factor
    return before, network.forward(x)


@pytest.mark.builds_on("test_a_single_layer")
@pytest.mark.parametrize("kind", ["linear", "three layers", "nested"])
def test_parameters_are_the_layers_own_tensors(learner, draw, kind):
    spec, x = networks(draw)[kind], draw.normal(4, 3)
    before = leaves(spec)
    factors = [1.5 + 0.5 * number for number in range(len(before))]
    remaining = iter([parameter * factor for parameter, factor in zip(before, factors, strict=True)])
    expected = (before, apply(changed(spec, remaining), x))
    names = ("parameters()", "the output after they were changed in place")
    assert_matches(learner.run(change_parameters, spec, factors, x), expected, names, terms=100)


def changed(spec, values):
    if isinstance(spec, list):
        return [changed(part, values) for part in spec]
    return spec if spec == "relu" else (next(values), next(values))


def unchanged(solution, spec, x, grad_output):
    """What was passed in, after a pass there and back."""
    network = build(solution, spec)
    mine, theirs = x.clone(), grad_output.clone()
    network.forward(mine)
    network.backward(theirs)
    return mine, theirs


@pytest.mark.builds_on("test_a_single_layer")
@pytest.mark.parametrize("kind", ["relu", "three layers"])
def test_what_is_passed_in_is_left_as_it_was(learner, draw, kind):
    spec, x = networks(draw)[kind], draw.normal(4, 3)
    grad_output, _ = expected_pass(spec, x, draw)
    assert_matches(learner.run(unchanged, spec, x, grad_output), (x, grad_output), ("x", "grad_output"))


def train(solution, spec, batches, lr):
    network = build(solution, spec)
    losses = [solution.train_step(network, x, target, lr) for x, target in batches]
    pairs = network.parameters()
    return losses, [parameter for parameter, _ in pairs], [gradient for _, gradient in pairs]


def expected_training(spec, batches, lr):
    spec, losses = tracked(spec), []
    parameters = leaves(spec)
    for x, target in batches:
        loss = F.mse_loss(apply(spec, x), target)
        grads = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, grads, strict=True):
                parameter -= lr * gradient
        losses.append(loss.item())
    return losses, [parameter.detach() for parameter in parameters], list(grads)


@pytest.mark.builds_on("test_a_network")
@pytest.mark.parametrize("kind", ["linear", "three layers", "nested"])
def test_one_step_of_training(learner, draw, kind):
    spec, x = networks(draw)[kind], draw.normal(4, 3)
    batches = [(x, draw.like(apply(spec, x)))]
    names = ("the loss", "the parameters after the step", "the gradients after the step")
    result = learner.run(train, spec, batches, 0.1)
    assert_matches(result, expected_training(spec, batches, 0.1), names, terms=100)


@pytest.mark.builds_on("test_one_step_of_training")
def test_five_steps_of_training(learner, draw):
    spec = networks(draw)["two layers"]
    inputs = [draw.normal(n, 3) for n in (4, 6, 5, 4, 7)]
    batches = [(x, draw.like(apply(spec, x))) for x in inputs]
    names = ("the losses", "the parameters after five steps", "the gradients of the last")
    result = learner.run(train, spec, batches, 0.03)
    assert_matches(result, expected_training(spec, batches, 0.03), names, terms=1000)


def train_a_stranger(solution, start, slope, target, lr):
    """A layer that train_step has never heard of: all it can rely on are the four methods."""

    class Scale:
        def __init__(self):
            self.factor, self.grad = start.clone(), torch.zeros_like(start)

        def forward(self, x):
            self.x = x
            return x * self.factor

        def backward(self, grad_output):
            self.grad += (grad_output * self.x).sum(0)
            return grad_output * self.factor

        def parameters(self):
            return [(self.factor, self.grad)]

        def zero_grad(self):
            self.grad[...] = 0

    layer = Scale()
    layer.grad += 5.0
    loss = solution.train_step(layer, slope, target, lr)
    return loss, layer.factor


@pytest.mark.builds_on("test_one_step_of_training")
def test_a_step_for_a_layer_of_another_kind(learner, draw):
    start, x, target = draw.normal(3), draw.normal(4, 3), draw.normal(4, 3)
    factor = start.clone().requires_grad_()
    loss = F.mse_loss(x * factor, target)
    (grad,) = torch.autograd.grad(loss, [factor])
    expected = (loss.item(), start - 0.2 * grad)
    names = ("the loss", "the layer's parameter after the step")
    assert_matches(learner.run(train_a_stranger, start, x, target, 0.2), expected, names, terms=10)
