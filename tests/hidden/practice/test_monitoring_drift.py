"""Against the definitions, written out in loops; the monitor over long random runs."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def right_shares(values, edges):
    bins = [sum(value >= edge for edge in edges.tolist()) for value in values.tolist()]
    counts = [bins.count(k) for k in range(len(edges) + 1)]
    return torch.tensor(counts, dtype=torch.float64) / len(values)


def right_index(reference, current, bins, floor):
    edges = torch.quantile(reference, torch.arange(1, bins, dtype=torch.float64) / bins)
    total = 0.0
    for r, c in zip(right_shares(reference, edges).tolist(), right_shares(current, edges).tolist(), strict=True):
        r, c = max(r, floor), max(c, floor)
        total += (c - r) * math.log(c / r)
    return total


@pytest.mark.parametrize(("n", "bins"), [(11, 2), (23, 4), (50, 10), (7, 5)])
def test_edges_at_the_quantiles(learner, draw, n, bins):
    reference = 10 * draw.normal(n)
    expected = torch.quantile(reference, torch.arange(1, bins, dtype=torch.float64) / bins)
    assert_matches(learner.quantile_edges(reference, bins), expected, "the edges", terms=10)


@pytest.mark.parametrize(("n", "bins"), [(20, 3), (37, 6), (50, 2)])
def test_the_share_of_each_bin(learner, draw, n, bins):
    values = draw.normal(n)
    edges = draw.normal(bins - 1).sort().values
    assert_matches(learner.shares(values, edges), right_shares(values, edges), "the shares")


def test_a_value_on_an_edge_belongs_above_it(learner, draw):
    edges = draw.normal(3).sort().values
    values = torch.cat([edges, edges[:1], edges[1:2], edges[1:2], draw.normal(5)])
    assert_matches(learner.shares(values, edges), right_shares(values, edges), "the shares")


@pytest.mark.parametrize(("n", "m", "bins"), [(60, 40, 4), (100, 70, 10), (33, 80, 5)])
def test_the_stability_index(learner, draw, n, m, bins):
    reference, current = 3 * draw.normal(n) + 5, 4 * draw.normal(m) + 6
    got = learner.stability_index(reference, current, bins)
    assert_matches(got, right_index(reference, current, bins, 1e-4), "the index", terms=100)


@pytest.mark.parametrize("floor", [1e-4, 1e-3, 0.02])
def test_an_empty_bin_counts_as_the_floor(learner, draw, floor):
    reference, current = draw.normal(60), draw.normal(40).abs() + 0.5
    got = learner.stability_index(reference, current, 6, floor)
    assert_matches(got, right_index(reference, current, 6, floor), "the index", terms=100)


@pytest.mark.parametrize(("n", "m"), [(10, 7), (4, 15), (30, 30), (1, 5)])
def test_the_distance_of_the_distribution_functions(learner, draw, n, m):
    a, b = draw.normal(n), draw.normal(m) + 0.3
    for reference, current in ((a, b), (b, a)):
        assert_matches(learner.ks_statistic(reference, current), right_distance(reference, current), "the distance")


def test_values_that_occur_several_times(learner, draw):
    reference, current = draw.integers(0, 5, 20).double(), draw.integers(1, 6, 13).double()
    assert_matches(learner.ks_statistic(reference, current), right_distance(reference, current), "the distance")


def right_distance(reference, current):
    gaps = [(reference <= x).double().mean() - (current <= x).double().mean() for x in torch.cat([reference, current])]
    return torch.stack(gaps).abs().max().item()


def watched(solution, answers, arguments, switch, later):
    """What each update said, and the accuracy then; a new model after `switch` answers."""
    monitor = solution.Monitor(*arguments)
    said = []
    for number, right in enumerate(answers):
        if number == switch:
            monitor.deployed(later)
        said.append((monitor.update(bool(right)), float(monitor.accuracy)))
    return [word for word, _ in said], torch.tensor([accuracy for _, accuracy in said], dtype=torch.float64)


def right_run(answers, baseline, window, tolerance, patience, switch, later):
    said, accuracies, since, below = [], [], [], []
    for number, right in enumerate(answers):
        if number == switch:
            baseline, since, below = later, [], []
        since.append(right)
        last = since[-window:]
        accuracies.append(sum(last) / len(last))
        if len(since) < window:
            said.append("wait")
            continue
        below.append(accuracies[-1] < baseline - tolerance)
        in_a_row = len(below) >= patience and all(below[-patience:])
        said.append("retrain" if in_a_row else "alarm" if below[-1] else "fine")
    return said, torch.tensor(accuracies, dtype=torch.float64)


def answers_of(draw, n):
    """Runs that are good, then bad, then good: each answer right with a probability that changes."""
    level = torch.where(torch.arange(n) // 15 % 2 == 0, 0.9, 0.45)
    return (draw.uniform(n) < level).tolist()


@pytest.mark.parametrize(("window", "patience"), [(5, 1), (8, 3), (10, 5), (1, 2)])
def test_a_run_of_the_monitor(learner, draw, window, patience):
    answers = answers_of(draw, 90)
    arguments = (0.85, window, 0.137, patience)
    expected = right_run(answers, *arguments, None, None)
    got = learner.run(watched, answers, arguments, None, None)
    assert_matches(got, expected, ("what was said", "the accuracies"))


@pytest.mark.parametrize("switch", [31, 52])
def test_a_new_model_starts_afresh(learner, draw, switch):
    answers = answers_of(draw, 90)
    arguments = (0.85, 7, 0.137, 3)
    expected = right_run(answers, *arguments, switch, 0.6)
    got = learner.run(watched, answers, arguments, switch, 0.6)
    assert_matches(got, expected, ("what was said", "the accuracies"))


@pytest.mark.builds_on("test_the_stability_index", "test_the_distance_of_the_distribution_functions")
def test_inputs_stay_as_they_are(learner, draw):
    reference, current = draw.normal(30), draw.normal(20)
    learner.stability_index(reference, current, 5)
    learner.ks_statistic(reference, current)
    assert_inputs_unchanged(learner)
