"""The posterior as the conditional of one joint normal; the improvement by torch's own normal functions."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def expected_kernel(a, b, lengthscale, variance):
    return variance * torch.exp(-(((a[:, None] - b) / lengthscale) ** 2) / 2)


def expected_posterior(x, y, places, lengthscale, variance, noise):
    """Of the joint distribution of measurements and values, the part that is left when the former are known."""
    both = torch.cat([x, places])
    joint = expected_kernel(both, both, lengthscale, variance)
    joint[: len(x), : len(x)] += noise * torch.eye(len(x), dtype=x.dtype)
    inverse = torch.linalg.inv(joint[: len(x), : len(x)])
    gain = joint[len(x) :, : len(x)] @ inverse
    left = joint[len(x) :, len(x) :] - gain @ joint[: len(x), len(x) :]
    return gain @ y, left.diag().clamp(min=0).sqrt()


def expected_gain(mean, std, best):
    z = (best - mean) / std
    density = torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi)
    return (best - mean) * torch.special.ndtr(z) + std * density


def settings(draw):
    return {
        "lengthscale": float(draw.uniform(low=0.3, high=1.5)),
        "variance": float(draw.uniform(low=0.4, high=2.5)),
        "noise": float(draw.uniform(low=0.02, high=0.5)),
    }


NAMES = ("mean", "std")


@pytest.mark.parametrize("n, m", [(4, 6), (7, 3), (1, 2)])
def test_the_kernel(learner, draw, n, m):
    options = settings(draw)
    del options["noise"]
    a, b = draw.normal(n), draw.normal(m)
    result = learner.kernel(strided(a), b, **options)
    assert_matches(result, expected_kernel(a, b, *options.values()), "the kernel")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_kernel")
def test_after_one_measurement(learner, draw):
    args, options = (draw.normal(1), draw.normal(1), draw.normal(5)), settings(draw)
    assert_matches(learner.posterior(*args, **options), expected_posterior(*args, *options.values()), NAMES)


@pytest.mark.builds_on("test_after_one_measurement")
@pytest.mark.parametrize("n, m", [(3, 7), (6, 4), (9, 5)])
def test_after_several_measurements(learner, draw, n, m):
    args, options = (draw.normal(n) * 2, draw.normal(n), draw.normal(m) * 2), settings(draw)
    result = learner.posterior(*map(strided, args), **options)
    assert_matches(result, expected_posterior(*args, *options.values()), NAMES, terms=n * n)
    assert_inputs_unchanged(learner)


def one_plus_std(solution, x, y, places, options):
    mean, std = solution.posterior(x, y, places, **options)
    return mean, 1 + std


@pytest.mark.builds_on("test_after_several_measurements")
def test_without_noise_what_was_measured_is_known(learner, draw):
    """The root of a rounding error of 1e-16 is 1e-8. With so many places, some of the errors are negative."""
    shift = draw.uniform(40, low=-0.2, high=0.2)
    x = torch.arange(len(shift), dtype=torch.float64) + shift
    y = draw.like(x) + 1
    options = {"lengthscale": 0.9, "variance": 1.5, "noise": 0.0}
    result = learner.run(one_plus_std, x, y, x, options)
    assert_matches(
        result,
        (y, torch.ones_like(y)),
        ("mean", "1 + std (std should be 0 here, its square is 0 or a rounding error below or above)"),
        rtol=1e-6,
    )


@pytest.mark.builds_on("test_after_several_measurements")
def test_far_from_all_measurements_the_prior_is_left(learner, draw):
    x, y = draw.normal(4), draw.normal(4)
    places = torch.tensor([90.0, -80.0, 100.0], dtype=torch.float64)
    mean, std = torch.zeros(3, dtype=torch.float64), torch.full((3,), 0.9**0.5, dtype=torch.float64)
    result = learner.posterior(x, y, places, lengthscale=0.7, variance=0.9, noise=0.1)
    assert_matches(result, (mean, std), NAMES)


@pytest.mark.parametrize("n", [1, 8, 13])
def test_the_expected_improvement(learner, draw, n):
    mean, std = draw.normal(n), draw.uniform(n, low=0.2, high=2.0)
    best = float(mean[0] + std[0] * draw.uniform(low=-1.0, high=1.0))
    result = learner.expected_improvement(strided(mean), std, best)
    assert_matches(result, expected_gain(mean, std, best), "the expected improvement")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_expected_improvement")
def test_where_f_is_certain(learner, draw):
    mean, std = torch.tensor([0.5, -1.0, 2.0, 0.25], dtype=torch.float64), draw.uniform(4, low=0.2, high=1.0)
    std[[0, 1, 2]] = 0
    expected = torch.cat([torch.tensor([0.0, 1.25, 0.0], dtype=torch.float64), expected_gain(mean, std, 0.25)[3:]])
    assert_matches(learner.expected_improvement(mean, std, 0.25), expected, "the expected improvement")


@pytest.mark.builds_on("test_where_f_is_certain")
def test_where_f_is_certain_to_be_just_the_best(learner, draw):
    mean, std = torch.tensor([0.5, 0.5], dtype=torch.float64), torch.tensor([0.0, 1.0], dtype=torch.float64)
    expected = torch.tensor([0.0, 1 / math.sqrt(2 * math.pi)], dtype=torch.float64)
    assert_matches(learner.expected_improvement(mean, std, 0.5), expected, "the expected improvement")


def search(solution, losses, candidates, start, budget, options):
    asked = []

    def objective(index):
        if isinstance(index, float) or getattr(index, "dtype", torch.int64).is_floating_point:
            raise TypeError(f"objective takes the index of a candidate, not its place ({float(index):.4g})")
        asked.append(int(index))
        return float(losses[index])

    order, found = solution.minimise(objective, candidates, start, budget, **options)
    return [int(index) for index in order], [float(loss) for loss in found], asked, start


def expected_search(losses, candidates, start, budget, options):
    """The order, and the smallest relative distance of a second-best choice from the best."""
    order, gap = list(start), 1.0
    while len(order) < budget:
        y = losses[order] - losses[order].mean()
        mean, std = expected_posterior(candidates[order], y, candidates, *options.values())
        gains = expected_gain(mean, std, y.min())
        gains[order] = -1
        first, second = gains.topk(2).values.tolist() if len(order) < len(candidates) - 1 else (1.0, 0.0)
        gap = min(gap, (first - second) / first, first)
        order.append(int(gains.argmax()))
    return order, gap


def problem(draw, n, start, budget, options, level):
    """A curve with several valleys, without a choice that rounding decides."""
    while True:
        candidates = draw.uniform(n, low=-3.0, high=3.0)
        budget = min(budget, len(candidates))
        a, b, c = draw.normal(3).tolist()
        losses = level + a * torch.sin(2 * candidates + b) + 0.3 * (candidates - c) ** 2
        chosen = draw.permutation(n)[:start].tolist()
        order, gap = expected_search(losses, candidates, chosen, budget, options)
        if gap > 1e-6:
            return losses, candidates, chosen, budget, order


def check_search(learner, draw, n, start, budget, options, level=3):
    losses, candidates, chosen, budget, order = problem(draw, n, start, budget, options, level)
    compare_search(learner, losses, candidates, chosen, budget, options, order)


def compare_search(learner, losses, candidates, start, budget, options, order):
    result = learner.run(search, losses, candidates, start, budget, options)
    names = ("the list of indices", "the list of losses", "what objective was called with", "`start` afterwards")
    assert_matches(result, (order, [losses[i].item() for i in order], order, start), names)


@pytest.mark.parametrize("start", [1, 4])
def test_the_start_alone(learner, draw, start):
    check_search(learner, draw, 9, start, start, {"lengthscale": 0.8, "variance": 1.0, "noise": 0.05})


@pytest.mark.builds_on("test_the_start_alone", "test_after_several_measurements", "test_the_expected_improvement")
@pytest.mark.parametrize("number", range(4))
def test_the_next_is_where_most_is_expected(learner, draw, number):
    start = draw.integer(2, 5)
    level = 3 if number % 2 else -3
    check_search(learner, draw, 25, start, start + 3, settings(draw), level)


@pytest.mark.builds_on("test_the_next_is_where_most_is_expected")
@pytest.mark.parametrize("number", range(3))
def test_a_search_of_several_steps(learner, draw, number):
    check_search(learner, draw, 30, 2, 9, settings(draw))


@pytest.mark.builds_on("test_the_next_is_where_most_is_expected")
def test_no_candidate_is_evaluated_twice(learner, draw):
    options = {"lengthscale": 1.0, "variance": 1.0, "noise": 0.5}
    check_search(learner, draw, 7, 1, 7, options)


@pytest.mark.builds_on("test_no_candidate_is_evaluated_twice")
def test_the_last_candidate_is_evaluated_also_if_nothing_is_expected_of_it(learner, draw):
    """One loss is far below the others, so that the improvement to be expected elsewhere is less than any float."""
    shift = draw.uniform(5, low=-0.2, high=0.2)
    last = len(shift)
    candidates = torch.arange(last + 1, dtype=torch.float64) + torch.cat([shift, shift[:1]])
    losses = torch.cat([draw.uniform(last), draw.uniform(1)])
    losses[draw.integer(1, last)] = -5000.0
    start, options = list(range(last)), {"lengthscale": 0.5, "variance": 1.0, "noise": 1e-6}
    compare_search(learner, losses, candidates, start, last + 1, options, [*start, last])
