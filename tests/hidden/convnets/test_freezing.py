"""A small network with a batch norm and a dropout: what trains, what keeps still, and what it makes of images."""

import pytest
import torch
import torch.nn as nn

from tutor.testkit import assert_inputs_unchanged, assert_matches

CHILDREN = 7


def network(seed, classes=4):
    """Convolution, batch norm, ReLU, a block with dropout, flattening, head."""
    torch.manual_seed(seed)
    block = nn.Sequential(nn.Conv2d(3, 2, 3, padding=1), nn.BatchNorm2d(2), nn.Dropout(0.5))
    net = nn.Sequential(
        nn.Conv2d(3, 3, 3, padding=1),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        block,
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(8, classes),
    )
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2.0)
    return net


def values(net):
    return [value.detach().clone() for value in net.state_dict().values()]


def with_head(solution, seed, classes, modes):
    net = network(seed)
    for child, training in zip(net, modes, strict=True):
        child.train(training)
    before = values(net)
    new = solution.replace_head(net, classes)
    head = new[len(new) - 1]
    body = values(new[:-1])
    with torch.no_grad():
        for parameter in new.parameters():
            parameter.add_(1.0)  # nothing of this may reach the old network
        new[1].running_mean.add_(1.0)
    same = all(torch.equal(a, b) for a, b in zip(values(net), before, strict=True))
    kinds = [type(child).__name__ for child in new]
    shape = [tuple(parameter.shape) for parameter in head.parameters()]
    return kinds, body, shape, [bool(child.training) for child in new[:-1]], same


@pytest.mark.parametrize("classes", [2, 9])
def test_a_new_head_on_a_body_of_its_own(learner, draw, classes):
    seed, modes = draw.integer(0, 1000), [draw.integer(0, 2) == 1 for _ in range(CHILDREN)]
    kinds = [type(child).__name__ for child in network(seed)]
    body = values(network(seed)[:-1])
    names = (
        "the children",
        "the body's values",
        "shapes of the head",
        "modes of the body",
        "the old network is as it was",
    )
    expected = kinds, body, [(classes, 8), (classes,)], modes[:-1], True
    assert_matches(learner.run(with_head, seed, classes, modes), expected, names)


def heads(solution, seed):
    return [solution.replace_head(network(seed), 4)[-1].weight.detach() for _ in range(2)] + [network(seed)[-1].weight]


@pytest.mark.builds_on("test_a_new_head_on_a_body_of_its_own")
def test_the_head_is_fresh(learner, draw):
    first, _second, old = learner.run(heads, draw.integer(0, 1000))
    assert not torch.equal(first, old), "The new head has the old one's weights: make a new nn.Linear."
    assert first.std() > 0.01, "The new head's weights are all alike: leave them as nn.Linear initialises them."


def frozen(solution, seed, children, before):
    net = network(seed)
    for child, (trained, training) in zip(net, before, strict=True):
        child.requires_grad_(trained)
        child.train(training)
    solution.freeze(net, children)
    gradients = [[parameter.requires_grad for parameter in child.parameters()] for child in net]
    modes = [[module.training for module in child.modules()] for child in net]
    return gradients, modes, solution.trainable(net)


@pytest.mark.parametrize("children", [0, 1, 2, 4, 6, 7])
def test_the_first_children_are_frozen(learner, draw, children):
    seed = draw.integer(0, 1000)
    before = [(draw.integer(0, 2) == 1, draw.integer(0, 2) == 1) for _ in range(CHILDREN)]
    net = network(seed)
    on = [number >= children for number in range(CHILDREN)]
    gradients = [[on[k]] * len(list(child.parameters())) for k, child in enumerate(net)]
    modes = [[on[k]] * len(list(child.modules())) for k, child in enumerate(net)]
    sizes = [sum(parameter.numel() for parameter in child.parameters()) for child in net]
    counts = sum(size for k, size in enumerate(sizes) if on[k]), sum(sizes)
    names = ("requires_grad by child", "training mode by child", "trained numbers, and all")
    assert_matches(learner.run(frozen, seed, children, before), (gradients, modes, counts), names)


def featured(solution, seed, batches, modes):
    net = network(seed)
    for child, training in zip(net, modes, strict=True):
        child.train(training)
    before = values(net)
    features = solution.extract_features(net, batches)
    same = all(torch.equal(a, b) for a, b in zip(values(net), before, strict=True))
    graph = bool(getattr(features, "requires_grad", True))
    result = features.detach() if isinstance(features, torch.Tensor) else features
    on = all(parameter.requires_grad for parameter in net.parameters())
    return result, graph, same, [module.training for child in net for module in child.modules()], on


@pytest.mark.parametrize("sizes", [(3, 5), (4,), (1, 2, 6)])
def test_features_are_those_of_evaluation_mode(learner, draw, sizes):
    seed, modes = draw.integer(0, 1000), [draw.integer(0, 2) == 1 for _ in range(CHILDREN)]
    modes[1] = True
    batches = [draw.normal(n, 3, 5, 6, dtype=torch.float32) for n in sizes]
    net = network(seed).eval()
    with torch.no_grad():
        expected = torch.cat([net[:-1](batch) for batch in batches])
    kept = [mode for mode, child in zip(modes, network(seed), strict=True) for _ in child.modules()]
    names = (
        "features",
        "requires_grad of the features",
        "parameters and statistics are as before",
        "modes",
        "gradients on",
    )
    got = learner.run(featured, seed, batches, modes)
    assert_matches(got, (expected, False, True, kept, True), names, terms=100)


def grouped(solution, seed, children, lr, decay):
    net = network(seed)
    for child in list(net)[:children]:
        child.requires_grad_(False)
    net[3][0].bias.requires_grad_(False)
    return [
        ([p.detach().clone() for p in group["params"]], float(group["lr"]))
        for group in solution.fine_tune_groups(net, lr, decay)
    ]


@pytest.mark.parametrize("children", [0, 1, 3, 4])
def test_rates_that_fall_towards_the_input(learner, draw, children):
    seed, lr, decay = (
        draw.integer(0, 1000),
        float(draw.uniform(low=0.01, high=0.1)),
        float(draw.uniform(low=0.2, high=0.9)),
    )
    net = network(seed)
    own = [k for k in (0, 1, 3, 6) if k >= children]
    expected = []
    for place, k in enumerate(own):
        params = [p.detach() for name, p in net[k].named_parameters() if not (k == 3 and name == "0.bias")]
        expected.append((params, lr * decay ** (len(own) - 1 - place)))
    assert_matches(learner.run(grouped, seed, children, lr, decay), expected, "(params, lr) of each group")


@pytest.mark.parametrize("channels", [3, 1])
def test_images_as_the_network_knew_them(learner, draw, channels):
    images = draw.integers(0, 256, 2, channels, 4, 5).to(torch.uint8)
    mean, std = draw.uniform(3, dtype=torch.float32), draw.uniform(3, low=0.2, high=0.4, dtype=torch.float32)
    shared = images.double().expand(2, 3, 4, 5) / 255
    expected = ((shared - mean.double()[:, None, None]) / std.double()[:, None, None]).float()
    assert_matches(learner.normalise(images, mean, std), expected, "the images", terms=10)
    assert_inputs_unchanged(learner)
