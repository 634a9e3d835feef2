"""The measure against a count, what may not change against a copy, and then both ways to the second task."""

import copy

import pytest
import torch

from tutor.testkit import assert_matches

FIRST = ("disc", "square", "plus", "frame", "bar", "triangle", "stripes", "moon")
SECOND = ("ring", "corner", "tee", "cup")


def inside(kind, u, v):
    """Whether points of a plane belong to a shape of about unit size."""
    a, b = u.abs(), v.abs()
    far, r = torch.maximum(a, b), (u * u + v * v).sqrt()
    return {
        "disc": r <= 1,
        "square": far <= 0.9,
        "plus": (far <= 1) & (torch.minimum(a, b) <= 0.33),
        "frame": (far <= 1) & (far > 0.5),
        "bar": (a <= 1) & (b <= 0.4),
        "triangle": (v <= 0.8) & (v >= -1) & (a <= (v + 1) * 0.55),
        "stripes": (far <= 1) & (b > 0.4),
        "moon": (r <= 1) & ((u - 0.6) ** 2 + v * v > 0.5),
        "ring": (r <= 1) & (r > 0.5),
        "corner": (far <= 1) & ((u < -0.3) | (v > 0.3)),
        "tee": (far <= 1) & ((v < -0.35) | (a < 0.33)),
        "cup": (far <= 1) & ((a > 0.35) | (v > 0.35)),
    }[kind]


def pictures(draw, kinds, per_kind, size=16):
    n = len(kinds) * per_kind
    labels, line = torch.arange(n) % len(kinds), torch.arange(size, dtype=torch.float64) + 0.5
    half = draw.uniform(n, 1, 1, low=3, high=5)
    middle, turn = draw.uniform(2, n, 1, 1, low=5, high=size - 5), draw.uniform(n, 1, 1, low=-0.3, high=0.3)
    x, y = (line - middle[0]) / half, (line[:, None] - middle[1]) / half
    u, v = turn.cos() * x + turn.sin() * y, turn.cos() * y - turn.sin() * x
    shapes = torch.stack([inside(kind, u, v) for kind in kinds])[labels, torch.arange(n)].double()
    images = shapes * draw.uniform(n, 1, 1, low=0.7, high=1.3) + draw.normal(n, size, size, std=0.15)
    order = draw.permutation(n)
    return images[order][:, None].float(), labels[order]


def a_net(seed):
    """A small network with everything that behaves differently in training."""
    torch.manual_seed(seed)
    nn = torch.nn
    first = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.4))
    last = nn.Sequential(nn.BatchNorm1d(16), nn.Dropout(0.3), nn.Linear(16, 3))
    net = nn.Sequential(first, nn.AdaptiveAvgPool2d(2), nn.Flatten(), last)
    net[0][1].running_mean.normal_()
    net[3][0].running_mean.normal_()
    net[0].eval()
    return net


def of_accuracy(solution, seed, images, labels):
    net = a_net(seed)
    before = copy.deepcopy(net.state_dict())
    value = solution.accuracy(net, images, labels)
    same = all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    return value, [module.training for module in net.modules()], same


@pytest.mark.parametrize("n", [7, 40])
def test_the_share_of_right_answers(learner, draw, n):
    seed, images, labels = draw.integer(0, 1000), draw.normal(n, 1, 16, 16, dtype=torch.float32), draw.integers(0, 3, n)
    net = a_net(seed)
    modes = [module.training for module in net.modules()]
    with torch.no_grad():
        guesses = net.eval()(images).argmax(1)
    labels[:3] = guesses[:3]
    expected = (guesses == labels).double().mean().item()
    names = ("the accuracy", "the modes afterwards", "whether the network is as it was")
    assert_matches(learner.run(of_accuracy, seed, images, labels), (expected, modes, True), names, rtol=1e-6)


def of_a_net(solution, classes, seed, images):
    net, again, other = (solution.make_net(classes, seed=s) for s in (seed, seed, seed + 1))
    modes = all(module.training for module in net.modules())
    net.eval(), again.eval(), other.eval()
    logits = net(images).detach()
    by_parts = net.head(net.body(images)).detach()
    return [list(logits.shape), isinstance(net.head, torch.nn.Linear), modes], [
        torch.equal(logits, by_parts),
        torch.equal(logits, again(images).detach()),
        torch.equal(logits, other(images).detach()),
    ]


@pytest.mark.parametrize("classes", [4, 9])
def test_a_fresh_network(learner, draw, classes):
    images = draw.normal(6, 1, 16, 16, dtype=torch.float32)
    result = learner.run(of_a_net, classes, draw.integer(0, 1000), images)
    expected = ([[6, classes], True, True], [True, True, False])
    names = (
        "[the logits' shape, whether the head is an nn.Linear, whether it is in training mode]",
        "[whether the logits are head(body(x)), those of the same seed again, those of another seed]",
    )
    assert_matches(result, expected, names)


def both_ways(solution, first, held_first, second, held_second, seed):
    """Classes of held-out images: of the first task, and of the second by either way; and whether anything was hurt."""
    net = solution.pretrain(*first, len(FIRST), seed=seed)
    net.train()
    net.body.eval()
    before = copy.deepcopy(net)
    new = solution.transfer(net, *second, len(SECOND), seed=seed + 1)
    unhurt = all(torch.equal(value, net.state_dict()[name]) for name, value in before.state_dict().items())
    modes = [module.training for module in net.modules()] == [module.training for module in before.modules()]
    fresh = solution.from_scratch(*second, len(SECOND), seed=seed + 2)
    answers = []
    for trained, images in ((net, held_first), (new, held_second), (fresh, held_second)):
        trained.eval()
        with torch.no_grad():
            answers.append(trained(images).argmax(1))
    return (*answers, [unhurt, modes])


@pytest.mark.builds_on("test_the_share_of_right_answers", "test_a_fresh_network")
def test_few_examples_are_enough_after_another_task(learner, draw, album):
    first, held_first = pictures(draw, FIRST, 150), pictures(draw, FIRST, 40)
    second, held_second = pictures(draw, SECOND, 5), pictures(draw, SECOND, 100)
    result = learner.run(both_ways, first, held_first[0], second, held_second[0], draw.integer(0, 1000))
    truths = (held_first[1], held_second[1], held_second[1])
    names = ("the classes of the first task", "the classes after transfer", "the classes from scratch", "unchanged")
    shapes = (*map(torch.zeros_like, truths), [True, True])
    assert_matches(tuple(map(blank, result)) if isinstance(result, tuple) else result, shapes, names)
    shares = [(mine == right).double().mean().item() for mine, right in zip(result, truths, strict=False)]
    show(album, second, held_second, result, shares)
    assert shares[0] >= 0.88, f"After pre-training, {shares[0]:.1%} of the first task are right; it takes 88 %."
    assert shares[2] >= 0.45, f"From scratch, {shares[2]:.1%} of the second task are right; with some care it is 45 %."
    assert shares[1] >= 0.7, f"After transfer, {shares[1]:.1%} of the second task are right; it takes 70 %."
    better = shares[1] > shares[2] or shares[2] > 0.9  # near the ceiling a difference is chance
    assert better, f"Transfer gets {shares[1]:.1%} right, and from scratch it is {shares[2]:.1%}."


def blank(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else value


def show(album, second, held_second, result, shares):
    """All that there was to learn from, and below it new images, framed where transfer is right and scratch is not."""
    title = f"20 examples; held-out, after transfer {shares[1]:.0%} right, from scratch {shares[2]:.0%}"
    with album.figure("transfer_capstone", title, 8, 5) as axes:
        rows = [second[0][:10, 0], second[0][10:, 0], *held_second[0][:30, 0].split(10)]
        sheet = torch.cat([torch.cat([torch.nn.functional.pad(i, (1, 1, 1, 1)) for i in row], 1) for row in rows])
        axes.imshow(sheet, cmap="gray", vmin=-0.3, vmax=1.3, interpolation="nearest")
        for k in range(30):
            x, y = k % 10 * 18 + 2, (k // 10 + 2) * 18 + 3
            for mine, colour, shift in ((result[1], "tab:orange", 0), (result[2], "tab:blue", 3)):
                if mine[k] == held_second[1][k]:
                    axes.plot(x + shift, y, "o", color=colour, markersize=4)
        axes.axhline(35.5, color="white")
        axes.set_xlabel("orange dot: right after transfer; blue dot: right from scratch")
        axes.set_xticks([])
        axes.set_yticks([])
