"""On a small convolutional network: gradients by autograd, places one by one, the grid pixel by pixel."""

import pytest
import torch
import torch.nn as nn

from tutor.testkit import assert_inputs_unchanged, assert_matches

SHAPES = [(3, 2, 5, 6), (2, 3, 4, 4), (4, 1, 6, 5)]
CLASSES = 4


def network(seed, channels, height, width):
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(channels, 3, 3, padding=1),
        nn.Tanh(),
        nn.Dropout(0.5),
        nn.Conv2d(3, 2, 3, padding=1),
        nn.Softplus(),
        nn.Flatten(),
        nn.Linear(2 * height * width, CLASSES),
    ).double()
    net.eval()
    net[0].train()
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 2.0)
    return net


def explained(solution, name, seed, shape, *args):
    """What the function returns, whether it has a graph, and whether the network is as it was."""
    net = network(seed, *shape)
    modes = [module.training for module in net.modules()]
    before = [parameter.detach().clone() for parameter in net.parameters()]
    result = getattr(solution, name)(net, *args)
    same = all(torch.equal(a, b) for a, b in zip(net.parameters(), before, strict=True))
    same = same and all(bool((parameter.grad == 2.0).all()) for parameter in net.parameters())
    same = same and [module.training for module in net.modules()] == modes
    same = same and all(parameter.requires_grad for parameter in net.parameters())
    graph = bool(getattr(result, "requires_grad", False))
    return result.detach() if isinstance(result, torch.Tensor) else result, graph, same


def check(learner, draw, name, shape, right, what, *args, terms):
    seed = draw.integer(0, 1000)
    expected = right(network(seed, *shape), *args), False, True
    names = (what, "requires_grad of it", "the network, its .grad and modes are as they were")
    assert_matches(learner.run(explained, name, seed, shape, *args), expected, names, terms=terms)


def slopes(net, images, classes):
    leaf = images.clone().requires_grad_()
    picked = net(leaf)[torch.arange(len(images)), classes]
    return torch.autograd.grad(picked.sum(), leaf)[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_saliency_is_the_largest_slope(learner, draw, shape):
    images, classes = draw.normal(*shape), draw.integers(0, CLASSES, shape[0])

    def right(net, images, classes):
        return slopes(net, images, classes).abs().amax(1)

    check(learner, draw, "saliency", shape[1:], right, "the maps", images, classes, terms=200)


def right_integral(net, images, baseline, classes, steps):
    total = 0
    for k in range(steps):
        total = total + slopes(net, baseline + (k + 0.5) / steps * (images - baseline), classes)
    return (images - baseline) * total / steps


@pytest.mark.parametrize("steps", [1, 2, 7])
@pytest.mark.parametrize("shape", SHAPES[:2])
def test_gradients_on_the_way_from_the_baseline(learner, draw, shape, steps):
    images, classes = 2 * draw.normal(*shape), draw.integers(0, CLASSES, shape[0])
    inputs = (images, draw.normal(*shape[1:]), classes, steps)
    check(learner, draw, "integrated_gradients", shape[1:], right_integral, "the contributions", *inputs, terms=200)


def completeness(solution, seed, shape, images, baseline, classes):
    net = network(seed, *shape)
    parts = solution.integrated_gradients(net, images, baseline, classes, 300)
    rows = torch.arange(len(images))
    difference = net(images)[rows, classes] - net(baseline[None])[0, classes]
    return parts.sum(dim=(1, 2, 3)), difference.detach()


@pytest.mark.builds_on("test_gradients_on_the_way_from_the_baseline")
def test_contributions_add_up_to_the_difference(learner, draw):
    shape = SHAPES[1]
    images, classes = draw.normal(*shape), draw.integers(0, CLASSES, shape[0])
    result = learner.run(completeness, draw.integer(0, 1000), shape[1:], images, draw.normal(*shape[1:]), classes)
    parts, difference = result if isinstance(result, tuple) else (result, None)
    assert_matches(1 + parts, 1 + difference, "1 + the sum of the contributions", rtol=1e-3)


def right_occlusion(net, image, label, size, stride, value):
    whole = torch.softmax(net(image[None]), 1)[0, label]
    rows = []
    for top in range(0, image.shape[1] - size + 1, stride):
        for left in range(0, image.shape[2] - size + 1, stride):
            covered = image.clone()
            covered[:, top : top + size, left : left + size] = value
            rows.append(whole - torch.softmax(net(covered[None]), 1)[0, label])
    width = (image.shape[2] - size) // stride + 1
    return torch.stack(rows).reshape(-1, width).detach()


@pytest.mark.parametrize(
    ("shape", "size", "stride", "value"),
    [((2, 5, 7), 3, 2, 0.0), ((3, 4, 6), 2, 1, 0.5), ((1, 6, 4), 1, 1, -1.0), ((2, 8, 5), 5, 3, 0.0)],
)
def test_what_is_covered_counts(learner, draw, shape, size, stride, value):
    inputs = (2 * draw.normal(*shape), draw.integer(0, CLASSES), size, stride, value)
    check(learner, draw, "occlusion", shape, right_occlusion, "the fall of the probability", *inputs, terms=10_000)


@pytest.mark.parametrize(
    ("n", "columns", "padding"), [(6, 3, 1), (5, 3, 2), (4, 4, 1), (2, 5, 3), (3, 1, 2), (4, 2, 0)]
)
def test_a_grid_of_pictures(learner, draw, n, columns, padding):
    images, mean, std = draw.normal(n, 3, 4, 5), draw.uniform(3), draw.uniform(3, low=0.1, high=0.5)
    rows = -(-n // columns)
    height, width = rows * (4 + padding) + padding, columns * (5 + padding) + padding
    expected = torch.ones(3, height, width, dtype=torch.float64)
    for k in range(n):
        top, left = padding + k // columns * (4 + padding), padding + k % columns * (5 + padding)
        for channel in range(3):
            shown = images[k, channel] * std[channel] + mean[channel]
            expected[channel, top : top + 4, left : left + 5] = shown.clamp(0, 1)
    assert_matches(learner.image_grid(images, mean, std, columns, padding), expected, "the picture")
    assert_inputs_unchanged(learner)
