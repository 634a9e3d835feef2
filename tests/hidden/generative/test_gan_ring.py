"""The pieces against torch, then the whole: samples counted by the cluster they fall into."""

import math
import random

import numpy as np
import pytest
import torch

from tutor.testkit import assert_matches

MODES, RADIUS, STD = 8, 2.0, 0.15
NEAR = 4 * STD  # from a centre; the circles of this radius around the centres don't touch


def centres(turn):
    angle = turn + 2 * math.pi * torch.arange(MODES) / MODES
    return RADIUS * torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)


def ring(draw, n, turn):
    return (centres(turn)[draw.integers(0, MODES, n)] + draw.normal(n, 2, std=STD)).float()


def build(weights):
    """Linear, tanh, linear, from the four tensors in `weights`."""
    (hidden, inputs), outputs = weights[0].shape, len(weights[3])
    first, last = torch.nn.Linear(inputs, hidden), torch.nn.Linear(hidden, outputs)
    net = torch.nn.Sequential(first, torch.nn.Tanh(), last).to(weights[0].dtype)
    for parameter, value in zip(net.parameters(), weights, strict=True):
        parameter.data = value.clone()
    return net


def weights_of(draw, inputs, hidden, outputs):
    return [draw.normal(hidden, inputs), draw.normal(hidden), draw.normal(outputs, hidden), draw.normal(outputs)]


def penalty_and_gradients(solution, weights, real, weight, old):
    """The penalty, what a backward pass from it leaves on the parameters, and what the call alone left there."""
    net = build(weights)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, old)
    penalty = solution.r1_penalty(net, real, weight)
    before = [parameter.grad.clone() for parameter in net.parameters()]
    value = penalty.detach().clone() if isinstance(penalty, torch.Tensor) else penalty
    attached = bool(getattr(penalty, "requires_grad", False))
    if attached:
        penalty.backward()
    return value, attached, [parameter.grad - old for parameter in net.parameters()], before, real.requires_grad


def expected_penalty(weights, real, weight):
    """By the chain rule: the slope of w2 · tanh(W1 x + b1) is W1ᵀ (w2 ⊙ (1 − tanh²))."""
    w1, b1, w2, b2 = (value.clone().requires_grad_() for value in weights)
    slope = (w2 * (1 - torch.tanh(real @ w1.T + b1).square())) @ w1
    value = weight / 2 * slope.norm(dim=1).square().mean() + 0 * b2.sum()
    return value.detach(), list(torch.autograd.grad(value, [w1, b1, w2, b2]))


def check_penalty(learner, draw, n, inputs, hidden, weight):
    weights, real = weights_of(draw, inputs, hidden, 1), draw.normal(n, inputs)
    value, gradients = expected_penalty(weights, real, weight)
    left = [torch.full_like(parameter, 3.0) for parameter in weights]
    names = (
        "the penalty",
        "whether it hangs on a graph",
        "the parameters' gradients",
        ".grad right after the call",
        "real.requires_grad",
    )
    result = learner.run(penalty_and_gradients, weights, real, weight, 3.0)
    assert_matches(result, (value, True, gradients, left, False), names, terms=100)


@pytest.mark.parametrize("n, inputs, hidden, weight", [(5, 2, 7, 0.3), (6, 3, 4, 10.0), (1, 2, 3, 1.0)])
def test_the_penalty_and_its_gradients(learner, draw, n, inputs, hidden, weight):
    check_penalty(learner, draw, n, inputs, hidden, weight)


def averaged(solution, mine, theirs, decay, times):
    average, generator = build(mine), build(theirs)
    for _ in range(times):
        solution.update_average(average, generator, decay)
    state = [[parameter.detach().clone() for parameter in net.parameters()] for net in (average, generator)]
    return *state, [parameter.requires_grad and parameter.is_leaf for parameter in average.parameters()]


@pytest.mark.parametrize("decay, times", [(0.8, 1), (0.8, 3), (0.0, 1), (1.0, 1)])
def test_the_average_moves_towards_the_generator(learner, draw, decay, times):
    mine, theirs = weights_of(draw, 3, 5, 2), weights_of(draw, 3, 5, 2)
    share = decay**times
    expected = [share * a + (1 - share) * b for a, b in zip(mine, theirs, strict=True)]
    names = ("the average's parameters", "the generator's parameters", "whether the average's parameters are leaves")
    assert_matches(learner.run(averaged, mine, theirs, decay, times), (expected, theirs, [True] * 4), names)


def train_and_sample(solution, x, n, seed):
    generator, losses = solution.train(x, seed=seed)
    drawn = [solution.sample(generator, n, seed=number) for number in (seed + 1, seed + 1, seed + 2)]
    return drawn, [bool(points.requires_grad) for points in drawn], [(float(d), float(g)) for d, g in losses]


def train_again(solution, x, n, seed):
    """After other draws, so that what doesn't come from the seed comes out differently."""
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    return solution.sample(solution.train(x, seed=seed)[0], n, seed=seed + 1)


def counted(points, turn):
    """How many points lie near each centre."""
    distance, nearest = torch.cdist(points.double(), centres(turn).double()).min(dim=1)
    return torch.bincount(nearest[distance < NEAR], minlength=MODES)


@pytest.mark.builds_on("test_the_penalty_and_its_gradients", "test_the_average_moves_towards_the_generator")
def test_the_generator_covers_the_ring(learner, draw, album):
    turn, n = float(draw.uniform(high=2 * math.pi)), 4000
    x, seed = ring(draw, 2000, turn), draw.integer(0, 1000)
    result = learner.run(train_and_sample, x, n, seed)
    shapes = ([torch.zeros(n, 2)] * 3, [False] * 3)
    blanks = [blank(part) for part in result[0]] if isinstance(result, tuple) and result else result
    names = ("the samples", "requires_grad of the samples")
    assert_matches((blanks, *result[1:2]) if isinstance(result, tuple) else result, shapes, names)
    (points, again, other), _, losses = result
    assert losses, "`train` has to return the losses on the way; your list is empty."
    assert_matches(again, points, "the samples of the same seed")
    assert not torch.equal(other, points), "Two seeds gave the same samples: draw the noise with `seed`."
    copied = int((torch.cdist(points.double(), x.double()).min(dim=1).values < 1e-6).sum())
    assert copied < n // 100, f"{copied} of {n} samples are points of the training set. A generator makes its own."
    counts = counted(points, turn)
    near = int(counts.sum())
    show(album, x, points, turn, near)
    show_losses(album, losses)
    last = f"The losses of the last step are {losses[-1][0]:.3f} (D) and {losses[-1][1]:.3f} (G)."
    least = n // 25
    missing = int((counts < least).sum())
    assert not missing, (
        f"{missing} of {MODES} clusters have fewer than {least} of your {n} samples (4 %; an even share is 12.5 %). "
        f"The counts around the ring: {counts.tolist()}. {last}"
    )
    assert near >= 0.75 * n, (
        f"All clusters are covered, but only {near / n:.1%} of the samples lie within {NEAR:g} of a centre; it takes "
        f"75 %. {last}"
    )
    assert_matches(learner.run(train_again, x, n, seed), points, "the samples of a second run with the same seed")


def blank(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else value


def show(album, x, points, turn, near):
    with album.figure("gan_ring", f"{near / len(points):.1%} of the samples near a centre", 6, 6) as axes:
        axes.scatter(x[:, 0], x[:, 1], s=5, color="lightgrey", label="data")
        axes.scatter(points[:, 0], points[:, 1], s=5, color="tab:blue", alpha=0.4, label="your samples")
        middle = centres(turn)
        axes.scatter(middle[:, 0], middle[:, 1], s=40, marker="+", color="black")
        axes.set_xlim(-3.2, 3.2)
        axes.set_ylim(-3.2, 3.2)
        axes.set_aspect("equal")
        axes.legend(loc="center")


def show_losses(album, losses):
    finite = [[value if abs(value) < 1e6 else float("nan") for value in pair] for pair in losses]
    with album.figure("gan_ring_loss", "The losses while they played", 6, 3.2) as axes:
        axes.plot([d for d, _ in finite], linewidth=1, label="discriminator")
        axes.plot([g for _, g in finite], linewidth=1, label="generator")
        axes.axhline(2 * math.log(2), color="black", linewidth=0.5, linestyle="--")
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        axes.legend()
