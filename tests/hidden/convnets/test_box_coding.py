"""Anchors and offsets one number at a time from their definitions; matches from a table, read as the stub reads."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

LIMIT = math.log(1000 / 16)


def expected_anchors(height, width, stride, sizes, ratios):
    rows = []
    for place in range(height * width):
        y, x = divmod(place, width)
        for size in sizes:
            for ratio in ratios:
                half_w = size / ratio**0.5 / 2
                half_h = half_w * ratio
                x_mid, y_mid = stride * x + stride / 2, stride * y + stride / 2
                rows.append([x_mid - half_w, y_mid - half_h, x_mid + half_w, y_mid + half_h])
    return torch.tensor(rows, dtype=torch.float64)


def check_anchors(learner, height, width, stride, sizes, ratios):
    expected = expected_anchors(height, width, stride, sizes, ratios)
    actual = learner.anchor_boxes(height, width, stride=stride, sizes=sizes, ratios=ratios)
    assert_matches(actual, expected, "the anchors")


@pytest.mark.parametrize("height, width, stride", [(3, 4, 8), (5, 2, 16), (1, 1, 32)])
def test_square_anchors_sit_on_the_centres_of_the_cells(learner, draw, height, width, stride):
    check_anchors(learner, height, width, stride, [float(draw.uniform(low=4, high=90))], [1.0])


@pytest.mark.builds_on("test_square_anchors_sit_on_the_centres_of_the_cells")
def test_a_ratio_changes_the_shape_and_not_the_area(learner, draw):
    ratios = [float(draw.uniform(low=0.2, high=0.8)), 1.0, float(draw.uniform(low=1.5, high=4.0))]
    check_anchors(learner, 1, 1, 8, [float(draw.uniform(low=4, high=90))], ratios)


@pytest.mark.builds_on("test_a_ratio_changes_the_shape_and_not_the_area")
def test_the_order_of_places_sizes_and_ratios(learner, draw):
    sizes = draw.uniform(3, low=4, high=90).tolist()
    ratios = draw.uniform(2, low=0.3, high=3).tolist()
    check_anchors(learner, 4, 3, draw.integer(5, 40), sizes, ratios)
    check_anchors(learner, 2, 5, draw.integer(5, 40), sizes[:2], [*ratios, 1.0])


def boxes_for(draw, n, dtype=torch.float64):
    low = draw.uniform(n, 2, high=60.0)
    return torch.cat([low, low + draw.uniform(n, 2, low=3.0, high=40.0)], 1).to(dtype)


def weights_for(draw):
    return tuple(draw.uniform(4, low=2.0, high=12.0).tolist())


def expected_offsets(boxes, anchors, weights=(1, 1, 1, 1)):
    rows = []
    for (x1, y1, x2, y2), (p1, q1, p2, q2) in zip(boxes.tolist(), anchors.tolist(), strict=True):
        w, h = p2 - p1, q2 - q1
        row = [((x1 + x2) - (p1 + p2)) / 2 / w, ((y1 + y2) - (q1 + q2)) / 2 / h]
        row += [math.log((x2 - x1) / w), math.log((y2 - y1) / h)]
        rows.append([weight * number for weight, number in zip(weights, row, strict=True)])
    return torch.tensor(rows, dtype=boxes.dtype).reshape(-1, 4)


@pytest.mark.parametrize("n", [5, 9, 1])
def test_boxes_as_offsets(learner, draw, n):
    boxes, anchors = boxes_for(draw, n), boxes_for(draw, n)
    assert_matches(learner.encode(boxes, anchors), expected_offsets(boxes, anchors), "the offsets")


@pytest.mark.builds_on("test_boxes_as_offsets")
def test_offsets_with_weights(learner, draw):
    boxes, anchors, weights = boxes_for(draw, 6), boxes_for(draw, 6), weights_for(draw)
    expected = expected_offsets(boxes, anchors, weights)
    assert_matches(learner.encode(boxes, anchors, weights), expected, "the offsets")


@pytest.mark.parametrize("n", [5, 9, 1])
def test_boxes_from_their_offsets(learner, draw, n):
    boxes, anchors = boxes_for(draw, n), boxes_for(draw, n)
    assert_matches(learner.decode(expected_offsets(boxes, anchors), anchors), boxes, "the boxes")


@pytest.mark.builds_on("test_boxes_from_their_offsets")
def test_boxes_from_offsets_with_weights(learner, draw):
    boxes, anchors, weights = boxes_for(draw, 6), boxes_for(draw, 6), weights_for(draw)
    offsets = expected_offsets(boxes, anchors, weights)
    assert_matches(learner.decode(offsets, anchors, weights), boxes, "the boxes")


@pytest.mark.builds_on("test_boxes_from_offsets_with_weights")
@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 4.0)])
def test_sizes_out_of_all_proportion_are_limited_and_positions_are_not(learner, draw, weights):
    anchors, offsets = boxes_for(draw, 6), draw.normal(6, 4)
    offsets[:, 2] = torch.tensor([3.0, 4.5, 30.0, 1000.0, -2.0, 5.0]) * weights[2]
    offsets[:, 3] = torch.tensor([900.0, -7.0, 4.2, 2.0, 4.0, 40.0]) * weights[3]
    offsets[:, :2] = draw.uniform(6, 2, low=5.0, high=20.0) * weights[0]
    plain = offsets / torch.tensor(weights, dtype=torch.float64)
    w, h = anchors[:, 2] - anchors[:, 0], anchors[:, 3] - anchors[:, 1]
    x, y = anchors[:, 0] + w / 2 + plain[:, 0] * w, anchors[:, 1] + h / 2 + plain[:, 1] * h
    half_w, half_h = (size / 2 * t.clamp(max=LIMIT).exp() for size, t in ((w, plain[:, 2]), (h, plain[:, 3])))
    expected = torch.stack([x - half_w, y - half_h, x + half_w, y + half_h], 1)
    assert_matches(learner.decode(offsets, anchors, weights), expected, "the boxes")


@pytest.mark.builds_on("test_offsets_with_weights", "test_boxes_from_offsets_with_weights")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    boxes, anchors = boxes_for(draw, 7, torch.float32), boxes_for(draw, 7, torch.float32)
    weights = weights_for(draw)
    offsets = expected_offsets(boxes, anchors, weights)
    assert_matches(learner.encode(strided(boxes), strided(anchors), weights), offsets, "the offsets", terms=4)
    assert_inputs_unchanged(learner)
    assert_matches(learner.decode(strided(offsets), strided(anchors), weights), boxes, "the boxes", terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_boxes_as_offsets", "test_boxes_from_their_offsets")
def test_no_boxes(learner):
    nothing = torch.zeros(0, 4, dtype=torch.float64)
    assert_matches(learner.encode(nothing, nothing), nothing, "the offsets")
    assert_matches(learner.decode(nothing, nothing), nothing, "the boxes")


def overlaps_for(draw, boxes, anchors, highest=1.0):
    """Overlaps of which about a third are zero."""
    values = draw.uniform(boxes, anchors, low=0.05, high=highest)
    return torch.where(draw.uniform(boxes, anchors) < 0.35, torch.zeros_like(values), values)


def by_itself(overlaps, low, high):
    answers = []
    for column in overlaps.T.tolist():
        largest = max(column)
        answers.append(column.index(largest) if largest >= high else -1 if largest < low else -2)
    return answers


def expected_matches(overlaps, low, high):
    answers = by_itself(overlaps, low, high)
    table = overlaps.tolist()
    for anchor in range(len(answers)):
        wanted_by = [box for box, row in enumerate(table) if row[anchor] > 0 and row[anchor] == max(row)]
        if wanted_by:
            answers[anchor] = max(wanted_by, key=lambda box: table[box][anchor])
    return torch.tensor(answers, dtype=torch.int64)


def check_match(learner, overlaps, low, high):
    actual = learner.match(overlaps, low=low, high=high)
    assert_matches(actual, expected_matches(overlaps, low, high), "the matches")


def test_anchors_by_their_largest_overlap(learner, draw):
    """Each box has an anchor that is wholly its own, so nothing is left to be given out."""
    for _ in range(3):
        own = torch.eye(4, dtype=torch.float64) * (0.95 + 0.01 * draw.uniform(4))
        overlaps = torch.cat([overlaps_for(draw, 4, 20, 0.9), own], 1)[:, draw.permutation(24)]
        expected = torch.tensor(by_itself(overlaps, 0.4, 0.6))
        assert_matches(learner.match(overlaps, low=0.4, high=0.6), expected, "the matches")


@pytest.mark.builds_on("test_anchors_by_their_largest_overlap")
def test_overlaps_of_exactly_a_threshold(learner):
    overlaps = torch.tensor([[0.5, 0.25, 0.125, 0.875, 0.0], [0.0, 0.0, 0.0625, 0.0, 1.0]], dtype=torch.float64)
    assert_matches(learner.match(overlaps, low=0.25, high=0.5), torch.tensor([0, -2, -1, 0, 1]), "the matches")
    assert_matches(learner.match(overlaps, low=0.5, high=0.5), torch.tensor([0, -1, -1, 0, 1]), "the matches")


@pytest.mark.builds_on("test_anchors_by_their_largest_overlap")
@pytest.mark.parametrize("low, high", [(0.3, 0.7), (0.5, 0.5), (0.4, 0.95)])
def test_no_box_is_left_without_an_anchor(learner, draw, low, high):
    """Boxes that overlap each anchor but little: their best one is theirs all the same."""
    for boxes, anchors in ((3, 11), (5, 14), (2, 7)):
        check_match(learner, overlaps_for(draw, boxes, anchors, 0.6), low, high)


@pytest.mark.builds_on("test_no_box_is_left_without_an_anchor")
def test_a_box_takes_its_anchor_from_one_that_overlaps_it_more(learner):
    overlaps = torch.tensor([[0.9, 0.95, 0.1], [0.6, 0.2, 0.3]], dtype=torch.float64)
    assert_matches(learner.match(overlaps, low=0.3, high=0.5), torch.tensor([1, 0, -2]), "the matches")


@pytest.mark.builds_on("test_anchors_by_their_largest_overlap")
def test_an_anchor_that_several_boxes_want_goes_to_the_one_that_overlaps_it_most(learner, draw):
    wanted = torch.tensor([[0.3, 0.1, 0.0], [0.45, 0.2, 0.15], [0.4, 0.25, 0.05]], dtype=torch.float64)
    overlaps = torch.block_diag(wanted, wanted + 0.01, wanted + 0.02)  # three anchors that three boxes want, each
    for _ in range(3):
        shuffled = overlaps[draw.permutation(9)][:, draw.permutation(9)]
        check_match(learner, shuffled, 0.2, 0.5)


@pytest.mark.builds_on("test_anchors_by_their_largest_overlap")
def test_a_box_that_overlaps_no_anchor_gets_none(learner):
    overlaps = torch.tensor([[0.1, 0.7, 0.0, 0.2], [0.0, 0.0, 0.0, 0.0], [0.15, 0.0, 0.8, 0.0]], dtype=torch.float64)
    assert_matches(learner.match(overlaps, low=0.3, high=0.5), torch.tensor([-1, 0, 2, -1]), "the matches")


@pytest.mark.builds_on("test_anchors_by_their_largest_overlap")
def test_without_boxes_all_is_background(learner):
    overlaps = torch.zeros(0, 6, dtype=torch.float64)
    assert_matches(learner.match(overlaps, low=0.3, high=0.5), torch.full((6,), -1), "the matches")


@pytest.mark.builds_on("test_no_box_is_left_without_an_anchor")
def test_overlaps_in_float32_are_left_as_they_were(learner, draw):
    overlaps = overlaps_for(draw, 4, 9).float()
    check_match(learner, strided(overlaps), 0.3, 0.7)
    assert_inputs_unchanged(learner)
