"""Networks built in the worker, given the reference's parameters in order, and run on the same inputs."""

import pytest
import torch

from tutor.testkit import assert_matches


def reference_generator(latent, widths, channels):
    sizes, layers = [latent, *widths], []
    for i, width in enumerate(widths):
        stride, padding = (1, 0) if i == 0 else (2, 1)
        layers += [torch.nn.ConvTranspose2d(sizes[i], width, 4, stride, padding, bias=False)]
        layers += [torch.nn.BatchNorm2d(width), torch.nn.ReLU()]
    layers += [torch.nn.ConvTranspose2d(sizes[-1], channels, 4, 2, 1), torch.nn.Tanh()]
    return torch.nn.Sequential(torch.nn.Unflatten(1, (latent, 1, 1)), *layers)


def reference_discriminator(channels, widths):
    sizes, layers = [channels, *widths], []
    for i, width in enumerate(widths):
        layers += [torch.nn.Conv2d(sizes[i], width, 4, 2, 1, bias=i == 0)]
        layers += [torch.nn.BatchNorm2d(width)] if i else []
        layers += [torch.nn.LeakyReLU(0.2)]
    return torch.nn.Sequential(*layers, torch.nn.Conv2d(sizes[-1], 1, 4), torch.nn.Flatten())


class Reference:
    """The same two classes as functions."""

    Generator = staticmethod(reference_generator)
    Discriminator = staticmethod(reference_discriminator)


def shapes_of(solution, kind, arguments):
    net = getattr(solution, kind)(*arguments)
    return [tuple(value.shape) for value in net.parameters()], [tuple(value.shape) for value in net.buffers()]


GENERATORS = [(5, [6, 3], 2), (3, [4], 1), (2, [5, 4, 3], 3)]
DISCRIMINATORS = [(2, [3, 5]), (1, [4]), (3, [2, 5, 4])]
CASES = [("Generator", case) for case in GENERATORS] + [("Discriminator", case) for case in DISCRIMINATORS]


def check_shapes(learner, kind, arguments):
    expected = shapes_of(Reference, kind, arguments)
    result = learner.run(shapes_of, kind, arguments)
    if isinstance(result, tuple) and len(result) == 2:
        parameters, buffers = ([list(map(tuple, shapes)) for shapes in part] for part in ([result[0]], [result[1]]))
        result = parameters[0], buffers[0]
    names = ("the shapes of the parameters, in order,", "the shapes of the buffers")
    for name, mine, right in zip(names, result, expected, strict=True):
        assert len(mine) == len(right) and all(map(tuple.__eq__, mine, right)), (
            f"{kind}{arguments}: {name} are {mine}; they have to be {right}."
        )


@pytest.mark.parametrize("arguments", GENERATORS)
def test_the_generator_has_the_right_parameters(learner, arguments):
    check_shapes(learner, "Generator", arguments)


@pytest.mark.parametrize("arguments", DISCRIMINATORS)
def test_the_discriminator_has_the_right_parameters(learner, arguments):
    check_shapes(learner, "Discriminator", arguments)


def values_for(draw, kind, arguments):
    """Values for the parameters and the running statistics, large enough that all activations bend."""
    net = getattr(Reference, kind)(*arguments)
    parameters = [draw.normal(*p.shape, std=0.4) + (p.dim() == 1) * 0.3 for p in net.parameters()]
    buffers = [draw.uniform(*b.shape, low=0.5, high=2.0) if b.dim() else None for b in net.buffers()]
    return parameters, buffers


def with_values(solution, kind, arguments, values):
    net = getattr(solution, kind)(*arguments).double()
    for parameter, value in zip(net.parameters(), values[0], strict=True):
        parameter.data = value.clone()
    for buffer, value in zip(net.buffers(), values[1], strict=True):
        if value is not None:
            buffer.copy_(value)
    return net


def forward(solution, kind, arguments, values, x, training, grad):
    """The output, the gradient for the input, and the running statistics afterwards."""
    net = with_values(solution, kind, arguments, values).train(training)
    x = x.clone().requires_grad_()
    out = net(x)
    if not isinstance(out, torch.Tensor) or out.shape != grad.shape:
        return out, x, []
    (slope,) = torch.autograd.grad((out * grad).sum(), x)
    return out.detach(), slope, [buffer.clone() for buffer in net.buffers()]


NAMES = ("the output", "the gradient for the input", "the running statistics")


def check_forward(learner, draw, kind, arguments, training):
    values = values_for(draw, kind, arguments)
    side = 4 * 2 ** len(arguments[1])
    latent_or_image = (5, arguments[0]) if kind == "Generator" else (5, arguments[0], side, side)
    x = draw.normal(*latent_or_image)
    grad = draw.normal(5, arguments[2], side, side) if kind == "Generator" else draw.normal(5, 1)
    inputs = kind, arguments, values, x, training, grad
    assert_matches(learner.run(forward, *inputs), forward(Reference, *inputs), NAMES, terms=2000)


@pytest.mark.builds_on("test_the_generator_has_the_right_parameters")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("arguments", GENERATORS)
def test_the_generators_images(learner, draw, arguments, training):
    check_forward(learner, draw, "Generator", arguments, training)


@pytest.mark.builds_on("test_the_discriminator_has_the_right_parameters")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("arguments", DISCRIMINATORS)
def test_the_discriminators_scores(learner, draw, arguments, training):
    check_forward(learner, draw, "Discriminator", arguments, training)


def initialised(solution, seed):
    """Layers of each kind, nested, after `init_weights`: what is random by its moments, the rest as it is."""
    torch.manual_seed(seed)
    inner = torch.nn.Sequential(torch.nn.Conv2d(40, 60, 4), torch.nn.BatchNorm2d(3000), torch.nn.Linear(3, 5))
    net = torch.nn.Sequential(torch.nn.ConvTranspose2d(30, 70, 4, bias=False), inner, torch.nn.BatchNorm1d(4))
    for parameter in net.parameters():
        parameter.data += 0.7
    inner[1].running_mean += 0.3
    others = [*inner[2].parameters(), *net[2].parameters()]
    before, state = [value.detach().clone() for value in others], [id(p) for p in net.parameters()]
    solution.init_weights(net)
    random = [net[0].weight, inner[0].weight, inner[1].weight]
    moments = [torch.stack([value.mean() + 1, value.std(), value.abs().max()]).detach() for value in random]
    biases = [inner[0].bias.detach().clone(), inner[1].bias.detach().clone()]
    same = [bool((value == old).all()) for value, old in zip(others, before, strict=True)]
    kept = [id(p) for p in net.parameters()] == state and all(p.requires_grad for p in net.parameters())
    return moments, biases, same, kept, inner[1].running_mean.mean()


def test_initial_weights(learner, draw):
    result = learner.run(initialised, draw.integer(0, 1000))
    moments, biases, same, kept, running = result
    for name, mean, mine in zip(("ConvTranspose2d", "Conv2d", "BatchNorm2d"), (0.0, 0.0, 1.0), moments, strict=True):
        assert_matches(mine[:1], torch.tensor([1 + mean]), f"1 + the mean of a {name}'s weight", rtol=0.002)
        assert_matches(mine[1:2], torch.tensor([0.02]), f"the standard deviation of a {name}'s weight", rtol=0.07)
        assert mine[2] > mean + 0.05, f"No weight of a {name} is beyond 2.5 standard deviations: is it normal?"
    assert_matches(biases, [torch.zeros(60), torch.zeros(3000)], "the biases")
    assert all(same), "A Linear or BatchNorm1d layer was changed; only Conv2d, ConvTranspose2d and BatchNorm2d are."
    assert kept, "Change the parameters in place: the module has to keep its own, and they have to go on learning."
    assert_matches(running, torch.tensor(0.3), "the running mean, which is no parameter,", rtol=1e-4)


def sampled(solution, weights, noise, modes):
    """Samples from linear layers with batch norm between; modes of the modules, buffers before and after."""
    first, norm, last = torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)
    net = torch.nn.Sequential(torch.nn.Sequential(first, norm), torch.nn.Dropout(0.5), last).double()
    for value, given in zip([*net.parameters(), norm.running_mean, norm.running_var], weights, strict=True):
        value.data.copy_(given)
    for module, mode in zip(net.modules(), modes, strict=True):
        module.training = mode
    images = solution.sample(net, noise)
    attached = isinstance(images, torch.Tensor) and images.requires_grad
    images = images.detach() if attached else images
    return images, attached, [m.training for m in net.modules()], norm.running_mean.clone(), norm.running_var.clone()


@pytest.mark.parametrize("mode", ["training", "evaluation", "mixed"])
def test_sampling_is_evaluation_and_leaves_no_trace(learner, draw, mode):
    shapes = [(4, 3), (4,), (4,), (4,), (2, 4), (2,), (4,)]
    weights = [draw.normal(*shape) for shape in shapes] + [draw.uniform(4, low=0.5, high=2.0)]
    w1, b1, gamma, beta, w2, b2, mean, var = weights
    noise = draw.normal(6, 3)
    modes = {"training": [True] * 6, "evaluation": [False] * 6, "mixed": [True, True, True, False, True, True]}[mode]
    hidden = (noise @ w1.T + b1 - mean) / torch.sqrt(var + 1e-5) * gamma + beta
    names = (
        "the images",
        "whether a graph is attached",
        "each module's mode",
        "the running mean",
        "the running variance",
    )
    expected = (hidden @ w2.T + b2, False, modes, mean, var)
    assert_matches(learner.run(sampled, weights, noise, modes), expected, names, terms=20)


def test_parameters_are_counted(learner, draw):
    for length in (1, 2, 3, 4):
        widths = [draw.integer(2, 90) for _ in range(length)]
        latent, channels = draw.integer(5, 100), draw.integer(1, 5)
        with torch.device("meta"):
            pair = reference_generator(latent, widths, channels), reference_discriminator(channels, widths[::-1])
        expected = tuple(sum(p.numel() for p in net.parameters()) for net in pair)
        names = ("the generator's number", "the discriminator's number")
        assert_matches(learner.parameter_counts(latent, widths, channels), expected, " and ".join(names))
