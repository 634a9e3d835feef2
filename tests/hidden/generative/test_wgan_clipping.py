"""The distance by trying all pairings, training steps by hand with autograd."""

import itertools
import math

import pytest
import torch
import torch.nn as nn

from tutor.testkit import assert_inputs_unchanged, assert_matches


@pytest.mark.parametrize("n", [1, 3, 5])
def test_the_distance_is_that_of_the_best_pairing(learner, draw, n):
    a, b = draw.normal(n), 2 * draw.normal(n) + 1
    best = min((a - b[list(order)]).abs().mean().item() for order in itertools.permutations(range(n)))
    assert_matches(learner.wasserstein_1d(a, b), torch.tensor(best, dtype=torch.float64), "the distance", terms=n)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_distance_is_that_of_the_best_pairing")
def test_a_sample_that_is_moved_is_as_far_as_it_was_moved(learner, draw):
    a, far = draw.normal(200), draw.uniform(low=1.0, high=30.0)
    moved = a[draw.permutation(200)] - far
    assert_matches(learner.wasserstein_1d(a, moved), far.reshape(()), "the distance", terms=200)


@pytest.mark.parametrize(("n", "m"), [(4, 7), (6, 2)])
def test_the_losses(learner, draw, n, m):
    real, fake = draw.normal(n, 1), draw.normal(m, 1) + 1
    assert_matches(learner.critic_loss(real, fake), fake.mean() - real.mean(), "the critic's loss", terms=10)
    assert_matches(learner.generator_loss(fake), -fake.mean(), "the generator's loss", terms=10)


def nets(weights):
    """Generator: linear, tanh, linear. Critic: linear, leaky ReLU, linear."""
    generator = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3)).double()
    critic = nn.Sequential(nn.Linear(3, 5), nn.LeakyReLU(0.2), nn.Linear(5, 1)).double()
    for parameter, value in zip([*generator.parameters(), *critic.parameters()], weights, strict=True):
        parameter.data.copy_(value)
    return generator, critic


def weights_of(draw):
    shapes = [(4, 2), (4,), (3, 4), (3,), (5, 3), (5,), (1, 5), (1,)]
    return [0.5 * draw.normal(*shape) for shape in shapes]


def clipped(solution, weights, limit):
    _, critic = nets(weights)
    share = solution.clip_weights(critic, limit)
    plain = [parameter.requires_grad and parameter.grad_fn is None for parameter in critic.parameters()]
    return float(share), [parameter.detach().clone() for parameter in critic.parameters()], plain


@pytest.mark.parametrize("limit", [0.05, 0.4, 9.0])
def test_every_parameter_is_clipped(learner, draw, limit):
    weights = weights_of(draw)
    own = weights[4:]
    beyond = sum(int((value.abs() > limit).sum()) for value in own) / sum(value.numel() for value in own)
    expected = beyond, [value.clamp(-limit, limit) for value in own], [True] * 4
    names = ("the share that was beyond", "the parameters", "whether they are still leaves that need gradients")
    assert_matches(learner.run(clipped, weights, limit), expected, names)


def trained(solution, weights, batches, noises, lr, limit, stale):
    generator, critic = nets(weights)
    for parameter in [*generator.parameters(), *critic.parameters()]:
        parameter.grad = torch.full_like(parameter, stale)
    distances = solution.train_round(generator, critic, batches, noises, lr=lr, limit=limit)
    after = [[parameter.detach().clone() for parameter in net.parameters()] for net in (generator, critic)]
    return [float(distance) for distance in distances], *after


def right_round(weights, batches, noises, lr, limit):
    generator, critic = nets(weights)
    distances = []
    for real, noise in zip(batches, noises, strict=False):
        loss = critic(generator(noise)).mean() - critic(real).mean()
        distances.append(-loss.item())
        gradients = torch.autograd.grad(loss, list(critic.parameters()))
        for parameter, gradient in zip(critic.parameters(), gradients, strict=True):
            parameter.data = (parameter.data - lr * gradient).clamp(-limit, limit)
    loss = -critic(generator(noises[-1])).mean()
    gradients = torch.autograd.grad(loss, list(generator.parameters()))
    for parameter, gradient in zip(generator.parameters(), gradients, strict=True):
        parameter.data = parameter.data - lr * gradient
    after = [[parameter.detach() for parameter in net.parameters()] for net in (generator, critic)]
    return distances, *after


@pytest.mark.parametrize(("steps", "lr", "limit"), [(1, 0.1, 9.0), (1, 0.3, 0.3), (4, 0.2, 0.4), (3, 0.5, 0.1)])
def test_a_round_of_training(learner, draw, steps, lr, limit):
    weights = weights_of(draw)
    batches, noises = [draw.normal(6, 3) + 1 for _ in range(steps)], [draw.normal(4, 2) for _ in range(steps + 1)]
    expected = right_round(weights, batches, noises, lr, limit)
    names = ("the distances", "the generator's parameters", "the critic's parameters")
    got = learner.run(trained, weights, batches, noises, lr, limit, 3.0)
    assert_matches(got, expected, names, terms=1000)


def test_how_steep_it_can_be(learner, draw):
    for _ in range(10):
        widths = [draw.integer(1, 40) for _ in range(draw.integer(2, 6))]
        limit = float(draw.uniform(low=0.01, high=0.5))
        expected = math.prod(limit * math.sqrt(a * b) for a, b in itertools.pairwise(widths))
        assert_matches(
            learner.largest_slope(widths, limit), expected, f"largest_slope({widths}, {limit:.3f})", terms=10
        )
