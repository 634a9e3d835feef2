"""Grids against itertools, draws against torch.lerp; searches with objectives whose calls are written down."""

import itertools
import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def random_space(draw, sizes):
    names = [("lr", "width", "depth", "rate")[i] for i in draw.permutation(4)[: len(sizes)].tolist()]
    return {name: draw.permutation(50)[:size].tolist() for name, size in zip(names, sizes, strict=True)}


@pytest.mark.parametrize("sizes", [(3,), (2, 3), (4, 1, 2), (2, 3, 2, 4)])
def test_a_grid_has_every_combination_in_order(learner, draw, sizes):
    space = random_space(draw, sizes)
    expected = [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]
    assert_matches(learner.grid(space), expected, "the grid")


@pytest.mark.parametrize("trials", [1, 6])
def test_uniform_draws(learner, draw, trials):
    low = float(draw.uniform(low=-2.0, high=1.0))
    high, u = low + float(draw.uniform(low=1.0, high=5.0)), draw.uniform(trials, 1)
    expected = [{"rate": low + row * (high - low)} for row in u[:, 0].tolist()]
    assert_matches(learner.random_trials({"rate": ("uniform", low, high)}, u), expected, "trial", terms=5)


@pytest.mark.parametrize("exponents", [(-5, -1), (-2, 3)])
def test_log_uniform_draws(learner, draw, exponents):
    low, high = (10.0**exponent * float(draw.uniform(low=1.0, high=3.0)) for exponent in exponents)
    u = torch.cat([draw.uniform(7, 1), torch.zeros(1, 1, dtype=torch.float64)])
    logs = torch.lerp(*torch.tensor([low, high], dtype=torch.float64).log(), u[:, 0])
    expected = torch.tensor(logs.exp().tolist(), dtype=torch.float64)
    result = learner.run(values_of, {"lr": ("log", low, high)}, u, "lr")
    assert_matches(result, expected, "lr", relative=True)


def values_of(solution, space, u, name):
    return torch.tensor([trial[name] for trial in solution.random_trials(space, u)], dtype=torch.float64)


@pytest.mark.parametrize("low, high", [(1, 4), (3, 9), (-2, 0), (5, 5)])
def test_integers_with_both_ends_in_equal_parts(learner, draw, low, high):
    n = high - low + 1
    parts = (torch.arange(n) + draw.uniform(n, low=0.02, high=0.98)) / n
    order = draw.permutation(n)
    expected = [{"width": low + int(i)} for i in order]
    assert_matches(learner.random_trials({"width": ("int", low, high)}, parts[order, None]), expected, "trial")


@pytest.mark.parametrize("options", [["relu", "tanh", "gelu"], ["sgd", "adam"], [16, 64, 32, 128, 256]])
def test_choices_in_equal_parts(learner, draw, options):
    parts = (torch.arange(len(options)) + draw.uniform(len(options), low=0.02, high=0.98)) / len(options)
    order = draw.permutation(len(options))
    expected = [{"which": options[int(i)]} for i in order]
    assert_matches(learner.random_trials({"which": ("choice", options)}, parts[order, None]), expected, "trial")


@pytest.mark.builds_on(
    "test_uniform_draws",
    "test_log_uniform_draws",
    "test_integers_with_both_ends_in_equal_parts",
    "test_choices_in_equal_parts",
)
def test_several_names_take_the_columns_in_their_order(learner, draw):
    space = {"f": ("choice", ["a", "b", "c"]), "p": ("uniform", 0.1, 0.5), "n": ("int", 2, 5), "lr": ("log", 0.01, 1.0)}
    u = draw.uniform(9, 4)
    expected = [
        {
            "f": "abc"[int(row[0] * 3)],
            "p": 0.1 + row[1] * 0.4,
            "n": 2 + int(row[2] * 4),
            "lr": math.exp(math.log(0.01) * (1 - row[3])),
        }
        for row in u.tolist()
    ]
    assert_matches(learner.random_trials(space, strided(u)), expected, "trial", terms=50)
    assert_inputs_unchanged(learner)


def test_another_kind_is_an_error(learner, draw):
    assert_raises(ValueError, learner.random_trials, {"lr": ("normal", 0.0, 1.0)}, draw.uniform(3, 1))


def search_and_record(solution, trials, losses, budget):
    """What search returns, and for which trials the objective was called."""
    asked = []

    def objective(trial):
        asked.append(dict(trial))
        return float(losses[trials.index(trial)])

    results, best = solution.search([dict(trial) for trial in trials], objective, budget)
    return [trial for trial, _ in results], torch.tensor([float(loss) for _, loss in results]), best, asked


def expected_search(trials, losses, budget):
    done, seen = [], []
    for trial, loss in zip(trials, losses.tolist(), strict=True):
        if trial not in done and len(done) < budget:
            done.append(trial)
            seen.append(math.inf if math.isnan(loss) else loss)
    best = None if min(seen) == math.inf else done[seen.index(min(seen))]
    return done, torch.tensor(seen), best, done


def trials_of(draw, n):
    return [{"lr": lr, "depth": draw.integer(1, 5)} for lr in (draw.permutation(100)[:n].double() / 100).tolist()]


SEARCH = ("the trials of the results", "the losses of the results", "best", "the trials that were evaluated")


def check_search(learner, trials, losses, budget):
    result = learner.run(search_and_record, trials, losses, budget)
    assert_matches(result, expected_search(trials, losses, budget), SEARCH)


@pytest.mark.parametrize("n", [1, 4, 9])
def test_search_evaluates_each_trial_and_finds_the_best(learner, draw, n):
    check_search(learner, trials_of(draw, n), draw.uniform(n, low=0.1, high=2.0), 20)


@pytest.mark.builds_on("test_search_evaluates_each_trial_and_finds_the_best")
def test_search_stops_when_the_budget_is_spent(learner, draw):
    losses = torch.cat([draw.uniform(5, low=1.0, high=2.0), draw.uniform(4, low=0.1, high=0.9)])
    check_search(learner, trials_of(draw, 9), losses, draw.integer(2, 6))


@pytest.mark.builds_on("test_search_evaluates_each_trial_and_finds_the_best")
def test_of_equal_losses_the_first_is_best(learner, draw):
    losses = draw.uniform(8, low=0.5, high=2.0)
    losses[2] = losses[5] = losses[6] = 0.25
    check_search(learner, trials_of(draw, 8), losses, 30)


@pytest.mark.builds_on("test_search_evaluates_each_trial_and_finds_the_best")
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_training_that_fails_is_infinitely_bad(learner, draw, place):
    losses = draw.uniform(7, low=0.5, high=2.0)
    losses[place] = math.nan
    check_search(learner, trials_of(draw, 7), losses, 30)


@pytest.mark.builds_on("test_a_training_that_fails_is_infinitely_bad")
def test_if_all_have_failed_there_is_no_best(learner, draw):
    check_search(learner, trials_of(draw, 3), torch.full((3,), math.nan, dtype=torch.float64), 5)


@pytest.mark.builds_on("test_search_evaluates_each_trial_and_finds_the_best")
def test_a_trial_that_comes_again_costs_nothing(learner, draw):
    trials = trials_of(draw, 6)
    again = [*trials[:3], trials[1], trials[0], *trials[3:], trials[4], trials[2]]
    losses = draw.uniform(6, low=0.5, high=2.0)
    losses[4] = 0.1  # the fifth evaluation
    table = torch.stack([losses[trials.index(trial)] for trial in again])
    check_search(learner, again, table, 5)


def halve(solution, trials, losses, epochs, eta):
    """The loss of a trial after e epochs is in its row, in the column of the round."""
    asked = []

    def objective(trial, length):
        asked.append([trial["id"], length])
        column = min(round(math.log(max(length, 1) / epochs, eta)), losses.shape[1] - 1)
        return float(losses[trial["id"], column])

    best, rounds, spent = solution.successive_halving([dict(trial) for trial in trials], objective, epochs, eta)
    return best, [list(entry) for entry in rounds], spent, asked


def expected_halving(trials, losses, epochs, eta):
    left, rounds, asked, column = list(trials), [], [], 0
    while len(left) > 1:
        rounds.append([epochs, len(left)])
        asked += [[trial["id"], epochs] for trial in left]
        values = losses[[trial["id"] for trial in left], column].nan_to_num(nan=math.inf)
        order = torch.argsort(values, stable=True)[: max(len(left) // eta, 1)].tolist()
        left, epochs, column = [left[i] for i in order], epochs * eta, column + 1
    return left[0], rounds, sum(length for _, length in asked), asked


HALVING = ("best", "rounds", "spent", "the evaluations (id, epochs)")


@pytest.mark.parametrize("n, epochs, eta", [(2, 3, 2), (8, 1, 2), (9, 2, 3), (16, 1, 4)])
def test_halving_where_it_comes_out_even(learner, draw, n, epochs, eta):
    trials = [{"id": i, "lr": 0.1 * i} for i in range(n)]
    losses = draw.uniform(n, 5, low=0.1, high=2.0)
    result = learner.run(halve, trials, losses, epochs, eta)
    assert_matches(result, expected_halving(trials, losses, epochs, eta), HALVING)


@pytest.mark.builds_on("test_halving_where_it_comes_out_even")
@pytest.mark.parametrize("n, epochs, eta", [(1, 4, 2), (3, 2, 5), (11, 1, 2), (17, 3, 3)])
def test_halving_with_a_remainder(learner, draw, n, epochs, eta):
    trials = [{"id": i, "lr": 0.1 * i} for i in range(n)]
    losses = draw.uniform(n, 5, low=0.1, high=2.0)
    result = learner.run(halve, trials, losses, epochs, eta)
    assert_matches(result, expected_halving(trials, losses, epochs, eta), HALVING)


@pytest.mark.builds_on("test_halving_where_it_comes_out_even")
def test_halving_with_failures_and_ties(learner, draw):
    trials = [{"id": int(i), "lr": 0.1} for i in draw.permutation(13)]
    losses = draw.uniform(13, 5, low=0.5, high=2.0)
    losses[trials[0]["id"]] = losses[trials[5]["id"]] = math.nan
    for row in (2, 7, 8, 11):
        losses[trials[row]["id"], :2] = 0.25
    result = learner.run(halve, trials, losses, 1, 3)
    assert_matches(result, expected_halving(trials, losses, 1, 3), HALVING)


@pytest.mark.parametrize("number", range(6))
def test_the_number_of_trials_that_it_takes(learner, draw, number):
    share = float(draw.uniform(low=0.01, high=0.6))
    confidence = float(draw.uniform(low=max(0.3, share + 0.05), high=0.99))
    n = 1
    while 1 - (1 - share) ** n < confidence:
        n += 1
    assert_matches(learner.trials_needed(share, confidence), n, f"trials_needed({share}, {confidence})")


@pytest.mark.builds_on("test_the_number_of_trials_that_it_takes")
def test_one_trial_may_be_enough(learner, draw):
    share = float(draw.uniform(low=0.6, high=0.9))
    assert_matches(learner.trials_needed(share, share - 0.2), 1, "trials_needed")


@pytest.mark.parametrize("names", [1, 2, 3, 4, 6])
def test_the_values_on_an_axis_of_a_grid(learner, draw, names):
    for low in (1, 2, 3, 4, 5, 9):
        k = low + draw.integer(0, 3)
        for budget in (k**names, k**names - 1 or 1, k**names + draw.integer(0, k)):
            fits = max(j for j in range(1, budget + 2) if j**names <= budget) if budget < 200 else None
            expected = fits or (k if budget >= k**names else k - 1)
            assert_matches(learner.values_per_axis(budget, names), expected, f"values_per_axis({budget}, {names})")


@pytest.mark.builds_on("test_the_values_on_an_axis_of_a_grid")
def test_a_large_budget_is_taken_exactly(learner, draw):
    for names in (2, 3, 4):
        k = draw.integer(int(10 ** (11 / names)), int(10 ** (12 / names)))
        for budget, expected in ((k**names, k), (k**names - 1, k - 1)):
            assert_matches(learner.values_per_axis(budget, names), expected, f"values_per_axis({budget}, {names})")
