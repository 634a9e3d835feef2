"""Histograms against torch's own counting and distributions; the distance against closed forms."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def expected_modes(samples, centres, radius):
    distance, nearest = torch.cdist(samples, centres, compute_mode="donot_use_mm_for_euclid_dist").min(dim=1)
    return nearest.masked_fill(distance > radius, -1)


@pytest.mark.parametrize("n, k, d, radius", [(40, 7, 2, 0.8), (30, 3, 5, 2.0), (20, 5, 1, 0.3)])
def test_samples_go_to_their_nearest_mode(learner, draw, n, k, d, radius):
    samples, centres = draw.normal(n, d), draw.normal(k, d)
    expected = expected_modes(samples, centres, radius)
    assert_matches(learner.assign(samples, centres, radius), expected, "the modes")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_samples_go_to_their_nearest_mode")
def test_a_sample_exactly_at_the_radius_is_good(learner, draw):
    centres = draw.integers(-20, 20, 1, 2).double()
    samples = centres + torch.tensor([[3.0, 4.0], [0.0, -5.0], [3.0, 4.5], [-4.0, 3.0]], dtype=torch.float64)
    assert_matches(learner.assign(samples, centres, 5.0), torch.tensor([0, 0, -1, 0]), "the modes")


@pytest.mark.builds_on("test_samples_go_to_their_nearest_mode")
def test_between_two_centres_the_lower_index_wins(learner, draw):
    middle = draw.integers(-20, 20, 2).double()
    away = torch.tensor([[9.0, 0.0], [2.0, 0.0], [-2.0, 0.0], [0.0, 2.0]], dtype=torch.float64)
    assert_matches(learner.assign(middle[None], middle + away, 2.5), torch.tensor([1]), "the modes")


@pytest.mark.builds_on("test_samples_go_to_their_nearest_mode")
def test_float32_and_strided_samples(learner, draw):
    samples, centres = draw.normal(30, 3, dtype=torch.float32), draw.normal(4, 3, dtype=torch.float32)
    expected = expected_modes(samples, centres, 1.5)
    assert_matches(learner.assign(strided(samples), strided(centres), 1.5), expected, "the modes")


COVERAGE = ("the counts", "the number of modes covered", "the share of good samples")


@pytest.mark.parametrize("n, k, least", [(50, 6, 7), (37, 4, 9), (23, 9, 2)])
def test_modes_are_counted(learner, draw, n, k, least):
    assigned = draw.integers(-1, k, n)
    counts = torch.stack([(assigned == mode).sum() for mode in range(k)])
    expected = (counts, int((counts >= least).sum()), (assigned >= 0).double().mean().item())
    assert_matches(learner.coverage(assigned, k, least), expected, COVERAGE)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_modes_are_counted")
def test_a_mode_with_exactly_the_least_is_covered_and_the_last_mode_may_be_empty(learner, draw):
    assigned = torch.tensor([0] * 5 + [1] * 4 + [2] * 3 + [-1] * 4)[draw.permutation(16)]
    expected = (torch.tensor([5, 4, 3, 0]), 2, 0.75)
    assert_matches(learner.coverage(assigned, 4, 4), expected, COVERAGE)


@pytest.mark.builds_on("test_modes_are_counted")
def test_no_good_sample_at_all(learner):
    assert_matches(learner.coverage(torch.tensor([-1] * 5), 3, 1), (torch.tensor([0, 0, 0]), 0, 0.0), COVERAGE)


def entropy_of(counts):
    return torch.distributions.Categorical(counts.double(), validate_args=False).entropy().item()


@pytest.mark.parametrize("k", [2, 5, 12])
def test_the_entropy_of_the_good_samples(learner, draw, k):
    counts = draw.integers(1, 60, k)
    assert_matches(learner.entropy(counts), entropy_of(counts), "the entropy")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_entropy_of_the_good_samples")
def test_empty_modes_add_nothing_to_the_entropy(learner, draw):
    counts = draw.integers(1, 60, 7)
    padded = torch.cat([counts[:3], torch.zeros(2, dtype=torch.int64), counts[3:]])
    assert_matches(learner.entropy(padded), entropy_of(counts), "the entropy")
    single = torch.tensor([0, draw.integer(1, 60), 0])
    assert_matches(learner.entropy(single), 0.0, "the entropy of one mode")
    assert_matches(learner.entropy(torch.zeros(4, dtype=torch.int64)), 0.0, "the entropy of no sample at all")


def shares(draw, k):
    weights = draw.uniform(k, low=0.2, high=1.0)
    return weights / weights.sum()


def kl_of(counts, target):
    p = counts.double() / counts.sum()
    return torch.nn.functional.kl_div(target.log(), p, reduction="sum").item()


@pytest.mark.parametrize("k", [2, 5, 12])
def test_the_divergence_from_the_datas_shares(learner, draw, k):
    counts, target = draw.integers(1, 60, k), shares(draw, k)
    assert_matches(learner.mode_kl(counts, target), kl_of(counts, target), "the divergence")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_divergence_from_the_datas_shares")
def test_a_lost_mode_adds_nothing_by_itself(learner, draw):
    counts, target = draw.integers(1, 60, 6), shares(draw, 6)
    counts[2] = counts[4] = 0
    assert_matches(learner.mode_kl(counts, target), kl_of(counts, target), "the divergence")


def collapse_of(history, share, patience):
    modes = history.shape[1]
    effective = [math.exp(entropy_of(counts)) if counts.any() else 0.0 for counts in history]
    bad = "".join("x" if value < share * modes else "." for value in effective)
    found = bad.find("x" * patience)
    return None if found < 0 else found


def reports(draw, pattern, modes):
    """One row of counts a letter: `.` all modes much alike, `x` one mode has nearly all, `0` nothing good.

    Where one has nearly all, every second time all others have a few, and every second time only one of them.
    """
    rows = []
    for number, letter in enumerate(pattern):
        counts = draw.integers(40, 60, modes)
        if letter == "x":
            counts = draw.integers(1, 3, modes)
            most = draw.integer(0, modes)
            if number % 2:
                counts[torch.arange(modes) != (most + 1) % modes] = 0
            counts[most] += 400
        rows.append(counts * (letter != "0"))
    return torch.stack(rows)


PATTERNS = [("...xx.xxxx..", 3), ("x.x.x.xx.", 2), ("..x..", 1), ("xxxx", 4), ("....xxx", 3)]


@pytest.mark.parametrize("pattern, patience", PATTERNS)
def test_a_collapse_is_a_row_of_bad_reports(learner, draw, pattern, patience):
    history = reports(draw, pattern, 6)
    expected = collapse_of(history, 0.5, patience)
    assert_matches(
        learner.first_collapse(history, 0.5, patience),
        expected,
        f"the report where {patience} bad ones (x) begin in {pattern}",
    )
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_collapse_is_a_row_of_bad_reports")
@pytest.mark.parametrize("pattern, patience", [("......", 1), ("xx.xx.xx", 3), ("..xx", 3), ("xx", 3)])
def test_no_collapse_is_none(learner, draw, pattern, patience):
    got = learner.first_collapse(reports(draw, pattern, 5), 0.5, patience)
    assert got is None, f"There are never {patience} bad reports in a row in {pattern}: return None, not {got!r}."


@pytest.mark.builds_on("test_a_collapse_is_a_row_of_bad_reports")
def test_the_threshold_is_a_share_of_the_effective_number_of_modes(learner, draw):
    """Rows with 1, 2, … 9 equal modes out of 9: any share tells others apart."""
    order = draw.permutation(9)
    history = torch.stack([(torch.arange(9) <= alive) * draw.integer(5, 50) for alive in order])
    for share in (0.25, 0.5, 0.8):
        expected = collapse_of(history, share, 1)
        assert_matches(learner.first_collapse(history, share, 1), expected, f"the collapse at share {share}")


@pytest.mark.builds_on("test_a_collapse_is_a_row_of_bad_reports")
def test_a_report_without_good_samples_is_bad(learner, draw):
    assert_matches(learner.first_collapse(reports(draw, "..00..", 7), 0.1, 2), 2, "the report where ..00.. collapses")


@pytest.mark.builds_on("test_a_collapse_is_a_row_of_bad_reports")
def test_a_report_exactly_at_the_threshold_is_not_bad(learner, draw):
    """One sample in all: its entropy is 0, exactly, and 1 of 4 modes is a quarter."""
    history = torch.nn.functional.one_hot(draw.integers(0, 4, 5), 4)
    assert_matches(learner.first_collapse(history, 0.25, 2), None, "the collapse of 1 in 4 modes at share 0.25")
    assert_matches(learner.first_collapse(history, 0.3, 2), 0, "the collapse of 1 in 4 modes at share 0.3")


@pytest.mark.parametrize("n, d", [(9, 4), (5, 7), (2, 3), (6, 1)])
def test_mean_and_unbiased_covariance(learner, draw, n, d):
    features = draw.normal(n, d) + 2
    expected = (features.mean(0), torch.cov(features.T).reshape(d, d))
    assert_matches(learner.moments(features), expected, ("the mean", "the covariance"), terms=n)
    assert_inputs_unchanged(learner)


def covariance(draw, d):
    root = draw.normal(d, d)
    return root @ root.T + 0.5 * torch.eye(d, dtype=torch.float64)


@pytest.mark.parametrize("d", [3, 6])
def test_the_distance_of_two_gaussians(learner, draw, d):
    """Against a Schur-free closed form: the nuclear norm of the product of the covariances' Cholesky factors."""
    mean1, mean2, cov1, cov2 = draw.normal(d), draw.normal(d), covariance(draw, d), covariance(draw, d)
    factors = torch.linalg.cholesky(cov1), torch.linalg.cholesky(cov2)
    cross = torch.linalg.svdvals(factors[0].T @ factors[1]).sum()
    expected = (mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * cross
    assert_matches(learner.frechet_distance(mean1, cov1, mean2, cov2), expected, "the distance", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_distance_of_two_gaussians")
def test_in_one_dimension_it_is_the_distance_of_means_and_deviations(learner, draw):
    mean1, mean2 = draw.normal(1), draw.normal(1) + 2
    std1, std2 = draw.uniform(1, low=0.5, high=2.0), draw.uniform(1, low=3.0, high=4.0)
    expected = ((mean1 - mean2).square() + (std1 - std2).square())[0]
    result = learner.frechet_distance(mean1, std1.square()[None], mean2, std2.square()[None])
    assert_matches(result, expected, "the distance")


@pytest.mark.builds_on("test_the_distance_of_two_gaussians")
def test_singular_covariances(learner, draw):
    """Fewer samples than features leave directions without variance. A square root near 0 keeps half of the digits."""
    for _ in range(4):
        basis = torch.linalg.qr(draw.normal(8, 8))[0]
        values1, values2 = draw.uniform(8, low=1.0, high=3.0), draw.uniform(8, low=4.0, high=9.0)
        values1[:5], values2[:4] = 0, 0
        cov1, cov2 = ((basis * values) @ basis.T for values in (values1, values2))
        mean1, mean2 = draw.normal(8), draw.normal(8)
        expected = (mean1 - mean2).square().sum() + (values1.sqrt() - values2.sqrt()).square().sum()
        result = learner.frechet_distance(mean1, (cov1 + cov1.T) / 2, mean2, (cov2 + cov2.T) / 2)
        assert_matches(result, expected, "the distance", rtol=1e-6)


@pytest.mark.builds_on("test_the_distance_of_two_gaussians")
def test_without_any_variance_it_is_the_squared_distance_of_the_means(learner, draw):
    mean1, mean2, none = draw.normal(3), draw.normal(3), torch.zeros(3, 3, dtype=torch.float64)
    expected = (mean1 - mean2).square().sum()
    assert_matches(learner.frechet_distance(mean1, none, mean2, none), expected, "the distance", terms=3)
