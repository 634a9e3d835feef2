"""Overlaps against areas counted on a grid of cells, suppression against a plain description of it."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def boxes_for(draw, n, size=12):
    """Boxes whose corners are whole numbers, so that areas can be counted in cells."""
    low = draw.integers(0, size - 1, n, 2)
    high = low + 1 + (draw.uniform(n, 2) * (size - low)).floor().long().clamp(max=size - 1)
    return torch.cat([low, high], 1).double()


def cells(box, size=30):
    """The unit cells that a box with whole corners covers."""
    x1, y1, x2, y2 = (int(v) for v in box)
    covered = torch.zeros(size, size, dtype=torch.bool)
    covered[y1:y2, x1:x2] = True
    return covered


def counted(first, second):
    """Intersection over union, by counting cells."""
    rows = []
    for a in first:
        both = [(cells(a) & cells(b)).sum().double() for b in second]
        either = [(cells(a) | cells(b)).sum().double() for b in second]
        rows.append(
            torch.stack(
                [i / u if u else torch.zeros((), dtype=torch.float64) for i, u in zip(both, either, strict=True)]
            )
        )
    return torch.stack(rows)


def suppressed(boxes, scores, threshold):
    """What is kept, by the description alone: best first, and it stays unless one that is kept overlaps it too much."""
    overlaps, kept = counted(boxes, boxes), []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i].item()):
        if all(overlaps[i, k] <= threshold for k in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.int64)


@pytest.mark.parametrize("n, m", [(5, 4), (1, 6), (7, 1)])
def test_overlaps_of_all_pairs(learner, draw, n, m):
    first, second = boxes_for(draw, n), boxes_for(draw, m)
    assert_matches(learner.box_iou(first, second), counted(first, second), "the table of overlaps")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_boxes_that_touch_or_lie_apart_or_inside(learner):
    base = torch.tensor([[2.0, 2, 6, 5]], dtype=torch.float64)
    others = torch.tensor(
        [
            [6.0, 2, 9, 5],
            [2, 5, 6, 9],
            [8, 8, 9, 9],
            [2, 2, 6, 5],
            [3, 3, 4, 4],
            [0, 0, 9, 9],
            [6, 5, 8, 8],
            [0, 3, 9, 4],
        ],
        dtype=torch.float64,
    )
    assert_matches(learner.box_iou(base, others), counted(base, others), "the table of overlaps")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_boxes_without_an_area_overlap_nothing(learner):
    flat = torch.tensor([[2.0, 2, 2, 5], [3, 3, 3, 3], [1, 4, 6, 4]], dtype=torch.float64)
    others = torch.tensor([[0.0, 0, 9, 9], [2, 2, 2, 5], [3, 3, 3, 3]], dtype=torch.float64)
    assert_matches(learner.box_iou(flat, others), torch.zeros(3, 3, dtype=torch.float64), "the table of overlaps")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_corners_need_not_be_whole(learner, draw):
    first, second = boxes_for(draw, 4), boxes_for(draw, 5)
    expected = counted(first, second)
    assert_matches(learner.box_iou(first / 7, second / 7), expected, "the table of overlaps")
    assert_matches(learner.box_iou(first - 100, second - 100), expected, "the table of overlaps")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_no_boxes_at_all(learner, draw):
    none = torch.zeros(0, 4, dtype=torch.float64)
    assert_matches(
        learner.box_iou(none, boxes_for(draw, 3)), torch.zeros(0, 3, dtype=torch.float64), "the table of overlaps"
    )


def detections(draw, n):
    """Boxes around a few places, so that many overlap, and scores that are all different."""
    centres = draw.integers(2, 16, 3, 2).double()
    low = (centres[draw.integers(0, 3, n)] + draw.integers(-2, 3, n, 2)).clamp(min=0)
    boxes = torch.cat([low, low + draw.integers(3, 8, n, 2)], 1)
    return boxes, (draw.permutation(n).double() + 1) / (n + 1)


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("n", [12, 20])
def test_what_suppression_keeps(learner, draw, n, threshold):
    boxes, scores = detections(draw, n)
    assert_matches(
        learner.nms(boxes, scores, threshold), suppressed(boxes, scores, threshold), "the list of what is kept"
    )


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_what_is_suppressed_suppresses_nothing(learner, draw):
    """A chain: the second overlaps the first and the third, which don't overlap each other enough."""
    boxes = torch.tensor([[0.0, 0, 10, 4], [3, 0, 13, 4], [6, 0, 16, 4], [9, 0, 19, 4]], dtype=torch.float64)
    scores = torch.tensor([0.9, 0.8, 0.7, 0.6], dtype=torch.float64)
    order = draw.permutation(4)
    expected = suppressed(boxes[order], scores[order], 0.4)
    assert_matches(learner.nms(boxes[order], scores[order], 0.4), expected, "the list of what is kept")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_an_overlap_of_exactly_the_threshold_is_allowed(learner):
    boxes = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 8], [0, 0, 4, 16]], dtype=torch.float64)  # overlaps ½, ¼ and ½
    scores = torch.tensor([0.9, 0.5, 0.7], dtype=torch.float64)
    assert_matches(learner.nms(boxes, scores, 0.5), torch.tensor([0, 2, 1]), "the list of what is kept")


@pytest.mark.builds_on("test_overlaps_of_all_pairs")
def test_one_box_and_none(learner):
    one = torch.tensor([[1.0, 1, 3, 4]], dtype=torch.float64)
    assert_matches(learner.nms(one, torch.ones(1), 0.5), torch.tensor([0]), "the list of what is kept")
    nothing = torch.zeros(0, dtype=torch.int64)
    assert_matches(learner.nms(one[:0], torch.ones(0), 0.5), nothing, "the list of what is kept")


@pytest.mark.builds_on("test_what_suppression_keeps")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    boxes, scores = detections(draw, 10)
    boxes, scores = boxes.float(), scores.float()
    expected = counted(boxes, boxes[:4]).float()
    assert_matches(learner.box_iou(strided(boxes), strided(boxes[:4])), expected, "the table of overlaps")
    assert_inputs_unchanged(learner)
    actual = learner.nms(strided(boxes), strided(scores), 0.45)
    assert_matches(actual, suppressed(boxes, scores, 0.45), "the list of what is kept")
    assert_inputs_unchanged(learner)
