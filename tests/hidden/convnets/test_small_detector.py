"""Targets and detections one cell at a time as the stub reads, loss and regions by torch; then a training run."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

LIMIT = math.log(1000 / 16)
TARGETS = ("classes", "offsets")


def boxes_for(draw, n, height, width, low, high):
    """Boxes with their centres in an image of these sizes."""
    size = draw.uniform(n, 2, low=low, high=high)
    centre = draw.uniform(n, 2, low=0.02, high=0.98) * torch.tensor([width, height])
    return torch.cat([centre - size / 2, centre + size / 2], 1)


def expected_targets(boxes, labels, height, width, stride, unit):
    classes, offsets = torch.full((height, width), -1), torch.zeros(4, height, width, dtype=torch.float64)
    for place in range(height * width):
        row, column = divmod(place, width)
        x, y = column * stride + stride / 2, row * stride + stride / 2
        own = []
        for (x1, y1, x2, y2), label in zip(boxes.double().tolist(), labels.tolist(), strict=True):
            if x1 < x < x2 and y1 < y < y2:
                classes[row, column] = -2
            mid_x, mid_y = (x1 + x2) / 2, (y1 + y2) / 2
            if abs(mid_x - x) < stride / 2 and abs(mid_y - y) < stride / 2:
                w, h = x2 - x1, y2 - y1
                offset = [(mid_x - x) / unit, (mid_y - y) / unit, math.log(w / unit), math.log(h / unit)]
                own.append((w * h, label, offset))
        if own:
            _, classes[row, column], offset = min(own)
            offsets[:, row, column] = torch.tensor(offset, dtype=torch.float64)
    return classes, offsets.to(boxes.dtype)


def check_targets(learner, boxes, labels, *sizes, terms=1):
    expected = expected_targets(boxes, labels, *sizes)
    assert_matches(learner.targets(boxes, labels, *sizes), expected, TARGETS, terms=terms)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("height, width, stride", [(5, 7, 4), (6, 4, 8)])
def test_a_cell_answers_for_the_box_whose_centre_it_holds(learner, draw, height, width, stride):
    unit = float(draw.uniform(low=3.0, high=20.0))
    box = boxes_for(draw, 1, height * stride, width * stride, 0.3 * stride, 0.9 * stride)
    check_targets(learner, box, draw.integers(1, 5, 1), height, width, stride, unit)


@pytest.mark.builds_on("test_a_cell_answers_for_the_box_whose_centre_it_holds")
@pytest.mark.parametrize("height, width, stride, n", [(6, 8, 4, 3), (9, 5, 8, 4), (7, 6, 3, 2)])
def test_other_cells_inside_a_box_are_left_out(learner, draw, height, width, stride, n):
    boxes = boxes_for(draw, n, height * stride, width * stride, 2.5 * stride, 4.5 * stride)
    check_targets(learner, boxes, draw.integers(0, 4, n), height, width, stride, float(draw.uniform(low=3, high=20)))


@pytest.mark.builds_on("test_other_cells_inside_a_box_are_left_out")
@pytest.mark.parametrize("order", [(0, 3, 1, 2), (3, 0, 2, 1), (1, 3, 0, 2)])
def test_of_several_boxes_in_one_cell_the_smallest_is_learned(learner, draw, order):
    row, column, stride = draw.integer(1, 4), draw.integer(1, 5), 8
    centre = torch.tensor([column, row]) * stride + draw.uniform(4, 2, low=1.0, high=7.0)
    # The first has the smallest area, but neither the smallest width nor height, nor sum of the two.
    size = torch.tensor([[4.0, 16.0], [9.0, 9.0], [3.0, 30.0], [25.0, 3.8]]) * draw.uniform(1, low=0.9, high=1.4)
    boxes = torch.cat([centre - size / 2, centre + size / 2], 1)[list(order)]
    check_targets(learner, boxes, torch.tensor([3, 5, 7, 4])[list(order)], 5, 6, stride, 10.0)


@pytest.mark.builds_on("test_other_cells_inside_a_box_are_left_out")
def test_a_cell_inside_another_box_still_answers_for_its_own(learner, draw):
    big = torch.tensor([[2.0, 3.0, 33.0, 27.0]]) + draw.uniform(1, 4, low=-0.9, high=0.9)
    small = torch.tensor([[8.5, 8.4, 11.0, 11.8]]) + draw.uniform(1, 4, low=-0.3, high=0.3)
    for boxes in (torch.cat([big, small]), torch.cat([small, big])):
        check_targets(learner, boxes.double(), torch.tensor([1, 2]), 8, 10, 4, 6.0)


def test_a_picture_without_objects_is_all_background(learner):
    check_targets(learner, torch.zeros(0, 4, dtype=torch.float64), torch.zeros(0, dtype=torch.int64), 4, 3, 8, 9.0)


@pytest.mark.builds_on("test_other_cells_inside_a_box_are_left_out")
def test_targets_in_float32_and_other_layouts(learner, draw):
    boxes = boxes_for(draw, 4, 28, 36, 5.0, 14.0).float()
    check_targets(learner, strided(boxes), draw.integers(0, 3, 4), 7, 9, 4, 7.0, terms=20)


def expected_loss(logits, offsets, classes, target_offsets, *, alpha=0.25, gamma=2.0):
    right = F.one_hot(classes.clamp(min=0), logits.shape[1]) * (classes >= 0)[..., None]
    right = right.movedim(-1, 1).to(logits.dtype)
    p = right * logits.sigmoid() + (1 - right) * (-logits).sigmoid()
    cost = F.binary_cross_entropy_with_logits(logits, right, reduction="none") * (1 - p) ** gamma
    cost = cost * (alpha * right + (1 - alpha) * (1 - right))
    picked = [tensor.movedim(1, 3)[classes >= 0] for tensor in (offsets, target_offsets)]
    n = max(1, len(picked[0]))
    return cost.movedim(1, 3)[classes != -2].sum() / n, F.smooth_l1_loss(*picked, reduction="sum") / n


def answers_for(draw, n, c, height, width, dtype=torch.float64):
    """What a network might say, and what would be right."""
    classes = draw.integers(-2, c, n, height, width)
    classes[0, 0, :3] = torch.tensor([-2, -1, c - 1])
    logits, offsets = draw.normal(n, c, height, width, dtype=dtype), draw.normal(n, 4, height, width, dtype=dtype)
    return logits, offsets, classes, draw.normal(n, 4, height, width, dtype=dtype)


LOSSES = ("the loss of the classes", "the loss of the boxes")


def both_losses(solution, *inputs, **options):
    focal, smooth = solution.detection_loss(*inputs, **options)
    return focal.detach(), smooth.detach()


@pytest.mark.parametrize("n, c, height, width", [(2, 3, 4, 5), (3, 1, 5, 4), (1, 5, 3, 6)])
def test_the_two_losses(learner, draw, n, c, height, width):
    inputs = answers_for(draw, n, c, height, width)
    assert_matches(learner.detection_loss(*inputs), expected_loss(*inputs), LOSSES, terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_two_losses")
@pytest.mark.parametrize("alpha, gamma", [(0.6, 2.0), (0.25, 0.0), (0.25, 1.0), (0.7, 3.5)])
def test_the_losses_with_other_weights(learner, draw, alpha, gamma):
    inputs = answers_for(draw, 2, 3, 5, 4)
    actual = learner.detection_loss(*inputs, alpha=alpha, gamma=gamma)
    assert_matches(actual, expected_loss(*inputs, alpha=alpha, gamma=gamma), LOSSES, terms=200)


@pytest.mark.builds_on("test_the_two_losses")
def test_the_losses_of_pictures_without_objects(learner, draw):
    logits, offsets, _, aims = answers_for(draw, 2, 3, 4, 5)
    classes = torch.full((2, 4, 5), -1)
    assert_matches(
        learner.detection_loss(logits, offsets, classes, aims),
        expected_loss(logits, offsets, classes, aims),
        LOSSES,
        terms=200,
    )


@pytest.mark.builds_on("test_the_two_losses")
def test_the_losses_of_large_logits(learner, draw):
    logits, offsets, classes, aims = answers_for(draw, 2, 3, 4, 5)
    logits = torch.where(draw.uniform(2, 3, 4, 5) < 0.5, 300 * logits, logits)
    logits[0, 0, 0, 1:4], classes[0, 0, 1:4] = torch.tensor([-1000.0, 1000.0, -900.0]), torch.tensor([0, -1, -1])
    expected = expected_loss(logits, offsets, classes, aims)
    assert_matches(learner.detection_loss(logits, offsets, classes, aims), expected, LOSSES, terms=200)


def loss_gradients(solution, logits, offsets, classes, aims, first, second):
    leaves = logits.clone().requires_grad_(), offsets.clone().requires_grad_()
    focal, smooth = solution.detection_loss(*leaves, classes, aims)
    (focal * first + smooth * second).backward()
    return leaves[0].grad, leaves[1].grad


class Reference:
    detection_loss = staticmethod(expected_loss)


@pytest.mark.builds_on("test_the_two_losses")
@pytest.mark.parametrize("scale", [1.0, 400.0])
def test_the_gradients_of_the_losses(learner, draw, scale):
    logits, *rest = answers_for(draw, 2, 3, 4, 5)
    inputs = scale * logits, *rest, float(draw.normal()), float(draw.normal())
    names = ("the gradient of the logits", "the gradient of the offsets")
    assert_matches(learner.run(loss_gradients, *inputs), loss_gradients(Reference, *inputs), names, terms=200)


@pytest.mark.builds_on("test_the_two_losses")
def test_the_losses_in_float32_and_other_layouts(learner, draw):
    logits, offsets, classes, aims = answers_for(draw, 2, 3, 4, 5, torch.float32)
    actual = learner.detection_loss(strided(logits), strided(offsets), strided(classes), strided(aims))
    assert_matches(actual, expected_loss(logits, offsets, classes, aims), LOSSES, terms=200)


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(w, 0) * max(h, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def expected_detections(logits, offsets, stride, unit, *, keep, overlap):
    found = []
    for row in range(logits.shape[1]):
        for column in range(logits.shape[2]):
            here = logits[:, row, column].sigmoid().tolist()
            score = max(here)
            if score >= keep:
                t = offsets[:, row, column].tolist()
                x, y = (column + 0.5) * stride + t[0] * unit, (row + 0.5) * stride + t[1] * unit
                w, h = unit * math.exp(min(t[2], LIMIT)) / 2, unit * math.exp(min(t[3], LIMIT)) / 2
                found.append((score, here.index(score), (x - w, y - h, x + w, y + h)))
    found.sort(reverse=True)
    kept = []
    for score, label, box in found:
        if all(label != other or iou(box, there) <= overlap for _, other, there in kept):
            kept.append((score, label, box))
    boxes = torch.tensor([list(box) for _, _, box in kept], dtype=offsets.dtype).reshape(-1, 4)
    scores = torch.tensor([score for score, _, _ in kept], dtype=logits.dtype)
    return boxes, scores, torch.tensor([label for _, label, _ in kept], dtype=torch.int64)


DETECTIONS = ("boxes", "scores", "labels")


def check_detections(learner, *inputs, terms=10, **options):
    expected = expected_detections(*inputs, **options)
    assert_matches(learner.detect(*inputs, **options), expected, DETECTIONS, terms=terms)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("c, height, width, stride", [(3, 4, 5, 4), (2, 6, 3, 8)])
def test_boxes_of_all_cells_that_are_sure_enough(learner, draw, c, height, width, stride):
    logits, offsets = 2 * draw.normal(c, height, width), 0.3 * draw.normal(4, height, width)
    check_detections(learner, logits, offsets, stride, float(draw.uniform(low=3, high=9)), keep=0.5, overlap=1.0)


@pytest.mark.builds_on("test_boxes_of_all_cells_that_are_sure_enough")
@pytest.mark.parametrize("c, overlap", [(1, 0.3), (3, 0.2), (2, 0.5)])
def test_of_boxes_of_one_class_that_overlap_the_surest_is_kept(learner, draw, c, overlap):
    logits, offsets = draw.normal(c, 5, 6), 0.2 * draw.normal(4, 5, 6)
    check_detections(learner, logits, offsets, 4, float(draw.uniform(low=9, high=14)), keep=0.3, overlap=overlap)


@pytest.mark.builds_on("test_boxes_of_all_cells_that_are_sure_enough")
def test_boxes_out_of_all_proportion_are_limited(learner, draw):
    logits, offsets = draw.normal(2, 2, 3), draw.normal(4, 2, 3)
    offsets[2, 0], offsets[3, 1] = torch.tensor([4.3, 2000.0, -6.0]), torch.tensor([900.0, -5.5, 7.0])
    check_detections(learner, logits, offsets, 8, 10.0, keep=0.01, overlap=1.0)


def test_nothing_is_sure_enough(learner, draw):
    check_detections(learner, draw.normal(3, 4, 2) - 9, draw.normal(4, 4, 2), 4, 8.0, keep=0.5, overlap=0.5)


@pytest.mark.builds_on("test_of_boxes_of_one_class_that_overlap_the_surest_is_kept")
def test_detections_in_float32_and_other_layouts(learner, draw):
    logits, offsets = strided(draw.normal(2, 4, 5).float()), strided(0.3 * draw.normal(4, 4, 5).float())
    check_detections(learner, logits, offsets, 4, 9.0, keep=0.4, overlap=0.35)


def expected_regions(features, boxes, rows, columns, stride):
    """By grid_sample, region by region: its edges −1 and 1 are the edges of the map."""
    out = features.new_zeros(len(boxes), len(features), rows, columns)
    pixels = torch.tensor([features.shape[2] * stride, features.shape[1] * stride], dtype=features.dtype)
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        x = torch.tensor([x1 + (k + 0.5) * (x2 - x1) / columns for k in range(columns)], dtype=torch.float64)
        y = torch.tensor([y1 + (k + 0.5) * (y2 - y1) / rows for k in range(rows)], dtype=torch.float64)
        points = torch.stack([x.expand(rows, columns), y[:, None].expand(rows, columns)], -1).to(features.dtype)
        grid = (2 * points / pixels - 1)[None]
        out[number] = F.grid_sample(features[None], grid, padding_mode="border", align_corners=False)[0]
    return out


def regions_for(draw, n, height, width, dtype=torch.float64):
    """Boxes inside an image."""
    size = draw.uniform(n, 2, low=0.2, high=0.5) * torch.tensor([width, height])
    low = draw.uniform(n, 2, low=0.15, high=0.3) * torch.tensor([width, height])
    return torch.cat([low, low + size], 1).to(dtype)


@pytest.mark.parametrize("c, height, width, stride, rows, columns", [(2, 7, 9, 4, 2, 3), (3, 8, 6, 8, 5, 4)])
def test_regions_in_one_size(learner, draw, c, height, width, stride, rows, columns):
    features, boxes = draw.normal(c, height, width), regions_for(draw, 4, height * stride, width * stride)
    expected = expected_regions(features, boxes, rows, columns, stride)
    assert_matches(learner.roi_align(features, boxes, rows, columns, stride), expected, "the regions", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_regions_in_one_size")
@pytest.mark.parametrize("height, width", [(4, 5), (1, 3), (3, 1)])
def test_regions_that_reach_beyond_the_edge(learner, draw, height, width):
    features, size = draw.normal(2, height, width), torch.tensor([width, height, width, height]) * 6.0
    boxes = torch.tensor([[-0.6, -0.5, 0.4, 0.3], [0.5, 0.7, 1.7, 1.6], [-0.3, 0.2, 1.4, 0.9]]) * size
    boxes = boxes.double() + draw.uniform(3, 4)
    expected = expected_regions(features, boxes, 3, 5, 6)
    assert_matches(learner.roi_align(features, boxes, 3, 5, 6), expected, "the regions", terms=100)


@pytest.mark.builds_on("test_regions_in_one_size")
def test_no_regions_at_all(learner, draw):
    none = torch.zeros(0, 4, dtype=torch.float64)
    expected = torch.zeros(0, 2, 3, 4, dtype=torch.float64)
    assert_matches(learner.roi_align(draw.normal(2, 5, 6), none, 3, 4, 8), expected, "the regions")


def region_gradient(solution, features, boxes, rows, columns, stride, g):
    features = features.clone().requires_grad_()
    (solution.roi_align(features, boxes, rows, columns, stride) * g).sum().backward()
    return features.grad


class Regions:
    roi_align = staticmethod(expected_regions)


@pytest.mark.builds_on("test_regions_in_one_size")
def test_the_gradient_of_the_features(learner, draw):
    inputs = draw.normal(2, 6, 7), regions_for(draw, 3, 24, 28), 4, 3, 4, draw.normal(3, 2, 4, 3)
    expected = region_gradient(Regions, *inputs)
    assert_matches(learner.run(region_gradient, *inputs), expected, "the gradient of the features", terms=100)


@pytest.mark.builds_on("test_regions_in_one_size")
def test_regions_in_float32_and_other_layouts(learner, draw):
    features, boxes = draw.normal(2, 6, 7).float(), regions_for(draw, 3, 24, 28, torch.float32)
    expected = expected_regions(features.double(), boxes.double(), 3, 2, 4).float()
    actual = learner.roi_align(strided(features), strided(boxes), 3, 2, 4)
    assert_matches(actual, expected, "the regions", terms=100)


def scenes(draw, n, size=32):
    """Discs (0) and frames (1), stretched, up to three of them apart from each other, on a grey ground with noise."""
    line = torch.arange(size, dtype=torch.float64) + 0.5
    half, bright = draw.uniform(n, 3, 2, low=2.5, high=7.0), draw.uniform(n, 3, low=0.7, high=1.3)
    half[..., 1] = (half[..., 0] * draw.uniform(n, 3, low=0.7, high=1.4)).clamp(2.5, 7.0)
    middle = half + 0.5 + draw.uniform(n, 3, 2) * (size - 1 - 2 * half)
    kinds, wanted = draw.integers(0, 2, n, 3), draw.uniform(n, 3) > 0.1
    images = draw.uniform(n, 1, 1, low=-0.2, high=0.2) + draw.normal(n, size, size, std=0.12)
    boxes, labels = [], []
    for i in range(n):
        found = []
        for k in range(3):
            apart = all(((middle[i, k] - middle[i, j]).abs() > half[i, k] + half[i, j] + 1).any() for j in found)
            if not (wanted[i, k] and apart):
                continue
            found.append(k)
            x, y = ((line - middle[i, k, 0]) / half[i, k, 0])[None], ((line - middle[i, k, 1]) / half[i, k, 1])[:, None]
            wall = 1 - 1.6 / half[i, k]
            if kinds[i, k]:
                shape = (x.abs() <= 1) & (y.abs() <= 1) & ~((x.abs() < wall[0]) & (y.abs() < wall[1]))
            else:
                shape = x**2 + y**2 <= 1
            images[i] += shape * bright[i, k]
        boxes.append(torch.cat([middle[i] - half[i], middle[i] + half[i]], 1)[found].float())
        labels.append(kinds[i, found])
    return images[:, None].float(), boxes, labels


def train_and_answer(solution, images, boxes, labels, held_out, seed):
    """The losses on the way, and the network's answers for pictures that it hasn't seen."""
    import torch

    net, losses = solution.train(images, boxes, labels, seed=seed)
    net.eval()
    with torch.no_grad():
        return [float(loss) for loss in losses], net(held_out)


def detect_all(solution, answers):
    return [solution.detect(a[:2], a[2:], 4, 8.0, keep=0.05, overlap=0.4) for a in answers]


def precision_of(found, boxes, labels, kind):
    """The average precision at an overlap of 0.5, for one class."""
    tried = []
    for (its, scores, kinds), truth, true_kinds in zip(found, boxes, labels, strict=True):
        left = truth[true_kinds == kind].tolist()
        for box, score, label in zip(its.tolist(), scores.tolist(), kinds.tolist(), strict=True):
            if label == kind:
                best = max(left, key=lambda other: iou(box, other), default=None)
                right = best is not None and iou(box, best) >= 0.5
                if right:
                    left.remove(best)
                tried.append((score, right))
    total = sum(int((kinds == kind).sum()) for kinds in labels)
    hits = torch.tensor([right for _, right in sorted(tried, reverse=True)] or [False], dtype=torch.float64).cumsum(0)
    precision = (hits / torch.arange(1, len(hits) + 1)).flip(0).cummax(0).values.flip(0)
    return float((precision * torch.diff(hits, prepend=hits.new_zeros(1))).sum() / total)


@pytest.mark.builds_on(
    "test_targets_in_float32_and_other_layouts",
    "test_the_gradients_of_the_losses",
    "test_the_losses_of_pictures_without_objects",
    "test_boxes_out_of_all_proportion_are_limited",
    "test_detections_in_float32_and_other_layouts",
    "test_regions_that_reach_beyond_the_edge",
)
def test_objects_are_found_in_pictures_never_seen(learner, draw, album):
    images, boxes, labels = scenes(draw, 256)
    held_out, truth, kinds = scenes(draw, 64)
    result = learner.run(train_and_answer, images, boxes, labels, held_out, draw.integer(0, 1000))
    losses, answers = result if isinstance(result, tuple) and len(result) == 2 else (None, result)
    assert isinstance(losses, list) and losses, "train has to return the network and the losses of its steps."
    shape = torch.zeros(64, 6, 8, 8)
    assert_matches(0 * answers if isinstance(answers, torch.Tensor) else answers, shape, "the network's answers")
    found = learner.run(detect_all, answers)
    values = [precision_of(found, truth, kinds, kind) for kind in range(2)]
    mean = sum(values) / 2
    show(album, held_out, truth, found, mean)
    first, last = sum(losses[:5]) / 5, sum(losses[-5:]) / 5
    assert last < first, f"The loss of the last steps, {last:.3f}, isn't below that of the first, {first:.3f}."
    assert mean >= 0.75, (
        f"The average precision at an overlap of 0.5 is {mean:.2f}; it takes 0.75. Discs {values[0]:.2f}, frames "
        f"{values[1]:.2f}. {sum(len(scores) for _, scores, _ in found)} boxes were found where there are "
        f"{sum(map(len, kinds))}. The loss went from {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} steps."
    )


def show(album, images, truth, found, mean):
    """Eight pictures; true boxes are dotted, found ones (with a score of 0.3 or more) in the colour of their class."""
    with album.figure("small_detector", f"Unseen pictures: average precision {mean:.2f}", 8, 4.4) as axes:
        rows = [torch.cat(list(F.pad(images[k : k + 4, 0], (1, 1, 1, 1), value=1.5)), 1) for k in (0, 4)]
        axes.imshow(torch.cat(rows), cmap="gray", vmin=-0.5, vmax=1.7)
        for number in range(8):
            left, top = 34 * (number % 4) + 0.5, 34 * (number // 4) + 0.5
            its, scores, kinds = found[number]
            marks = [(box, "white", ":") for box in truth[number].tolist()]
            for box, score, kind in zip(its.tolist(), scores.tolist(), kinds.tolist(), strict=True):
                if score >= 0.3:
                    marks.append((box, ("tab:cyan", "tab:orange")[kind], "-"))
            for (x1, y1, x2, y2), colour, style in marks:
                x, y = [left + v for v in (x1, x2, x2, x1, x1)], [top + v for v in (y1, y1, y2, y2, y1)]
                axes.plot(x, y, color=colour, linestyle=style, linewidth=1.5)
        axes.set_axis_off()
