"""Written sample by sample, and pixel by pixel, where no axis can be mixed up."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches


@pytest.mark.parametrize("n", [5, 2, 9])
def test_regression_loss_compares_each_output_with_its_own_target(learner, draw, n):
    outputs, targets = draw.normal(n, 1), draw.normal(n) + 1.0
    expected = F.mse_loss(outputs[:, 0], targets)
    assert_matches(learner.regression_loss(outputs, targets), expected, "the loss", terms=n)
    assert_inputs_unchanged(learner)


def share_of_equal(predicted, targets):
    return sum(float(mine == right) for mine, right in zip(predicted, targets, strict=True)) / len(targets)


@pytest.mark.parametrize("n, classes", [(12, 4), (30, 3), (7, 5)])
def test_accuracy_counts_each_sample_once(learner, draw, n, classes):
    expected = of_all_pairs = 0.0
    while abs(expected - of_all_pairs) < 0.01:  # else all pairs would give the same share
        logits = draw.normal(n, classes)
        predicted = logits.argmax(1)
        targets = torch.where(draw.uniform(n) < 0.6, predicted, draw.integers(0, classes, n))
        expected = share_of_equal(predicted, targets)
        of_all_pairs = (predicted.unsqueeze(1) == targets).double().mean().item()
    assert_matches(learner.accuracy(logits, targets), expected, "the accuracy")


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (3, 4, 4, 4), (1, 6, 2, 3)])
def test_pixel_probabilities_add_up_to_one_over_the_classes(learner, draw, shape):
    logits = draw.normal(*shape)
    expected = torch.empty_like(logits)
    for sample in range(shape[0]):
        for row in range(shape[2]):
            for column in range(shape[3]):
                expected[sample, :, row, column] = logits[sample, :, row, column].softmax(0)
    assert_matches(learner.pixel_probabilities(logits), expected, "the probabilities", terms=shape[1])


@pytest.mark.parametrize("shape", [(3, 5, 4), (2, 6, 6), (4, 2, 7)])
def test_sequence_loss_scores_each_place_with_its_own_logits(learner, draw, shape):
    logits, targets = draw.normal(*shape), draw.integers(0, shape[2], *shape[:2])
    parts = [F.cross_entropy(row, target) for row, target in zip(logits, targets, strict=True)]
    assert_matches(learner.sequence_loss(logits, targets), torch.stack(parts).mean(), "the loss", terms=50)


@pytest.mark.parametrize("n, length, heads, width", [(2, 5, 3, 4), (3, 4, 4, 4), (1, 6, 2, 3)])
def test_split_heads_gives_each_head_its_own_features(learner, draw, n, length, heads, width):
    x = draw.normal(n, length, heads * width)
    expected = torch.stack([x[:, :, h * width : (h + 1) * width] for h in range(heads)], dim=1)
    assert_matches(learner.split_heads(x, heads), expected, "the heads")


@pytest.mark.parametrize("shape", [(2, 3, 4, 3), (2, 3, 3, 3), (3, 2, 5, 4)])
def test_normalise_images_treats_each_channel_by_itself(learner, draw, shape):
    images, mean = draw.normal(*shape), draw.normal(shape[1])
    std = draw.uniform(shape[1], low=0.5, high=2.0)
    expected = torch.stack([(images[:, c] - mean[c]) / std[c] for c in range(shape[1])], dim=1)
    assert_matches(learner.normalise_images(images, mean, std), expected, "the images")


@pytest.mark.parametrize("lengths", [(3, 5, 1), (2, 4), (6, 1, 2, 3)])
def test_masked_mean_takes_the_mean_of_what_is_there(learner, draw, lengths):
    x = draw.normal(len(lengths), max(lengths), 3)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    expected = torch.stack([row[:length].mean(0) for row, length in zip(x, lengths, strict=True)])
    assert_matches(learner.masked_mean(x, mask), expected, "the means", terms=6)
    assert_inputs_unchanged(learner)
