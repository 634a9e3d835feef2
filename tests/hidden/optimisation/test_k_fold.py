"""Folds against torch.tensor_split and a deal by Python's sort; errors against ridge regression in closed form."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises


def split(order, k):
    blocks = torch.tensor_split(order, k)
    return [(torch.cat([*blocks[:i], *blocks[i + 1 :]]), block) for i, block in enumerate(blocks)]


@pytest.mark.parametrize("n, k", [(12, 3), (20, 5), (8, 2)])
def test_folds_of_equal_size(learner, draw, n, k):
    order = draw.permutation(n)
    assert_matches(learner.k_fold(order, k), split(order, k), "fold")


@pytest.mark.builds_on("test_folds_of_equal_size")
@pytest.mark.parametrize("n, k", [(13, 3), (14, 4), (23, 5), (11, 6)])
def test_the_first_folds_have_one_more(learner, draw, n, k):
    order = draw.permutation(n)
    assert_matches(learner.k_fold(order, k), split(order, k), "fold")


@pytest.mark.builds_on("test_folds_of_equal_size")
def test_as_many_folds_as_samples(learner, draw):
    order = draw.permutation(7)
    assert_matches(learner.k_fold(order, 7), split(order, 7), "fold")


@pytest.mark.builds_on("test_folds_of_equal_size")
@pytest.mark.parametrize("k", [0, 1, 8])
def test_too_few_and_too_many_folds_are_refused(learner, draw, k):
    assert_raises(ValueError, learner.k_fold, draw.permutation(7), k)


@pytest.mark.builds_on("test_folds_of_equal_size")
def test_the_order_is_left_as_it_was(learner, draw):
    order = draw.permutation(11)
    assert_matches(learner.k_fold(order, 4), split(order, 4), "fold")
    assert_inputs_unchanged(learner)


def dealt(labels, k):
    line = sorted(range(len(labels)), key=lambda index: (labels[index].item(), index))
    folds = []
    for fold in range(k):
        test = sorted(line[fold::k])
        train = sorted(set(line) - set(test))
        folds.append((torch.tensor(train), torch.tensor(test)))
    return folds


@pytest.mark.parametrize("n, k, classes", [(24, 3, 2), (30, 5, 3), (17, 4, 3)])
def test_stratified_folds(learner, draw, n, k, classes):
    labels = draw.integers(0, classes, n)
    assert_matches(learner.stratified_k_fold(labels, k), dealt(labels, k), "fold")


@pytest.mark.builds_on("test_stratified_folds")
def test_stratified_folds_of_labels_in_order(learner, draw):
    """All of a class in one block: without stratification, a fold would have a single class."""
    labels = torch.cat([torch.zeros(7), torch.ones(12), torch.full((5,), 2)]).long()
    assert_matches(learner.stratified_k_fold(labels, 4), dealt(labels, 4), "fold")


@pytest.mark.builds_on("test_stratified_folds")
def test_stratified_folds_with_a_rare_class(learner, draw):
    labels = torch.zeros(22, dtype=torch.int64)
    labels[draw.permutation(22)[:2]] = 1
    assert_matches(learner.stratified_k_fold(labels, 5), dealt(labels, 5), "fold")
    assert_inputs_unchanged(learner)


# --- evaluation -----------------------------------------------------------------------------------------------------


def ridge(x, y, strength=5.0):
    """Least squares that are pulled to zero: how strongly depends on the scale of the columns."""
    centre = y.mean()
    weights = torch.linalg.solve(x.T @ x + strength * torch.eye(x.shape[1], dtype=x.dtype), x.T @ (y - centre))
    return lambda rows: rows @ weights + centre


def problem(draw, n, d, k):
    """Columns of different size whose rows drift, so that a fold's statistics are its own."""
    drift = torch.linspace(-1, 1, n, dtype=torch.float64)[:, None] * draw.uniform(d, low=1.0, high=3.0)
    x = draw.normal(n, d) * draw.uniform(d, low=0.3, high=4.0) + drift + draw.normal(d)
    y = x @ draw.normal(d) + draw.normal(n, std=0.5) + 2
    return x, y, split(torch.arange(n), k)


def standardised(x, train, rows):
    mean, var = x[train].mean(0), x[train].var(0, correction=0)
    return (x[rows] - mean) / torch.where(var > 0, var, 1.0).sqrt()


def expected_errors(x, y, folds):
    errors = []
    for train, test in folds:
        guess = ridge(standardised(x, train, train), y[train])(standardised(x, train, test))
        errors.append((guess - y[test]).square().mean())
    return torch.stack(errors)


def evaluate(solution, x, y, folds):
    """The learner's errors with ridge regression as the model."""

    def fit(rows, wanted):
        centre, size = wanted.mean(), rows.shape[1]
        weights = torch.linalg.solve(
            rows.T @ rows + 5.0 * torch.eye(size, dtype=rows.dtype), rows.T @ (wanted - centre)
        )
        return lambda new: new @ weights + centre

    return solution.cross_validate(x, y, folds, fit)


def watch(solution, x, y, folds):
    """What the model is shown: the training rows with their numbers, and the test rows, one after the other."""
    fitted, numbers, asked = [], [], []

    def fit(rows, wanted):
        fitted.append(rows.clone())
        numbers.append(wanted.clone())

        def predict(new):
            asked.append(new.clone())
            return new.sum(1)

        return predict

    solution.cross_validate(x, y, folds, fit)
    return fitted, numbers, asked


SHOWN = ("the rows given to fit, fold", "the numbers given to fit, fold", "the rows given to predict, fold")


@pytest.mark.parametrize("n, d, k", [(12, 3, 4), (17, 2, 3)])
def test_the_model_is_shown_standardised_rows(learner, draw, n, d, k):
    x, y, folds = problem(draw, n, d, k)
    fitted = [standardised(x, train, train) for train, _ in folds]
    asked = [standardised(x, train, test) for train, test in folds]
    result = learner.run(watch, x, y, folds)
    assert_matches(result, (fitted, [y[train] for train, _ in folds], asked), SHOWN, terms=n)


@pytest.mark.builds_on("test_the_model_is_shown_standardised_rows")
@pytest.mark.parametrize("n, d, k", [(12, 3, 4), (17, 2, 3), (25, 4, 5)])
def test_the_error_of_each_fold(learner, draw, n, d, k):
    x, y, folds = problem(draw, n, d, k)
    result = learner.run(evaluate, x, y, folds)
    assert_matches(result, expected_errors(x, y, folds), "the errors", terms=100)


@pytest.mark.builds_on("test_the_error_of_each_fold")
def test_folds_that_do_not_cover_everything(learner, draw):
    x, y, _ = problem(draw, 14, 3, 2)
    order = draw.permutation(14)
    folds = [(order[:6], order[6:9]), (order[3:11], order[12:])]
    assert_matches(learner.run(evaluate, x, y, folds), expected_errors(x, y, folds), "the errors", terms=100)


@pytest.mark.builds_on("test_the_error_of_each_fold")
def test_a_column_that_does_not_vary_in_training(learner, draw):
    x, y, folds = problem(draw, 12, 3, 3)
    x[:, 1] = 3.0
    x[folds[0][1], 1] = 4.0  # in the test rows of the first fold it is another number
    assert_matches(learner.run(evaluate, x, y, folds), expected_errors(x, y, folds), "the errors", terms=100)


@pytest.mark.builds_on("test_the_error_of_each_fold")
def test_the_data_are_left_as_they_were(learner, draw):
    x, y, folds = problem(draw, 12, 3, 4)
    assert_matches(learner.run(evaluate, x, y, folds), expected_errors(x, y, folds), "the errors", terms=100)
    assert_inputs_unchanged(learner)
