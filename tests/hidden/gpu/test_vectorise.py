"""Against torch.cdist and unfold; and by counting the operations that torch dispatches."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_operations, cost_of, strided


@pytest.mark.parametrize("n, m, d", [(4, 3, 5), (2, 6, 3), (7, 5, 1)])
def test_squared_distances_of_all_pairs(learner, draw, n, m, d):
    x, y = draw.normal(n, d), draw.normal(m, d)
    assert_matches(learner.squared_distances(x, y), ((x[:, None] - y) ** 2).sum(2), "the result", terms=3 * d)


@pytest.mark.builds_on("test_squared_distances_of_all_pairs")
def test_distances_of_one_point_and_none(learner, draw):
    x, y = draw.normal(1, 3), draw.normal(4, 3)
    assert_matches(learner.squared_distances(x, y), ((x[:, None] - y) ** 2).sum(2), "the result", terms=9)
    assert_matches(learner.squared_distances(x[:0], y), torch.zeros(0, 4, dtype=torch.float64), "the result")


@pytest.mark.parametrize("n, width", [(9, 3), (8, 5), (6, 2), (7, 1), (5, 5)])
def test_the_moving_average(learner, draw, n, width):
    x = draw.normal(n)
    assert_matches(learner.moving_average(x, width), x.unfold(0, width, 1).mean(1), "the result", terms=2 * n)


@pytest.mark.parametrize("n, classes", [(12, 4), (30, 7), (5, 9)])
def test_the_mean_of_each_class(learner, draw, n, classes):
    x, labels = draw.normal(n, 3), draw.integers(0, classes, n)
    rows = [x[labels == k].mean(0) if (labels == k).any() else torch.zeros(3, dtype=x.dtype) for k in range(classes)]
    assert_matches(learner.class_means(x, labels, classes), torch.stack(rows), "the result", terms=n)


@pytest.mark.builds_on("test_squared_distances_of_all_pairs", "test_the_moving_average", "test_the_mean_of_each_class")
def test_layouts_and_inputs(learner, draw):
    x, y = draw.normal(4, 3), draw.normal(5, 3)
    expected = ((x[:, None] - y) ** 2).sum(2)
    assert_matches(learner.squared_distances(strided(x), strided(y)), expected, "the result", terms=9)
    assert_inputs_unchanged(learner)
    assert_matches(learner.moving_average(strided(x[:, 0]), 2), x[:, 0].unfold(0, 2, 1).mean(1), "the result", terms=8)
    assert_inputs_unchanged(learner)
    expected = torch.stack([(x[0] + x[2]) / 2, torch.zeros_like(x[0]), (x[1] + x[3]) / 2])
    labels = strided(torch.tensor([0, 2, 0, 2]))
    assert_matches(learner.class_means(strided(x), labels, 3), expected, "the result", terms=8)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_squared_distances_of_all_pairs", "test_the_moving_average", "test_the_mean_of_each_class")
def test_single_precision_stays_single(learner, draw):
    x, y = draw.normal(4, 3, dtype=torch.float32), draw.normal(5, 3, dtype=torch.float32)
    expected = ((x[:, None].double() - y) ** 2).sum(2).float()
    assert_matches(learner.squared_distances(x, y), expected, "the result", terms=90)
    assert_matches(learner.moving_average(x[:, 0], 2), x[:, 0].unfold(0, 2, 1).mean(1), "the result", terms=8)
    expected = torch.stack([(x[0] + x[2]) / 2, torch.zeros_like(x[0]), (x[1] + x[3]) / 2])
    assert_matches(learner.class_means(x, torch.tensor([0, 2, 0, 2]), 3), expected, "the result", terms=8)


@pytest.mark.builds_on("test_squared_distances_of_all_pairs")
def test_few_operations_make_all_distances(learner, draw):
    assert_operations(cost_of(learner, "squared_distances", draw.normal(40, 6), draw.normal(30, 6)), 12)


@pytest.mark.builds_on("test_the_moving_average")
def test_few_operations_make_all_averages(learner, draw):
    assert_operations(cost_of(learner, "moving_average", draw.normal(200), 7), 12)


@pytest.mark.builds_on("test_the_mean_of_each_class")
def test_few_operations_make_all_means(learner, draw):
    cost = cost_of(learner, "class_means", draw.normal(100, 4), draw.integers(0, 50, 100), 50)
    assert_operations(cost, 16)


def points(draw, size):
    n, m, d = size
    return draw.normal(n, d, dtype=torch.float32), draw.normal(m, d, dtype=torch.float32)


def by_torch(x, y):
    return torch.cdist(x, y).square()


@pytest.mark.speed(gates=True)
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (60, 50, 8), "cuda": (4096, 4096, 64)}
    limits = {"cpu": 60.0, "cuda": 20.0}
    stopwatch.compare("squared_distances", by_torch, points, sizes, limits=limits, operations=12, terms=500)
