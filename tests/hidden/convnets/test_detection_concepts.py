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


LIBRARIES = {
    "torchvision": ("boxes", "labels", 1),
    "detectron2": ("gt_boxes", "gt_classes", 0),
    "tensorflow": ("groundtruth_boxes", "groundtruth_classes", 1),
}


def in_library(boxes, labels, library, height, width):
    """Box by box."""
    first, second, start = LIBRARIES[library]
    rows = boxes.tolist()
    if library == "tensorflow":
        rows = [[y1 / height, x1 / width, y2 / height, x2 / width] for x1, y1, x2, y2 in rows]
    numbers = [label + start for label in labels.tolist()]
    return {
        first: torch.tensor(rows, dtype=torch.float64).reshape(-1, 4),
        second: torch.tensor(numbers, dtype=torch.int64),
    }


def check_library(learner, boxes, labels, library, height, width):
    first, second, _ = LIBRARIES[library]
    expected, actual = (
        in_library(boxes, labels, library, height, width),
        learner.to_library(boxes, labels, library, height, width),
    )
    if isinstance(actual, dict) and set(actual) == set(expected):
        actual = {first: actual[first], second: actual[second]}
    assert_matches(actual, expected, f"the truth for {library}")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("library", list(LIBRARIES))
def test_the_truth_for_each_library(learner, draw, library):
    boxes = torch.round(boxes_of(draw, 6, 70, 110)["xyxy"])  # whole pixels, which float32 holds as well
    check_library(learner, boxes, draw.integers(0, 5, 6), library, 70, 110)


@pytest.mark.builds_on("test_the_truth_for_each_library")
@pytest.mark.parametrize("library", list(LIBRARIES))
def test_an_image_without_objects_in_each_library(learner, library):
    none = torch.zeros(0, 4, dtype=torch.float64), torch.zeros(0, dtype=torch.int64)
    check_library(learner, *none, library, 40, 30)


def written_over(solution, boxes, labels, library):
    for value in solution.to_library(boxes, labels, library, 20, 30).values():
        value.add_(1)
    return boxes, labels


@pytest.mark.builds_on("test_the_truth_for_each_library")
@pytest.mark.parametrize("library", list(LIBRARIES))
def test_what_the_library_does_with_its_tensors_is_its_own_affair(learner, draw, library):
    boxes, labels = boxes_of(draw, 3, 20, 30)["xyxy"], draw.integers(0, 4, 3)
    names = ("the boxes handed in, once the result was written over,", "the labels handed in, likewise,")
    assert_matches(learner.run(written_over, boxes, labels, library), (boxes, labels), names)


def test_an_unknown_library_is_refused(learner, draw):
    boxes = boxes_of(draw, 2, 30, 40)["xyxy"]
    assert_raises(ValueError, learner.to_library, boxes, draw.integers(0, 3, 2), "keras", 30, 40)


def tasks_for(draw):
    """A car, a door camera and a radiograph, and then whatever comes."""
    names = ("smallest", "frame_ms", "one_stage_ms", "two_stage_ms", "miss", "false_alarm")
    rows = [(12, 50.0, 18.0, 70.0, 500.0, 3.0), (40, 200.0, 90.0, 900.0, 2.0, 5.0), (5, 60000.0, 9.0, 120.0, 90.0, 1.0)]
    small = [size for size in (1, 3, 7) for _ in range(5)]
    for number, smallest in enumerate(
        [*small, 2, 8, 15, 16, 31, 32, 63, 64, 65, 200, *draw.integers(4, 90, 10).tolist()]
    ):
        one = float(draw.uniform(low=5, high=40))
        two = one * float(draw.uniform(low=2, high=6))
        side = max(1, -(-8 // smallest))
        # Time for neither, for one, for both; close to the limits, so that a factor too few or too many shows.
        limit = (0.8 * one * side, 1.2 * one * side, 0.8 * two * side, 1.2 * two * side, 0.8 * two)[number % 5] * side
        numbers = limit, one, two, *draw.uniform(2, low=1, high=50).tolist()
        rows.append((smallest, *(round(number, 1) for number in numbers)))
    return [dict(zip(names, row, strict=True)) for row in rows]


def choices(solution, tasks):
    return [solution.choose_detector(dict(task)) for task in tasks]


def check_choices(learner, draw, name, right_and_reason):
    tasks = tasks_for(draw)
    got = learner.run(choices, tasks)
    answers = got if isinstance(got, list) else []
    for number, (task, answer) in enumerate(zip(tasks, answers, strict=False)):
        right, reason = right_and_reason(task)
        mine = answer.get(name, "missing") if isinstance(answer, dict) else answer
        fine = mine == right if isinstance(right, int) else isinstance(mine, float) and abs(mine - right) < 1e-9
        if not fine:
            # As values of the whole list, so that a known mistake is told by them; its details say which task.
            told = [a.get(name) if isinstance(a, dict) else a for a in answers]
            wanted = [right_and_reason(t)[0] for t in tasks]
            try:
                assert_matches(told, wanted, f"{name!r} for each task")
            except AssertionError as mismatch:
                mismatch.details = [
                    f"Task {number + 1}: {task}.",
                    f"{name!r} is {mine!r}; it should be {right}: {reason}",
                ]
                raise
    assert_matches(len(answers), len(tasks), "the number of dicts returned")


def needed(task):
    enlarge = next(k for k in range(1, 9) if k * task["smallest"] >= 8)
    return enlarge, [s for s in (4, 8, 16, 32) if enlarge * task["smallest"] / s >= 2][-1]


def enlargement(task):
    enlarge, _ = needed(task)
    return enlarge, f"{task['smallest']} pixels times {enlarge} are {enlarge * task['smallest']}, and it takes 8."


def test_how_much_the_images_have_to_be_enlarged(learner, draw):
    check_choices(learner, draw, "enlarge", enlargement)


def coarsest(task):
    enlarge, stride = needed(task)
    size = enlarge * task["smallest"]
    return stride, f"{size} pixels are {size / stride:g} cells of {stride}, and it takes 2."


def test_the_coarsest_stride_that_will_do(learner, draw):
    check_choices(learner, draw, "stride", coarsest)


def balance(task):
    miss, alarm = task["miss"], task["false_alarm"]
    right = alarm / (alarm + miss)
    return right, f"there silence costs {right:.3g} · {miss:.3g}, and an alarm {1 - right:.3g} · {alarm:.3g}: the same."


def test_the_threshold_from_what_errors_cost(learner, draw):
    check_choices(learner, draw, "threshold", balance)


def in_time(task):
    area = needed(task)[0] ** 2
    one, two = area * task["one_stage_ms"], area * task["two_stage_ms"]
    right = 2 if two <= task["frame_ms"] else 1 if one <= task["frame_ms"] else 0
    return right, f"one stage takes {one:.4g} ms and two take {two:.4g} ms of {task['frame_ms']:.4g} ms."


@pytest.mark.builds_on("test_how_much_the_images_have_to_be_enlarged")
def test_one_stage_or_two(learner, draw):
    check_choices(learner, draw, "stages", in_time)
