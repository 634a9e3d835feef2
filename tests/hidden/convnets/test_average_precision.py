"""Everything in exact fractions, straight from the definitions."""

import itertools
from fractions import Fraction

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

NAMES = ("precision", "recall")


def overlaps_for(draw, detections, truths):
    """Overlaps that are all different; half of them are 0."""
    values = (draw.permutation(detections * truths).double() + 1).reshape(detections, truths)
    values = values / (detections * truths + 1)
    return torch.where(draw.uniform(detections, truths) < 0.5, torch.zeros_like(values), values)


def scores_for(draw, n):
    return (draw.permutation(n).double() + draw.uniform(n)) / (n + 1)


def assigned(overlaps, scores, threshold):
    """The description, word for word."""
    table, ranks = overlaps.tolist(), scores.tolist()
    taken, correct = [], [False] * len(ranks)
    for d in sorted(range(len(ranks)), key=ranks.__getitem__, reverse=True):
        free = [t for t in range(overlaps.shape[1]) if t not in taken]
        best = max(free, key=table[d].__getitem__, default=None)
        if best is not None and table[d][best] >= threshold:
            taken.append(best)
            correct[d] = True
    return torch.tensor(correct, dtype=torch.bool)


def curve_of(scores, correct, truths):
    """Exact precisions and recalls, best detection first."""
    ranked = [right for _, right in sorted(zip(scores.tolist(), correct.tolist(), strict=True), reverse=True)]
    found = [sum(ranked[: k + 1]) for k in range(len(ranked))]
    return [Fraction(n, k + 1) for k, n in enumerate(found)], [Fraction(n, truths) for n in found]


def area_of(precision, recall, points=None):
    def height(r):
        return max((p for p, at in zip(precision, recall, strict=True) if at >= r), default=Fraction(0))

    if points:
        return sum((height(Fraction(i, points - 1)) for i in range(points)), Fraction(0)) / points
    levels = [Fraction(0), *sorted(set(recall) - {0})]
    return sum(((b - a) * height(b) for a, b in itertools.pairwise(levels)), Fraction(0))


def tensors(fractions):
    return torch.tensor([float(f) for f in fractions], dtype=torch.float64)


@pytest.mark.parametrize("detections, truths", [(9, 4), (5, 7), (12, 3)])
@pytest.mark.parametrize("threshold", [0.4, 0.75])
def test_which_detections_are_right(learner, draw, detections, truths, threshold):
    for _ in range(4):
        overlaps, scores = overlaps_for(draw, detections, truths), scores_for(draw, detections)
        expected = assigned(overlaps, scores, threshold)
        assert_matches(learner.assign(overlaps, scores, threshold), expected, "the right detections")


@pytest.mark.builds_on("test_which_detections_are_right")
def test_the_second_detection_of_the_same_thing_is_wrong(learner):
    overlaps = torch.tensor([[0.8], [0.9], [0.7]], dtype=torch.float64)
    scores = torch.tensor([0.5, 0.4, 0.6], dtype=torch.float64)
    assert_matches(learner.assign(overlaps, scores, 0.5), torch.tensor([False, False, True]), "the right detections")


@pytest.mark.builds_on("test_which_detections_are_right")
def test_a_detection_whose_best_truth_is_taken_may_take_another(learner):
    overlaps = torch.tensor([[0.9, 0.6], [0.8, 0.7]], dtype=torch.float64)
    scores = torch.tensor([0.9, 0.5], dtype=torch.float64)
    assert_matches(learner.assign(overlaps, scores, 0.5), torch.tensor([True, True]), "the right detections")
    assert_matches(learner.assign(overlaps, scores, 0.75), torch.tensor([True, False]), "the right detections")


@pytest.mark.builds_on("test_which_detections_are_right")
def test_an_overlap_of_exactly_the_threshold_is_enough(learner):
    overlaps = torch.tensor([[0.5, 0.25], [0.375, 0.125]], dtype=torch.float64)
    scores = torch.tensor([0.2, 0.7], dtype=torch.float64)
    assert_matches(learner.assign(overlaps, scores, 0.5), torch.tensor([True, False]), "the right detections")


@pytest.mark.builds_on("test_which_detections_are_right")
def test_an_image_without_truths_or_without_detections(learner, draw):
    none = torch.zeros(3, 0, dtype=torch.float64)
    actual = learner.assign(none, scores_for(draw, 3), 0.5)
    assert_matches(actual, torch.tensor([False] * 3), "the right detections")
    actual = learner.assign(none.T, torch.zeros(0, dtype=torch.float64), 0.5)
    assert_matches(actual, torch.zeros(0, dtype=torch.bool), "the right detections")


@pytest.mark.builds_on("test_which_detections_are_right")
def test_overlaps_and_scores_are_left_as_they_were(learner, draw):
    overlaps, scores = overlaps_for(draw, 8, 5).float(), scores_for(draw, 8).float()
    actual = learner.assign(strided(overlaps), strided(scores), 0.3)
    assert_matches(actual, assigned(overlaps, scores, 0.3), "the right detections")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_which_detections_are_right")
def test_only_the_order_of_the_scores_matters(learner, draw):
    """Logarithms of probabilities, say, which are all negative."""
    overlaps, scores = overlaps_for(draw, 9, 5), 40 * scores_for(draw, 9) - 60
    actual = learner.assign(overlaps, scores, 0.4)
    assert_matches(actual, assigned(overlaps, scores, 0.4), "the right detections")


def a_ranking(draw, n):
    return scores_for(draw, n), draw.uniform(n) < 0.55


@pytest.mark.parametrize("n, more", [(7, 2), (12, 1), (1, 4)])
def test_precision_and_recall_of_the_best_k(learner, draw, n, more):
    scores, correct = a_ranking(draw, n)
    correct[draw.integer(0, n)] = True
    truths = int(correct.sum()) + more
    expected = tuple(map(tensors, curve_of(scores, correct, truths)))
    assert_matches(learner.precision_recall(strided(scores), strided(correct), truths), expected, NAMES)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_precision_and_recall_of_the_best_k")
def test_precision_and_recall_of_nothing(learner):
    empty = torch.zeros(0, dtype=torch.float64)
    actual = learner.precision_recall(empty, torch.zeros(0, dtype=torch.bool), 3)
    assert_matches(actual, (empty, empty), NAMES)


def curve_for(draw, n, truths):
    """A curve that goes up and down: right and wrong detections, not more right ones than truths."""
    scores, correct = a_ranking(draw, n)
    correct &= correct.cumsum(0) <= truths
    ranked = scores.argsort(descending=True)[:4]
    correct[ranked] = torch.tensor([True, False, False, True])
    if correct.sum() > truths:
        correct[:] = False
        correct[ranked] = torch.tensor([True, False, False, True])
    return curve_of(scores, correct, truths)


@pytest.mark.parametrize("n, truths", [(9, 7), (16, 7), (6, 3)])
def test_the_area_under_the_envelope(learner, draw, n, truths):
    for _ in range(3):
        precision, recall = curve_for(draw, n, truths)
        expected = float(area_of(precision, recall))
        assert_matches(learner.average_precision(tensors(precision), tensors(recall)), expected, "the area")
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_area_under_the_envelope")
@pytest.mark.parametrize("points", [11, 101, 6])
def test_the_mean_at_given_recalls(learner, draw, points):
    for n, truths in ((9, 7), (16, 13), (5, 3)):
        precision, recall = curve_for(draw, n, truths)
        actual = learner.average_precision(tensors(precision), tensors(recall), points)
        assert_matches(actual, float(area_of(precision, recall, points)), "the mean", terms=100)


@pytest.mark.builds_on("test_the_mean_at_given_recalls")
def test_a_detector_that_is_always_right_and_finds_all(learner):
    ones, recall = torch.ones(7, dtype=torch.float64), torch.arange(1, 8, dtype=torch.float64) / 7
    assert_matches(learner.average_precision(ones, recall), 1.0, "the area")
    assert_matches(learner.average_precision(ones, recall, 11), 1.0, "the mean")


@pytest.mark.builds_on("test_the_area_under_the_envelope")
def test_a_curve_of_no_detections_or_of_wrong_ones_only(learner):
    empty, zeros = torch.zeros(0, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    for curve in (empty, zeros):
        assert_matches(learner.average_precision(curve, curve), 0.0, "the area")
        assert_matches(learner.average_precision(curve, curve, 11), 0.0, "the mean")


def images_for(draw, sizes, classes):
    """Images with (detections, truths) each; every class has a truth in the first."""
    scores = scores_for(draw, sum(d for d, _ in sizes)).split([d for d, _ in sizes])
    images = []
    for (detections, truths), part in zip(sizes, scores, strict=True):
        labels, truth_labels = draw.integers(0, classes, detections), draw.integers(0, classes, truths)
        if not images:
            truth_labels[:classes] = torch.arange(classes)
        overlaps = overlaps_for(draw, detections, truths)
        same = labels[:, None] == truth_labels
        overlaps = torch.where(same & (overlaps == 0), 0.9 * draw.uniform(detections, truths), overlaps)
        images.append({"overlaps": overlaps, "scores": part, "labels": labels, "truth_labels": truth_labels})
    return images


def expected_map(images, thresholds, points=None):
    values = []
    for label in sorted({label for image in images for label in image["truth_labels"].tolist()}):
        for threshold in thresholds:
            scores, correct, truths = [], [], 0
            for image in images:
                mine, true = image["labels"] == label, image["truth_labels"] == label
                scores.append(image["scores"][mine])
                correct.append(assigned(image["overlaps"][mine][:, true], scores[-1], threshold))
                truths += int(true.sum())
            values.append(area_of(*curve_of(torch.cat(scores), torch.cat(correct), truths), points))
    return float(sum(values) / len(values))


@pytest.mark.builds_on("test_which_detections_are_right", "test_the_area_under_the_envelope")
def test_the_area_of_one_class_in_one_image(learner, draw):
    for _ in range(3):
        images = images_for(draw, [(12, 7)], 1)
        actual = learner.mean_average_precision(images, [0.5])
        assert_matches(actual, expected_map(images, [0.5]), "the mean average precision")


@pytest.mark.builds_on("test_the_area_of_one_class_in_one_image")
def test_detections_of_several_images_make_one_curve(learner, draw):
    for _ in range(2):
        images = images_for(draw, [(9, 5), (7, 3), (4, 6)], 1)
        actual = learner.mean_average_precision(images, [0.4])
        assert_matches(actual, expected_map(images, [0.4]), "the mean average precision")


@pytest.mark.builds_on("test_the_area_of_one_class_in_one_image")
def test_the_mean_over_classes_and_thresholds(learner, draw):
    for _ in range(2):
        images = images_for(draw, [(20, 11)], 3)
        actual = learner.mean_average_precision(images, [0.35, 0.5, 0.7])
        assert_matches(actual, expected_map(images, [0.35, 0.5, 0.7]), "the mean average precision")
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_mean_over_classes_and_thresholds")
def test_classes_that_are_nowhere_true_are_left_out(learner, draw):
    images = images_for(draw, [(16, 8), (9, 4)], 2)
    for image in images:  # the true classes are 1 and 4; detected is also 6
        labels = 3 * image["labels"] + 1
        image["labels"] = torch.where(draw.uniform(len(labels)) < 0.3, 6, labels)
        image["labels"][0] = 6
        image["truth_labels"] = 3 * image["truth_labels"] + 1
    actual = learner.mean_average_precision(images, [0.5])
    assert_matches(actual, expected_map(images, [0.5]), "the mean average precision")


@pytest.mark.builds_on("test_detections_of_several_images_make_one_curve", "test_the_mean_over_classes_and_thresholds")
def test_false_alarms_in_an_image_without_truths_count(learner):
    table, label = torch.tensor([[0.8]], dtype=torch.float64), torch.tensor([2])
    one, two = torch.tensor([0.4], dtype=torch.float64), torch.tensor([0.7], dtype=torch.float64)
    images = [
        {"overlaps": table, "scores": one, "labels": label, "truth_labels": label},
        {"overlaps": table[:, :0], "scores": two, "labels": label, "truth_labels": label[:0]},
    ]
    assert_matches(learner.mean_average_precision(images, [0.5]), 0.5, "the mean average precision")


@pytest.mark.builds_on("test_false_alarms_in_an_image_without_truths_count")
def test_images_of_all_kinds_together(learner, draw):
    images = images_for(draw, [(14, 6), (0, 2), (5, 0), (0, 0), (11, 3)], 3)  # no class has 10 truths: 7/10 ≥ 7 · 0.1?
    for points in (None, 101):
        actual = learner.mean_average_precision(images, [0.3, 0.6], points)
        assert_matches(actual, expected_map(images, [0.3, 0.6], points), "the mean average precision", terms=100)


@pytest.mark.builds_on("test_the_area_of_one_class_in_one_image")
def test_without_any_truth_there_is_no_mean(learner, draw):
    images = images_for(draw, [(4, 1), (3, 1)], 1)
    for image in images:
        image["overlaps"], image["truth_labels"] = image["overlaps"][:, :0], image["truth_labels"][:0]
    assert_raises(ValueError, learner.mean_average_precision, images, [0.5])
