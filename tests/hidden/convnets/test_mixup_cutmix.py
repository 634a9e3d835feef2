"""Pixel by pixel and label by label; the loss by torch's cross-entropy with soft targets."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAMES = ("images", "targets")


def batch(draw, n=5, channels=3, height=6, width=8, classes=4, dtype=torch.float64):
    images, labels = draw.normal(n, channels, height, width, dtype=dtype), draw.integers(0, classes, n)
    labels[0], labels[1] = 0, classes - 1
    order = torch.arange(n).roll(1)[draw.permutation(n)]
    order = torch.arange(n).roll(1) if bool((order == torch.arange(n)).all()) else order
    return images, labels, order


def targets_of(labels, order, lam, classes, dtype):
    targets = torch.zeros(len(labels), classes, dtype=dtype)
    for n, (mine, partner) in enumerate(zip(labels.tolist(), labels[order].tolist(), strict=True)):
        targets[n, mine] += lam
        targets[n, partner] += 1 - lam
    return targets


def check_mixup(learner, draw, **sizes):
    images, labels, order = batch(draw, **sizes)
    classes, lam = sizes.get("classes", 4), float(draw.uniform(low=0.1, high=0.45))
    blended = torch.stack([torch.lerp(images[int(p)], image, lam) for image, p in zip(images, order, strict=True)])
    expected = (blended, targets_of(labels, order, lam, classes, images.dtype))
    actual = learner.mixup(strided(images), strided(labels), order=order, lam=lam, classes=classes)
    assert_matches(actual, expected, NAMES, terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("sizes", [{}, {"n": 7, "classes": 3}, {"n": 4, "channels": 1, "classes": 9}])
def test_blended_images_and_labels(learner, draw, sizes):
    check_mixup(learner, draw, **sizes)


@pytest.mark.builds_on("test_blended_images_and_labels")
def test_blended_images_in_float32(learner, draw):
    check_mixup(learner, draw, dtype=torch.float32)


@pytest.mark.parametrize("height, width", [(32, 20), (15, 40)])
def test_a_box_that_lies_wholly_inside(learner, draw, height, width):
    for _ in range(4):
        lam = float(draw.uniform(low=0.8, high=0.98))
        h, w = (math.floor(size * math.sqrt(1 - lam)) for size in (height, width))
        top, left = draw.integer(0, height - h), draw.integer(0, width - w)
        actual = learner.cut_box(height, width, lam=lam, row=top + h // 2, column=left + w // 2)
        names = ("top", "bottom", "left", "right")
        assert_matches(tuple(actual) if isinstance(actual, list) else actual, (top, top + h, left, left + w), names)


@pytest.mark.builds_on("test_a_box_that_lies_wholly_inside")
def test_a_box_is_clipped_at_the_border(learner, draw):
    for row, column in ((0, 0), (29, 3), (4, 17), (29, 17), (14, 9)):
        lam = float(draw.uniform(low=0.05, high=0.5))
        rows = {row - math.floor(30 * math.sqrt(1 - lam)) // 2 + i for i in range(math.floor(30 * math.sqrt(1 - lam)))}
        columns = {
            column - math.floor(18 * math.sqrt(1 - lam)) // 2 + i for i in range(math.floor(18 * math.sqrt(1 - lam)))
        }
        rows, columns = rows & set(range(30)), columns & set(range(18))
        expected = (min(rows), max(rows) + 1, min(columns), max(columns) + 1)
        actual = learner.cut_box(30, 18, lam=lam, row=row, column=column)
        assert_matches(actual, expected, ("top", "bottom", "left", "right"))


def check_cutmix(learner, draw, box, **sizes):
    images, labels, order = batch(draw, **sizes)
    top, bottom, left, right = box
    inside = torch.zeros(images.shape[2:], dtype=torch.bool)
    inside[top:bottom, left:right] = True
    mixed = torch.where(inside, torch.stack([images[int(p)] for p in order]), images)
    own = 1 - inside.double().mean().item()
    expected = (mixed, targets_of(labels, order, own, 4, images.dtype))
    actual = learner.cutmix(strided(images), strided(labels), order=order, box=box, classes=4)
    assert_matches(actual, expected, NAMES, terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("box", [(1, 4, 2, 7), (0, 6, 5, 8), (2, 3, 0, 3)])
def test_a_rectangle_of_the_partner(learner, draw, box):
    check_cutmix(learner, draw, box)


@pytest.mark.builds_on("test_a_rectangle_of_the_partner")
def test_an_empty_rectangle_and_the_whole_image(learner, draw):
    check_cutmix(learner, draw, (3, 3, 2, 6))
    check_cutmix(learner, draw, (0, 6, 0, 8), dtype=torch.float32)


@pytest.mark.parametrize("n, classes", [(6, 4), (1, 7), (9, 2)])
def test_the_loss_of_soft_targets(learner, draw, n, classes):
    logits, targets = draw.normal(n, classes, std=3.0), draw.uniform(n, classes).softmax(1)
    actual = learner.soft_cross_entropy(strided(logits), strided(targets))
    assert_matches(actual, F.cross_entropy(logits, targets), "the loss", terms=20)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_loss_of_soft_targets")
def test_large_logits_do_not_overflow(learner, draw):
    logits, targets = draw.normal(5, 3, std=2000.0), draw.uniform(5, 3).softmax(1)
    assert_matches(learner.soft_cross_entropy(logits, targets), F.cross_entropy(logits, targets), "the loss", terms=20)
