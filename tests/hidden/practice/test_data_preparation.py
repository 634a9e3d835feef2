"""Splits against a count by class; scalers against torch's mean, var, min and max of the numbers that are there."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

SETS = ("train", "validation", "test")
SCALER = ("fill", "shift", "scale")
WORDS = ("ash", "beech", "cedar", "elm", "fir", "oak", "yew")


def expected_split(labels, order, validation_percent, test_percent):
    sets = {"train": [], "validation": [], "test": []}
    for label in sorted(set(labels.tolist())):
        members = [index for index in order.tolist() if labels[index] == label]
        test = len(members) * test_percent // 100
        validation = len(members) * validation_percent // 100
        sets["test"] += members[:test]
        sets["validation"] += members[test : test + validation]
        sets["train"] += members[test + validation :]
    return tuple(torch.tensor(sorted(sets[name]), dtype=torch.int64) for name in SETS)


def check_split(learner, labels, order, validation, test):
    result = learner.stratified_split(labels, order, validation_percent=validation, test_percent=test)
    assert_matches(result, expected_split(labels, order, validation, test), SETS)


@pytest.mark.parametrize("n, validation, test", [(40, 20, 30), (57, 15, 25), (83, 10, 33)])
def test_a_stratified_split(learner, draw, n, validation, test):
    check_split(learner, draw.integers(0, 3, n), draw.permutation(n), validation, test)


@pytest.mark.builds_on("test_a_stratified_split")
def test_every_class_is_cut_by_itself(learner, draw):
    """A rare class whose samples all stand at the end, and labels that aren't 0, 1, 2."""
    labels = torch.tensor([7] * 61 + [2] * 20 + [5] * 9)
    check_split(learner, labels, draw.permutation(90), 12, 23)


@pytest.mark.builds_on("test_a_stratified_split")
@pytest.mark.parametrize("validation, test", [(0, 30), (30, 0), (0, 0), (49, 50)])
def test_sets_that_are_empty_or_large(learner, draw, validation, test):
    check_split(learner, draw.integers(0, 2, 31), draw.permutation(31), validation, test)


@pytest.mark.builds_on("test_a_stratified_split")
def test_a_class_too_small_to_be_shared(learner, draw):
    labels = torch.tensor([0] * 30 + [1] * 3)
    check_split(learner, labels, draw.permutation(33), 30, 30)


@pytest.mark.builds_on("test_a_stratified_split")
@pytest.mark.parametrize("validation, test", [(-1, 20), (20, -1), (50, 50), (70, 40)])
def test_percentages_that_make_no_sense_are_refused(learner, draw, validation, test):
    labels, order = draw.integers(0, 2, 20), draw.permutation(20)
    assert_raises(ValueError, learner.stratified_split, labels, order, validation_percent=validation, test_percent=test)


# --- numbers --------------------------------------------------------------------------------------------------------


def table(draw, n, d, missing=0.3):
    """Columns of different place and size; in each, at least two numbers and, if any may miss, one gap."""
    x = draw.normal(n, d) * draw.uniform(d, low=0.3, high=5.0) + draw.uniform(d, low=1.0, high=4.0)
    gaps = draw.uniform(n, d) < missing
    gaps[:2] = False
    gaps[2] = missing > 0
    return torch.where(gaps, math.nan, x)[draw.permutation(n)]


def expected_scaler(x, kind):
    parts = []
    for column in x.T:
        numbers = column[~column.isnan()]
        if len(numbers) == 0:
            parts.append((0.0, 0.0, 1.0))
        elif kind == "standard":
            std = numbers.std(correction=0).item()
            parts.append((numbers.mean().item(), numbers.mean().item(), std or 1.0))
        else:
            low, high = numbers.min().item(), numbers.max().item()
            parts.append((numbers.mean().item(), low, (high - low) or 1.0))
    return tuple(torch.tensor(part, dtype=torch.float64) for part in zip(*parts, strict=True))


def expected_transform(x, fill, shift, scale):
    missing = x.isnan()
    return torch.cat([(torch.where(missing, fill, x) - shift) / scale, missing.double()], dim=1)


@pytest.mark.parametrize("kind", ["standard", "range"])
@pytest.mark.parametrize("n, d", [(7, 3), (12, 5)])
def test_a_scaler_of_complete_columns(learner, draw, kind, n, d):
    x = table(draw, n, d, missing=0.0)
    assert_matches(learner.fit_scaler(x, kind), expected_scaler(x, kind), SCALER, terms=n)


@pytest.mark.builds_on("test_a_scaler_of_complete_columns")
@pytest.mark.parametrize("kind", ["standard", "range"])
@pytest.mark.parametrize("n, d", [(8, 3), (25, 4)])
def test_a_scaler_of_columns_with_gaps(learner, draw, kind, n, d):
    x = table(draw, n, d)
    assert_matches(learner.fit_scaler(x, kind), expected_scaler(x, kind), SCALER, terms=n)


@pytest.mark.builds_on("test_a_scaler_of_columns_with_gaps")
@pytest.mark.parametrize("kind", ["standard", "range"])
def test_columns_without_spread_or_without_numbers(learner, draw, kind):
    x = table(draw, 9, 5)
    x[:, 1] = 2.5
    x[:, 3] = math.nan
    x[:, 4] = math.nan
    x[5, 4] = -1.75  # a single number
    assert_matches(learner.fit_scaler(x, kind), expected_scaler(x, kind), SCALER, terms=9)


@pytest.mark.builds_on("test_a_scaler_of_columns_with_gaps")
@pytest.mark.parametrize("kind", ["standard", "range"])
def test_scalers_of_strided_tables_that_stay_as_they_were(learner, draw, kind):
    x = strided(table(draw, 9, 4, missing=0.0))
    assert_matches(learner.fit_scaler(x, kind), expected_scaler(x, kind), SCALER, terms=9)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("kind", ["max", "Standard", ""])
def test_a_scaler_of_another_kind_is_refused(learner, draw, kind):
    assert_raises(ValueError, learner.fit_scaler, table(draw, 7, 3), kind)


@pytest.mark.parametrize("n, d", [(6, 3), (4, 5)])
def test_transform_fills_shifts_and_scales(learner, draw, n, d):
    x, (fill, shift) = table(draw, n, d), draw.normal(2, d)
    scale = draw.uniform(d, low=0.5, high=3.0)
    assert_matches(learner.transform(x, fill, shift, scale), expected_transform(x, fill, shift, scale))


@pytest.mark.builds_on("test_transform_fills_shifts_and_scales")
def test_transform_of_rows_without_gaps_and_of_one_row_of_gaps(learner, draw):
    (fill, shift), scale = draw.normal(2, 3), draw.uniform(3, low=0.5, high=3.0)
    for x in (table(draw, 5, 3, missing=0.0), torch.full((1, 3), math.nan, dtype=torch.float64)):
        assert_matches(learner.transform(x, fill, shift, scale), expected_transform(x, fill, shift, scale))


@pytest.mark.builds_on("test_transform_fills_shifts_and_scales")
def test_transform_leaves_the_table_as_it_was(learner, draw):
    """A gap that was filled in place would be no gap to the next who looks."""
    gaps, fill, shift, scale = draw.uniform(6, 3) < 0.4, *draw.normal(2, 3), draw.uniform(3, low=0.5, high=3.0)
    gaps[0, 0] = True
    x = torch.where(gaps, math.nan, draw.normal(6, 3))
    result = learner.run(transform_and_look, x, fill, shift, scale)
    assert_matches(
        result, (expected_transform(x, fill, shift, scale), gaps), ("the features", "the gaps of x afterwards")
    )


def transform_and_look(solution, x, fill, shift, scale):
    return solution.transform(x, fill, shift, scale), x.isnan()


# --- words ----------------------------------------------------------------------------------------------------------


def some_words(draw, n, missing=True):
    return [draw.choice([*WORDS, None] if missing else WORDS) for _ in range(n)]


def test_categories_are_the_words_in_order(learner, draw):
    values = some_words(draw, 9)
    expected = sorted({value for value in values if value is not None})
    assert_matches(learner.fit_categories(values), expected, f"the categories of {values}")


@pytest.mark.builds_on("test_categories_are_the_words_in_order")
def test_categories_of_nothing(learner):
    assert_matches(learner.fit_categories([None, None]), [], "the categories of [None, None]")
    assert_matches(learner.fit_categories(["b", "B", None, "a"]), ["B", "a", "b"], "the categories of b, B and a")


def expected_one_hot(values, categories):
    return torch.tensor([[float(value == word) for word in categories] for value in values], dtype=torch.float64)


@pytest.mark.parametrize("count", [2, 4])
def test_one_hot(learner, draw, count):
    categories = sorted(WORDS[int(i)] for i in draw.permutation(7)[:count])
    values = [draw.choice(categories) for _ in range(6)]
    assert_matches(learner.one_hot(values, categories), expected_one_hot(values, categories))


@pytest.mark.builds_on("test_one_hot")
def test_missing_and_unknown_words_are_rows_of_zeros(learner, draw):
    categories = sorted(WORDS[int(i)] for i in draw.permutation(7)[:3])
    strangers = [word for word in WORDS if word not in categories]
    values = [categories[2], None, draw.choice(strangers), categories[0], draw.choice(strangers), categories[1]]
    assert_matches(learner.one_hot(values, categories), expected_one_hot(values, categories))


# --- all of it ------------------------------------------------------------------------------------------------------


def expected_features(x, words, train, other, kind):
    scaler = expected_scaler(x[train], kind)
    known = sorted({words[i] for i in train.tolist()} - {None})
    return tuple(
        torch.cat([expected_transform(x[rows], *scaler), expected_one_hot([words[i] for i in rows.tolist()], known)], 1)
        for rows in (train, other)
    )


def problem(draw, n, d, other):
    """Rows that drift, so that those held out are unlike the others; and words that occur only among them."""
    x = table(draw, n, d) + torch.linspace(-4, 4, n, dtype=torch.float64)[:, None]
    x[0], x[1] = draw.normal(d), draw.normal(d)
    words = [draw.choice(["beech", "elm", "oak", None]) for _ in range(n - other)] + [
        draw.choice(["ash", "elm", "fir", None]) for _ in range(other)
    ]
    words[0], words[2] = "elm", "oak"
    held_out = n - other + draw.permutation(other)
    words[int(held_out[0])], words[int(held_out[1])] = "cedar", "elm"
    return x, words, draw.permutation(n - other), held_out


@pytest.mark.builds_on(
    "test_a_scaler_of_columns_with_gaps",
    "test_transform_fills_shifts_and_scales",
    "test_missing_and_unknown_words_are_rows_of_zeros",
)
@pytest.mark.parametrize("kind", ["standard", "range"])
@pytest.mark.parametrize("n, d, other", [(16, 3, 5), (25, 2, 8)])
def test_features_learned_from_the_training_samples_only(learner, draw, kind, n, d, other):
    x, words, train, held_out = problem(draw, n, d, other)
    expected = expected_features(x, words, train, held_out, kind)
    names = ("the features of the training samples", "the features of the others")
    assert_matches(learner.prepare(x, words, train, held_out, kind), expected, names, terms=n)
