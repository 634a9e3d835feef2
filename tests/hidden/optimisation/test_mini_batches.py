"""Batches against torch.split; steps against autograd; the noise against all batches that there are, one by one."""

import itertools

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def expected_batches(order, batch_size, drop_last):
    parts = torch.split(order, batch_size)
    return [part for part in parts if len(part) == batch_size or not drop_last]


@pytest.mark.parametrize("n, batch_size", [(12, 3), (20, 4), (7, 7), (5, 1)])
def test_batches_that_come_out_even(learner, draw, n, batch_size):
    order = draw.permutation(n)
    for drop_last in (False, True):
        result = learner.batches(order, batch_size, drop_last=drop_last)
        assert_matches(result, expected_batches(order, batch_size, drop_last), "batch")


@pytest.mark.builds_on("test_batches_that_come_out_even")
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("n, batch_size", [(13, 3), (22, 5), (4, 6)])
def test_a_last_batch_that_is_shorter(learner, draw, n, batch_size, drop_last):
    order = draw.permutation(n)
    result = learner.batches(order, batch_size, drop_last=drop_last)
    assert_matches(result, expected_batches(order, batch_size, drop_last), "batch")
    assert_inputs_unchanged(learner)


def sizes_and_contents(solution, n, batch_size, epochs, seed):
    """The size of every batch, and all indices of each epoch in ascending order."""
    result = solution.shuffled_batches(n, batch_size, epochs, seed=seed)
    sizes = [[len(part) for part in parts] for parts in result]
    return sizes, [torch.cat(parts).sort().values for parts in result]


@pytest.mark.parametrize("n, batch_size, epochs", [(12, 4, 3), (17, 5, 2)])
def test_every_epoch_sees_every_sample_once(learner, draw, n, batch_size, epochs):
    sizes = [len(part) for part in torch.arange(n).split(batch_size)]
    expected = ([sizes] * epochs, [torch.arange(n)] * epochs)
    names = ("the sizes of the batches", "the samples in ascending order, of the epoch")
    seed = draw.integer(0, 1000)
    assert_matches(learner.run(sizes_and_contents, n, batch_size, epochs, seed), expected, names)


@pytest.mark.builds_on("test_every_epoch_sees_every_sample_once")
def test_the_same_seed_gives_the_same_batches(learner, draw):
    seed = draw.integer(0, 1000)
    first = learner.shuffled_batches(23, 5, 3, seed=seed)
    assert_matches(learner.shuffled_batches(23, 5, 3, seed=seed), first, "of the same seed, epoch")


def flat_orders(solution, n, batch_size, epochs, seed):
    return [torch.cat(parts) for parts in solution.shuffled_batches(n, batch_size, epochs, seed=seed)]


@pytest.mark.builds_on("test_every_epoch_sees_every_sample_once")
def test_every_epoch_and_every_seed_has_an_order_of_its_own(learner, draw):
    seed = draw.integer(0, 1000)
    orders = [learner.run(flat_orders, 40, 6, 3, seed), learner.run(flat_orders, 40, 6, 3, seed + 1)]
    flat = [tuple(order.tolist()) for part in orders for order in part]
    assert len(set(flat[:3])) == 3, "Several epochs see the samples in the same order. Shuffle anew for each."
    assert len(set(flat)) == 6, "Two seeds gave the same order, here 40 samples. Is `seed` used?"
    assert tuple(range(40)) not in flat, "An epoch sees the samples in the order 0, 1, 2 …; shuffle them."


def first_and_last(solution, n, epochs, seed):
    """The first and the last sample of every epoch."""
    result = solution.shuffled_batches(n, n, epochs, seed=seed)
    return [[int(parts[0][0]), int(parts[0][-1])] for parts in result]


@pytest.mark.builds_on("test_every_epoch_and_every_seed_has_an_order_of_its_own")
def test_every_order_is_equally_likely(learner, draw):
    """Each of 5 samples comes first about 200 times in 1000 epochs, within six standard deviations."""
    ends = torch.tensor(learner.run(first_and_last, 5, 1000, draw.integer(0, 1000)))
    for place, name in enumerate(("first", "last")):
        counts = torch.bincount(ends[:, place], minlength=5).tolist()
        assert max(abs(count - 200) for count in counts) < 76, (
            f"In 1000 epochs of 5 samples, the samples 0 to 4 came {name} {counts} times; each should about 200 times."
        )


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("drop_last", [False, True])
def test_the_place_of_an_iteration(learner, draw, drop_last, number):
    batch_size = draw.integer(2, 9)
    n = batch_size * draw.integer(2, 6) + draw.integer(0, batch_size)
    sizes = [len(part) for part in expected_batches(torch.arange(n), batch_size, drop_last)]
    places = [(epoch, batch, size) for epoch in range(4) for batch, size in enumerate(sizes)]
    last = len(sizes) * draw.integer(1, 4) - 1
    for iteration in (0, last, last + 1, draw.integer(0, len(places))):
        result = learner.place_of(iteration, n, batch_size, drop_last=drop_last)
        assert_matches(result, places[iteration], f"the place of iteration {iteration} (epoch, batch, size)")


def regression(draw, n, d):
    x = draw.normal(n, d)
    return x, x @ draw.normal(d) + draw.normal(n), draw.normal(d)


def expected_epoch(x, y, w, parts, lr):
    losses, each = [], []
    for part in parts:
        leaf = w.clone().requires_grad_()
        squares = (x[part] @ leaf - y[part]).square()
        (gradient,) = torch.autograd.grad(squares.mean(), [leaf])
        w = w - lr * gradient
        losses.append(squares.mean().item())
        each.append(squares.detach())
    return w, losses, torch.cat(each).mean().item()


NAMES = ("w", "the losses", "the mean loss")


@pytest.mark.parametrize("n, d", [(7, 3), (5, 2)])
def test_one_batch_of_everything_is_gradient_descent(learner, draw, n, d):
    x, y, w = regression(draw, n, d)
    parts = [draw.permutation(n)]
    assert_matches(learner.sgd_epoch(x, y, w, parts, 0.1), expected_epoch(x, y, w, parts, 0.1), NAMES, terms=50)


@pytest.mark.builds_on("test_one_batch_of_everything_is_gradient_descent")
@pytest.mark.parametrize("batch_size, lr", [(1, 0.02), (3, 0.1), (4, 0.05)])
def test_an_epoch_of_batches(learner, draw, batch_size, lr):
    x, y, w = regression(draw, 12, 3)
    parts = list(draw.permutation(12).split(batch_size))
    assert_matches(learner.sgd_epoch(x, y, w, parts, lr), expected_epoch(x, y, w, parts, lr), NAMES, terms=500)


@pytest.mark.builds_on("test_an_epoch_of_batches")
def test_batches_of_different_sizes(learner, draw):
    x, y, w = regression(draw, 14, 4)
    parts = list(draw.permutation(14)[:13].split([6, 5, 2]))  # and one sample that isn't seen
    result = learner.sgd_epoch(strided(x), strided(y), w, parts, 0.05)
    assert_matches(result, expected_epoch(x, y, w, parts, 0.05), NAMES, terms=500)
    assert_inputs_unchanged(learner)


def expected_noise(gradients, batch_size, replacement):
    """Every batch that can be drawn, each as likely as the others."""
    n = len(gradients)
    kinds = (
        itertools.product(range(n), repeat=batch_size) if replacement else itertools.combinations(range(n), batch_size)
    )
    means = gradients[torch.tensor(list(kinds))].mean(1)
    return means.mean(0), means.var(0, correction=0)


@pytest.mark.parametrize("n, batch_size", [(5, 1), (6, 2), (7, 3), (8, 5)])
@pytest.mark.parametrize("replacement", [True, False])
def test_the_noise_of_a_batch(learner, draw, replacement, n, batch_size):
    batch_size = min(batch_size, 4) if replacement else batch_size
    gradients = draw.normal(n, 3) * 2 + draw.normal(3)
    result = learner.gradient_noise(gradients, batch_size, replacement=replacement)
    expected = expected_noise(gradients, batch_size, replacement)
    assert_matches(result, expected, ("mean", "variance"), terms=5000)


def one_plus_noise(solution, gradients, batch_size):
    """What is exactly 0 may come out as a rounding error."""
    mean, variance = solution.gradient_noise(gradients, batch_size)
    return mean, 1 + variance


@pytest.mark.builds_on("test_the_noise_of_a_batch")
def test_a_batch_of_all_samples_has_no_noise(learner, draw):
    gradients = draw.normal(6, 4)
    expected = (gradients.mean(0), torch.ones(4, dtype=torch.float64))
    assert_matches(learner.run(one_plus_noise, gradients, 6), expected, ("mean", "1 + variance"), terms=10)


@pytest.mark.builds_on("test_the_noise_of_a_batch")
def test_with_replacement_a_batch_may_be_larger_than_the_set(learner, draw):
    gradients = draw.normal(2, 3)
    expected = (gradients.mean(0), gradients.var(0, correction=0) / 9)
    result = learner.gradient_noise(gradients, 9, replacement=True)
    assert_matches(result, expected, ("mean", "variance"), terms=10)
    assert_inputs_unchanged(learner)
