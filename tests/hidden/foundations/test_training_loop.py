"""The gradients against autograd, the loop against one that autograd and F.cross_entropy run."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def problem(draw, n, d, classes):
    """Samples whose classes depend on x, with much noise."""
    x, right = draw.normal(n, d), draw.normal(d, classes)
    return x, (x @ right + draw.normal(n, classes)).argmax(1), right


def expected_loss(weight, bias, x, y):
    leaves = [weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    loss = F.cross_entropy(F.linear(x, *leaves), y)
    return loss.item(), *torch.autograd.grad(loss, leaves)


def expected_evaluation(weight, bias, x, y):
    logits = F.linear(x, weight, bias)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


def expected_fit(x, y, x_val, y_val, classes, epochs, lr):
    weight, bias = torch.zeros(classes, x.shape[1], dtype=x.dtype), torch.zeros(classes, dtype=x.dtype)
    history, ends = {"train_loss": [], "val_loss": [], "val_accuracy": []}, []
    for batches in epochs:
        each = []
        for batch in batches:
            each.append(F.cross_entropy(F.linear(x[batch], weight, bias), y[batch], reduction="none"))
            _, grad_weight, grad_bias = expected_loss(weight, bias, x[batch], y[batch])
            weight, bias = weight - lr * grad_weight, bias - lr * grad_bias
        loss, accuracy = expected_evaluation(weight, bias, x_val, y_val)
        history["train_loss"].append(torch.cat(each).mean().item())
        history["val_loss"].append(loss)
        history["val_accuracy"].append(accuracy)
        ends.append((weight, bias))
    best = history["val_loss"].index(min(history["val_loss"]))
    return history, best, *ends[best]


NAMES = ("the history", "best_epoch", "the best weight", "the best bias")


@pytest.mark.parametrize("n, d, classes", [(7, 3, 4), (5, 6, 2), (1, 2, 3)])
def test_the_loss_and_its_gradients(learner, draw, n, d, classes):
    args = draw.normal(classes, d), draw.normal(classes), draw.normal(n, d), draw.integers(0, classes, n)
    names = ("the loss", "grad_weight", "grad_bias")
    assert_matches(learner.loss_and_gradients(*args), expected_loss(*args), names, terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_loss_and_its_gradients")
def test_large_logits_do_not_overflow(learner, draw):
    args = draw.normal(3, 2, std=3000.0), draw.normal(3), draw.normal(8, 2), draw.integers(0, 3, 8)
    while expected_loss(*args)[2].abs().max() < 0.01:  # as many taken for each class as there are
        args = *args[:3], draw.integers(0, 3, 8)
    names = ("the loss", "grad_weight", "grad_bias")
    assert_matches(learner.loss_and_gradients(*map(strided, args)), expected_loss(*args), names, terms=50)


@pytest.mark.parametrize("n, d, classes", [(23, 3, 4), (30, 5, 2)])
def test_evaluation_gives_loss_and_accuracy(learner, draw, n, d, classes):
    x, y, right = problem(draw, n, d, classes)
    args = right.T.contiguous(), draw.normal(classes), x, y
    assert_matches(learner.evaluate(*args), expected_evaluation(*args), ("the loss", "the accuracy"), terms=50)
    assert_inputs_unchanged(learner)


def run_of(draw, sizes, epochs, n=23, d=3, classes=4, n_val=17):
    """All that `fit` gets but the learning rate, with batches of these sizes."""
    x, y, _ = problem(draw, n + n_val, d, classes)
    parts = [list(draw.permutation(n)[: sum(sizes)].split(sizes)) for _ in range(epochs)]
    return x[:n], y[:n], x[n:], y[n:], classes, parts


@pytest.mark.builds_on("test_the_loss_and_its_gradients")
def test_one_epoch_of_one_batch(learner, draw):
    args = (*run_of(draw, [23], 1), 0.5)
    assert_matches(learner.fit(*args), expected_fit(*args), NAMES, terms=100)


@pytest.mark.builds_on("test_one_epoch_of_one_batch", "test_evaluation_gives_loss_and_accuracy")
def test_one_epoch_of_several_batches(learner, draw):
    args = (*run_of(draw, [7, 7, 7], 1), 0.4)
    assert_matches(learner.fit(*args), expected_fit(*args), NAMES, terms=300)


@pytest.mark.builds_on("test_one_epoch_of_several_batches")
def test_batches_of_different_sizes(learner, draw):
    args = (*run_of(draw, [11, 7, 2], 2), 0.3)
    assert_matches(learner.fit(*args), expected_fit(*args), NAMES, terms=500)
    assert_inputs_unchanged(learner)


def with_best_epoch(draw, wanted):
    """A run whose best epoch is one of `wanted`, by the loss but not by the accuracy: it overfits few samples."""
    while True:
        args = (*run_of(draw, [5, 4], 8, n=9, d=5, classes=3, n_val=19), 0.8)
        history, best, _, _ = expected_fit(*args)
        first, second = sorted(history["val_loss"])[:2]
        accuracy = history["val_accuracy"]
        if best in wanted and second > first + 1e-3 and accuracy[best] < max(accuracy) and best != 7:
            return args


@pytest.mark.builds_on("test_one_epoch_of_several_batches")
@pytest.mark.parametrize("number", range(3))
def test_the_best_weights_are_kept_when_the_validation_loss_rises_again(learner, draw, number):
    args = with_best_epoch(draw, {1, 2, 3, 4, 5, 6})
    assert_matches(learner.fit(*args), expected_fit(*args), NAMES, terms=2000)


@pytest.mark.builds_on("test_one_epoch_of_several_batches")
def test_of_equal_epochs_the_first_is_the_best(learner, draw):
    args = (*run_of(draw, [8, 5], 3), 0.0)
    result, expected = learner.fit(*args), expected_fit(*args)
    assert_matches(result[:2] if isinstance(result, tuple) else result, expected[:2], NAMES[:2], terms=100)


@pytest.mark.builds_on("test_batches_of_different_sizes")
def test_a_longer_run(learner, draw):
    args = (*run_of(draw, [10, 9, 4], 12, d=5, n_val=31), 0.25)
    assert_matches(learner.fit(*args), expected_fit(*args), NAMES, terms=5000)


@pytest.mark.parametrize("n, classes", [(20, 3), (31, 5), (9, 2)])
def test_the_numbers_of_a_classifier_that_does_not_look(learner, draw, n, classes):
    y = torch.cat([draw.integers(0, classes, n), torch.full((n // 2,), draw.integer(0, classes))])
    shares = torch.bincount(y, minlength=classes).double() / len(y)
    zeros = torch.zeros(len(y), classes, dtype=torch.float64)
    constant = F.cross_entropy(zeros + shares.clamp(min=1e-300).log(), y)
    expected = (F.cross_entropy(zeros, y).item(), constant.item(), shares.max().item())
    assert_matches(learner.baselines(y, classes), expected, ("start", "constant", "majority"), terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_numbers_of_a_classifier_that_does_not_look")
def test_a_class_without_samples_counts_for_nothing(learner, draw):
    y = torch.tensor([4, 1, 1, 4, 1, 4, 4, 4])[draw.permutation(8)]
    constant = -(3 * math.log(3 / 8) + 5 * math.log(5 / 8)) / 8
    result = learner.baselines(y, 6)
    assert_matches(result, (math.log(6), constant, 5 / 8), ("start", "constant", "majority"), terms=10)
