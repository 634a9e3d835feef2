"""Formats by their definitions, numbers by counting cells, candidates in float64."""

import itertools

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

FORMATS = ("xyxy", "xywh", "cxcywh")


def boxes_of(draw, n, height, width):
    """The same boxes in every format."""
    left, top = draw.uniform(n, high=0.6 * width), draw.uniform(n, high=0.6 * height)
    w, h = draw.uniform(n, low=2.0, high=0.4 * width), draw.uniform(n, low=2.0, high=0.4 * height)
    return {
        "xyxy": torch.stack([left, top, left + w, top + h], 1),
        "xywh": torch.stack([left, top, w, h], 1),
        "cxcywh": torch.stack([(left + w / 2) / width, (top + h / 2) / height, w / width, h / height], 1),
    }


@pytest.mark.parametrize(("source", "target"), list(itertools.product(FORMATS, FORMATS)))
def test_every_format_into_every_other(learner, draw, source, target):
    boxes = boxes_of(draw, 5, 60, 90)
    got = learner.convert(boxes[source], source, target, 60, 90)
    assert_matches(got, boxes[target], "the boxes", terms=20)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_every_format_into_every_other")
def test_no_boxes_are_converted_to_none(learner, draw):
    empty = torch.zeros(0, 4, dtype=torch.float64)
    assert_matches(learner.convert(empty, "xywh", "cxcywh", 10, 20), empty, "the boxes")


@pytest.mark.parametrize(("source", "target"), [("xyhw", "xyxy"), ("xyxy", "yolo")])
def test_an_unknown_format_is_refused(learner, draw, source, target):
    assert_raises(ValueError, learner.convert, boxes_of(draw, 2, 30, 40)["xyxy"], source, target, 30, 40)


def cells(height, width, stride):
    """Counted one by one."""
    return len(range(0, height, stride)) * len(range(0, width, stride))


def one_stage(solution, questions):
    return [solution.one_stage_outputs(*question) for question in questions]


def test_what_a_detector_in_one_stage_makes(learner, draw):
    questions = [
        (
            draw.integer(100, 700),
            draw.integer(100, 700),
            [8, 16, 32][: draw.integer(1, 4)],
            draw.integer(1, 7),
            draw.integer(2, 90),
        )
        for _ in range(12)
    ]
    right = []
    for height, width, strides, anchors, classes in questions:
        boxes = anchors * sum(cells(height, width, stride) for stride in strides)
        right.append((boxes, boxes * (5 + classes)))
    check_answers(learner.run(one_stage, questions), right, questions, "one_stage_outputs")


def two_stage(solution, questions):
    return [solution.two_stage_outputs(*question) for question in questions]


def test_what_a_detector_in_two_stages_makes(learner, draw):
    questions = [
        (
            draw.integer(100, 900),
            draw.integer(100, 900),
            [16, 32][k % 2],
            draw.integer(2, 10),
            draw.integer(20, 1500),
            draw.integer(2, 90),
        )
        for k in range(12)
    ]
    questions.append((64, 64, 32, 2, 1000, 5))  # fewer boxes than may be kept
    right = []
    for height, width, stride, anchors, kept, classes in questions:
        boxes = anchors * cells(height, width, stride)
        right.append((boxes, 5 * boxes, min(kept, boxes) * (1 + classes + 4 * classes)))
    check_answers(learner.run(two_stage, questions), right, questions, "two_stage_outputs")


def check_answers(got, right, questions, name):
    answers = got if isinstance(got, list) else []
    for question, mine, expected in zip(questions, answers, right, strict=False):
        assert mine == expected, f"{name}{question} is {mine!r}, and it should be {expected}."
    assert_matches(got, right, "the numbers")


def candidates(boxes, objectness, scores, keep, most):
    all_ = torch.sigmoid(objectness)[:, None] * torch.softmax(scores, 1)
    best, classes = all_.max(1)
    order = [k for k in best.argsort(descending=True).tolist() if best[k] >= keep][:most]
    return boxes[order], best[order], classes[order]


@pytest.mark.parametrize(("n", "classes", "keep", "most"), [(12, 3, 0.2, 5), (30, 5, 0.05, 100), (9, 2, 0.4, 2)])
def test_candidates_by_confidence(learner, draw, n, classes, keep, most):
    inputs = (boxes_of(draw, n, 50, 70)["xyxy"], 2 * draw.normal(n), 2 * draw.normal(n, classes), keep, most)
    assert_matches(learner.detections(*inputs), candidates(*inputs), ("boxes", "confidences", "classes"), terms=10)


@pytest.mark.builds_on("test_candidates_by_confidence")
def test_nothing_is_confident_enough(learner, draw):
    inputs = (boxes_of(draw, 6, 50, 70)["xyxy"], draw.normal(6) - 9, draw.normal(6, 3), 0.5, 10)
    assert_matches(learner.detections(*inputs), candidates(*inputs), ("boxes", "confidences", "classes"))


@pytest.mark.parametrize(("images", "objects"), [(3, 7), (5, 4), (2, 12)])
def test_a_dataset_by_file(learner, draw, images, objects):
    ids = (100 + draw.permutation(images)).tolist()
    pictures = [{"id": number, "file_name": f"picture_{number}.png"} for number in ids]
    names = ["cat", "dog", "cow", "crow"]
    things = []
    for _ in range(objects):
        things.append(
            {
                "image_id": ids[draw.integer(0, max(images - 1, 1))],
                "category_id": draw.integer(1, 5),
                "bbox": [float(draw.integer(1, 90)) for _ in range(4)],
                "iscrowd": int(draw.integer(0, 4) == 0),
            }
        )
    things[0]["iscrowd"], things[-1]["iscrowd"] = 1, 0
    expected = {picture["file_name"]: [] for picture in pictures}
    for thing in things:
        x, y, w, h = thing["bbox"]
        if not thing["iscrowd"]:
            expected[f"picture_{thing['image_id']}.png"].append((names[thing["category_id"] - 1], [x, y, x + w, y + h]))
    assert_matches(learner.annotations(pictures, things, names), expected, "the boxes by file")
