"""Against counts of the samples themselves, never against a matrix of the learner's own."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

NAMES = ("precision", "recall", "f1")


def samples(draw, n, classes, right=0.6, missing_targets=(), missing_predictions=()):
    """Predictions and targets, where about a share of `right` agrees; some classes occur in one or neither."""
    some_targets = torch.tensor([c for c in range(classes) if c not in missing_targets])
    some_predictions = torch.tensor([c for c in range(classes) if c not in missing_predictions])
    targets = some_targets[draw.integers(0, len(some_targets), n)]
    wild = some_predictions[draw.integers(0, len(some_predictions), n)]
    agree = (draw.uniform(n) < right) & torch.isin(targets, some_predictions)
    return torch.where(agree, targets, wild), targets


def counts(predicted, targets, classes):
    """True positives, false positives and false negatives of each class, float64."""
    each = torch.arange(classes)[:, None]
    guessed, true = predicted[None] == each, targets[None] == each
    return ((guessed & true).sum(1), (guessed & ~true).sum(1), (~guessed & true).sum(1))


def quotient(a, b):
    return torch.nan_to_num(a.double() / b.double(), nan=0.0)


def measures(predicted, targets, classes):
    tp, fp, fn = counts(predicted, targets, classes)
    precision, recall = quotient(tp, tp + fp), quotient(tp, tp + fn)
    return precision, recall, quotient(2 * precision * recall, precision + recall)


def matrix_of(predicted, targets, classes):
    each = torch.arange(classes)
    is_true, is_guessed = targets[:, None] == each, predicted[:, None] == each
    return (is_true[:, :, None] & is_guessed[:, None, :]).sum(0)


@pytest.mark.parametrize("n, classes", [(40, 3), (25, 5), (60, 2)])
def test_the_confusion_matrix(learner, draw, n, classes):
    predicted, targets = samples(draw, n, classes)
    result = learner.confusion_matrix(predicted, targets, classes)
    assert_matches(result, matrix_of(predicted, targets, classes), "the matrix")


@pytest.mark.builds_on("test_the_confusion_matrix")
def test_classes_that_occur_nowhere_have_rows_and_columns_too(learner, draw):
    predicted, targets = samples(draw, 30, 6, missing_targets=(0, 5), missing_predictions=(2, 5))
    assert_matches(learner.confusion_matrix(predicted, targets, 6), matrix_of(predicted, targets, 6), "the matrix")


@pytest.mark.builds_on("test_the_confusion_matrix")
def test_the_confusion_matrix_of_no_samples(learner, draw):
    nothing = torch.zeros(0, dtype=torch.int64)
    assert_matches(learner.confusion_matrix(nothing, nothing, 3), torch.zeros(3, 3, dtype=torch.int64), "the matrix")


@pytest.mark.builds_on("test_the_confusion_matrix")
def test_the_confusion_matrix_leaves_its_inputs_as_they_were(learner, draw):
    predicted, targets = samples(draw, 30, 4)
    result = learner.confusion_matrix(strided(predicted), strided(targets), 4)
    assert_matches(result, matrix_of(predicted, targets, 4), "the matrix")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, classes", [(40, 3), (25, 5), (60, 2)])
def test_accuracy(learner, draw, n, classes):
    predicted, targets = samples(draw, n, classes)
    expected = (predicted == targets).double().mean().item()
    assert_matches(learner.accuracy(matrix_of(predicted, targets, classes)), expected, "the accuracy")


@pytest.mark.builds_on("test_accuracy")
def test_the_accuracy_of_no_samples_is_zero(learner):
    assert_matches(learner.accuracy(torch.zeros(3, 3, dtype=torch.int64)), 0.0, "the accuracy")


@pytest.mark.parametrize("n, classes", [(40, 3), (50, 5), (60, 2)])
def test_precision_recall_and_f1(learner, draw, n, classes):
    predicted, targets = samples(draw, n, classes)
    result = learner.precision_recall_f1(matrix_of(predicted, targets, classes))
    assert_matches(result, measures(predicted, targets, classes), NAMES)


@pytest.mark.builds_on("test_precision_recall_and_f1")
@pytest.mark.parametrize("targets, predictions", [((1,), ()), ((), (1,)), ((1,), (1,)), ((0, 3), (2, 3))])
def test_zero_by_zero_is_zero(learner, draw, targets, predictions):
    """Classes that are missing among the targets, or the predictions, or both."""
    data = samples(draw, 40, 4, missing_targets=targets, missing_predictions=predictions)
    assert_matches(learner.precision_recall_f1(matrix_of(*data, 4)), measures(*data, 4), NAMES)


@pytest.mark.builds_on("test_precision_recall_and_f1")
def test_precision_and_recall_of_a_class_that_is_guessed_too_often(learner, draw):
    targets = draw.integers(0, 3, 90)
    predicted = torch.where(draw.uniform(90) < 0.5, 1, targets)
    assert_matches(
        learner.precision_recall_f1(matrix_of(predicted, targets, 3)), measures(predicted, targets, 3), NAMES
    )


@pytest.mark.builds_on("test_precision_recall_and_f1")
def test_the_matrix_is_left_as_it_was(learner, draw):
    predicted, targets = samples(draw, 40, 4)
    result = learner.precision_recall_f1(strided(matrix_of(predicted, targets, 4)))
    assert_matches(result, measures(predicted, targets, 4), NAMES)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, classes", [(40, 3), (50, 5), (60, 2)])
def test_macro_f1(learner, draw, n, classes):
    predicted, targets = samples(draw, n, classes)
    expected = measures(predicted, targets, classes)[2].mean().item()
    assert_matches(learner.average_f1(matrix_of(predicted, targets, classes), "macro"), expected, "macro F1")


@pytest.mark.builds_on("test_macro_f1")
def test_macro_f1_counts_a_class_that_occurs_nowhere(learner, draw):
    data = samples(draw, 40, 5, missing_targets=(1,), missing_predictions=(1,))
    expected = measures(*data, 5)[2].mean().item()
    assert_matches(learner.average_f1(matrix_of(*data, 5), "macro"), expected, "macro F1")


@pytest.mark.builds_on("test_macro_f1")
def test_macro_f1_gives_a_rare_class_as_much_say_as_a_frequent_one(learner, draw):
    predicted, targets = samples(draw, 80, 2, right=0.9)
    rare = torch.tensor([2, 2, 2, 0])
    targets, predicted = torch.cat([targets, rare]), torch.cat([predicted, torch.tensor([2, 0, 1, 2])])
    expected = measures(predicted, targets, 3)[2].mean().item()
    assert_matches(learner.average_f1(matrix_of(predicted, targets, 3), "macro"), expected, "macro F1")


@pytest.mark.parametrize("n, classes", [(40, 3), (50, 5), (60, 2)])
def test_micro_f1(learner, draw, n, classes):
    predicted, targets = samples(draw, n, classes)
    tp, fp, fn = (count.sum().item() for count in counts(predicted, targets, classes))
    expected = 2 * tp / (2 * tp + fp + fn)
    assert_matches(learner.average_f1(matrix_of(predicted, targets, classes), "micro"), expected, "micro F1")


@pytest.mark.builds_on("test_macro_f1", "test_micro_f1")
@pytest.mark.parametrize("average", ["weighted", "Macro", ""])
def test_another_average_is_refused(learner, draw, average):
    assert_raises(ValueError, learner.average_f1, matrix_of(*samples(draw, 20, 3), 3), average)
