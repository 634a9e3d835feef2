"""Against torch's loss, its Gaussian density, counting, and a walk along the ROC curve."""

from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from torch.distributions import MultivariateNormal

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


@pytest.mark.parametrize("shape", [(5, 7), (3, 2, 4, 6), (1, 4, 3)])
def test_the_reconstruction_error_of_each_sample(learner, draw, shape):
    x, output = draw.uniform(*shape), draw.normal(*shape)
    expected = torch.stack([F.mse_loss(output[n], x[n]) for n in range(shape[0])])
    assert_matches(learner.reconstruction_score(x, output), expected, "the scores", terms=50)


def by_density(codes, normal):
    """From a normal distribution's log density, which is −½ of the distance and a constant."""
    model = MultivariateNormal(normal.mean(0), torch.cov(normal.T))
    return -2 * (model.log_prob(codes) - model.log_prob(normal.mean(0)))


def normal_codes(draw, m, d):
    """Of different spread along directions that are not the axes, away from the origin."""
    return draw.normal(m, d) @ (draw.normal(d, d) * 0.5 + torch.diag(torch.arange(1.0, d + 1))) + 2 * draw.normal(d)


@pytest.mark.parametrize("n, m, d", [(5, 12, 3), (4, 30, 2), (1, 9, 4)])
def test_the_mahalanobis_distance_of_each_code(learner, draw, n, m, d):
    codes, normal = 3 * draw.normal(n, d), normal_codes(draw, m, d)
    assert_matches(learner.latent_score(codes, normal), by_density(codes, normal), "the scores", terms=10_000)


@pytest.mark.builds_on("test_the_mahalanobis_distance_of_each_code")
def test_the_distance_does_not_depend_on_the_units_of_the_code(learner, draw):
    codes, normal = 3 * draw.normal(6, 3), normal_codes(draw, 15, 3)
    units = torch.tensor([1000.0, 1.0, 0.01], dtype=torch.float64)
    actual = learner.latent_score(codes * units, normal * units)
    assert_matches(actual, by_density(codes, normal), "the scores", terms=10_000)


def by_counting(scores, rate):
    fits = [t for t in scores.tolist() if sum(s > t for s in scores.tolist()) <= rate * len(scores)]
    return torch.tensor(min(fits), dtype=scores.dtype)


@pytest.mark.parametrize("m, rate", [(13, 0.2), (20, 0.25), (7, 0.25), (32, 0.125), (9, 0.6)])
def test_the_threshold(learner, draw, m, rate):
    scores = draw.uniform(m) + 0.5
    assert_matches(learner.threshold(scores, rate), by_counting(scores, rate), "the threshold")


@pytest.mark.builds_on("test_the_threshold")
def test_without_false_alarms_it_is_the_largest_score(learner, draw):
    scores = draw.uniform(11) + 0.5
    assert_matches(learner.threshold(scores, 0.0), scores.max(), "the threshold")


@pytest.mark.builds_on("test_the_threshold")
@pytest.mark.parametrize("rate", [0.125, 0.25, 0.4])
def test_the_threshold_among_equal_scores(learner, draw, rate):
    scores = draw.integers(1, 5, 16).double()
    assert_matches(learner.threshold(scores, rate), by_counting(scores, rate), "the threshold")


def along_the_curve(scores, anomalous):
    """The area under the straight lines between the points (false alarms, hits), one for each threshold."""
    levels = sorted(set(scores.tolist()), reverse=True)
    points = [(0.0, 0.0)]
    for level in levels:
        above = scores >= level
        hits = (above & anomalous).sum().item() / anomalous.sum().item()
        alarms = (above & ~anomalous).sum().item() / (~anomalous).sum().item()
        points.append((alarms, hits))
    pairs = pairwise(points)
    return sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairs)


def labels(draw, n):
    """Some of each kind."""
    anomalous = draw.uniform(n) < 0.4
    anomalous[:3], anomalous[3:5] = True, False
    return anomalous[draw.permutation(n)]


@pytest.mark.parametrize("n", [9, 14, 25])
def test_the_area_under_the_curve(learner, draw, n):
    anomalous = labels(draw, n)
    scores = draw.normal(n) + anomalous
    assert_matches(learner.roc_auc(scores, anomalous), along_the_curve(scores, anomalous), "the area", terms=n)


@pytest.mark.builds_on("test_the_area_under_the_curve")
@pytest.mark.parametrize("kinds", [2, 4])
def test_equal_scores_count_one_half(learner, draw, kinds):
    anomalous = labels(draw, 18)
    scores = draw.integers(0, kinds, 18).double()
    assert_matches(learner.roc_auc(scores, anomalous), along_the_curve(scores, anomalous), "the area", terms=18)


@pytest.mark.builds_on("test_the_area_under_the_curve")
def test_perfect_and_useless_scores(learner, draw):
    anomalous = labels(draw, 12)
    separated = draw.uniform(12) + 2 * anomalous
    assert_matches(learner.roc_auc(separated, anomalous), 1.0, "the area of a perfect score")
    assert_matches(learner.roc_auc(torch.ones(12).double(), anomalous), 0.5, "the area of a constant score")
    assert_matches(learner.roc_auc(separated, ~anomalous), 0.0, "the area of a score that is always wrong")


@pytest.mark.parametrize("kind", [True, False])
def test_with_one_kind_only_there_is_no_area(learner, draw, kind):
    assert_raises(ValueError, learner.roc_auc, draw.uniform(5), torch.full((5,), kind))


@pytest.mark.builds_on("test_the_reconstruction_error_of_each_sample", "test_the_area_under_the_curve")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, output = draw.uniform(4, 3, 5, dtype=torch.float32), draw.normal(4, 3, 5, dtype=torch.float32)
    expected = (output - x).square().mean((1, 2))
    assert_matches(learner.reconstruction_score(strided(x), strided(output)), expected, "the scores", terms=15)
    assert_inputs_unchanged(learner)
    codes, normal = draw.normal(4, 3), normal_codes(draw, 12, 3)
    actual = learner.latent_score(strided(codes), strided(normal))
    assert_matches(actual, by_density(codes, normal), "the scores", terms=10_000)
    assert_inputs_unchanged(learner)
    scores, anomalous = draw.uniform(14, dtype=torch.float32), labels(draw, 14)
    assert_matches(learner.threshold(strided(scores), 0.25), by_counting(scores, 0.25), "the threshold")
    assert_inputs_unchanged(learner)
    actual = learner.roc_auc(strided(scores), strided(anomalous))
    assert_matches(actual, along_the_curve(scores, anomalous), "the area", terms=14)
    assert_inputs_unchanged(learner)
