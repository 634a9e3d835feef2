"""Boxes are painted into masks that go the way of the image, and read off again afterwards."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAMES = ("window", "boxes", "kept")


def boxes_for(draw, n, height, width):
    """Boxes with whole corners, so that they can be painted; none is empty."""
    x1, y1 = draw.integers(0, width - 1, n), draw.integers(0, height - 1, n)
    x2 = x1 + 1 + (draw.uniform(n) * (width - x1)).long().clamp(max=width - 1)
    y2 = y1 + 1 + (draw.uniform(n) * (height - y1)).long().clamp(max=height - 1)
    return torch.stack([x1, y1, x2.clamp(max=width), y2.clamp(max=height)], 1).double()


def painted(boxes, height, width):
    masks = torch.zeros(len(boxes), height, width, dtype=torch.bool)
    for mask, (x1, y1, x2, y2) in zip(masks, boxes.long().tolist(), strict=True):
        mask[y1:y2, x1:x2] = True
    return masks


def read_off(masks):
    """The boxes of masks that are not empty."""
    boxes = []
    for mask in masks:
        rows, columns = mask.any(1).nonzero()[:, 0], mask.any(0).nonzero()[:, 0]
        boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    return torch.tensor(boxes, dtype=torch.float64).reshape(-1, 4)


def cut(images, top, left, height, width, padding):
    padded = F.pad(images.double(), (padding,) * 4)
    return padded.narrow(-2, top, height).narrow(-1, left, width).to(images.dtype)


def cropped(image, boxes, top, left, height, width, padding=0, min_visible=0.0):
    before = painted(boxes, *image.shape[1:])
    after = cut(before, top, left, height, width, padding)
    areas, visible = before.sum((1, 2)).double(), after.sum((1, 2)).double()
    kept = ((visible > 0) & (visible >= min_visible * areas)).nonzero()[:, 0]
    return cut(image, top, left, height, width, padding), read_off(after[kept]), kept


@pytest.mark.parametrize("height, width, n", [(7, 9, 4), (10, 6, 5)])
def test_a_flip_and_its_boxes(learner, draw, height, width, n):
    image, boxes = draw.normal(3, height, width), boxes_for(draw, n, height, width)
    expected = (image[..., torch.arange(width - 1, -1, -1)], read_off(painted(boxes, height, width).flip(-1)))
    assert_matches(learner.flip(image, boxes), expected, ("image", "boxes"))


@pytest.mark.builds_on("test_a_flip_and_its_boxes")
def test_a_flip_of_whole_numbers_and_of_an_image_without_boxes(learner, draw):
    image, boxes = draw.integers(0, 256, 2, 5, 8).to(torch.uint8), torch.zeros(0, 4, dtype=torch.float64)
    assert_matches(learner.flip(image, boxes), (image.flip(-1), boxes), ("image", "boxes"))


@pytest.mark.builds_on("test_a_flip_and_its_boxes")
def test_a_flip_of_boxes_between_pixels_in_float32(learner, draw):
    image = draw.normal(1, 6, 11, dtype=torch.float32)
    boxes = torch.tensor([[0.5, 1.25, 4.75, 5.5], [10.25, 0, 11, 0.125]])
    expected = torch.tensor([[6.25, 1.25, 10.5, 5.5], [0, 0, 0.75, 0.125]])
    assert_matches(learner.flip(strided(image), strided(boxes)), (image.flip(-1), expected), ("image", "boxes"))
    assert_inputs_unchanged(learner)


def check_crop(learner, draw, image, n, window, **parameters):
    top, left, height, width = window
    boxes = boxes_for(draw, n, *image.shape[1:])
    expected = cropped(image, boxes, top, left, height, width, **parameters)
    actual = learner.crop(image, boxes, top=top, left=left, height=height, width=width, **parameters)
    assert_matches(actual, expected, NAMES)


@pytest.mark.parametrize("window", [(1, 4, 6, 5), (3, 0, 4, 9), (0, 2, 8, 3)])
def test_a_window_cut_out(learner, draw, window):
    check_crop(learner, draw, draw.normal(2, 10, 12), 12, window)


@pytest.mark.builds_on("test_a_window_cut_out")
@pytest.mark.parametrize("window", [(0, 0, 9, 12), (1, 5, 8, 7), (6, 2, 9, 12)])
def test_a_window_of_the_padded_image(learner, draw, window):
    check_crop(learner, draw, draw.normal(2, 9, 12), 12, window, padding=3)


@pytest.mark.builds_on("test_a_window_cut_out")
@pytest.mark.parametrize("min_visible", [0.2718, 0.6137])
def test_boxes_of_which_too_little_is_left(learner, draw, min_visible):
    check_crop(learner, draw, draw.normal(1, 12, 15), 20, (3, 4, 7, 8), min_visible=min_visible)


@pytest.mark.builds_on("test_a_window_of_the_padded_image", "test_boxes_of_which_too_little_is_left")
def test_all_parameters_together(learner, draw):
    for _ in range(6):
        top, left = draw.integer(0, 7), draw.integer(0, 9)
        check_crop(learner, draw, draw.normal(3, 11, 13), 15, (top, left, 8, 9), padding=2, min_visible=0.4142)


@pytest.mark.builds_on("test_a_window_cut_out")
def test_a_box_that_touches_the_window_from_outside_is_gone(learner, draw):
    image = draw.normal(1, 10, 12)
    boxes = torch.tensor([[0, 2, 4, 6], [8, 3, 11, 5], [4, 0, 8, 2], [5, 7, 7, 9], [4, 2, 8, 7]], dtype=torch.float64)
    expected = cropped(image, boxes, 2, 4, 5, 4)
    assert_matches(learner.crop(image, boxes, top=2, left=4, height=5, width=4), expected, NAMES)


@pytest.mark.builds_on("test_boxes_of_which_too_little_is_left")
def test_exactly_the_share_that_is_asked_for_is_enough(learner, draw):
    image = draw.normal(2, 10, 12)
    boxes = torch.tensor([[2, 1, 6, 5], [0, 4, 8, 8], [3, 2, 7, 4]], dtype=torch.float64)
    expected = cropped(image, boxes, 0, 4, 9, 7, min_visible=0.5)
    actual = learner.crop(image, boxes, top=0, left=4, height=9, width=7, min_visible=0.5)
    assert_matches(actual, expected, NAMES)


@pytest.mark.builds_on("test_a_window_cut_out")
def test_no_boxes_and_none_that_stay(learner, draw):
    image, boxes = draw.normal(1, 6, 8), torch.tensor([[0.0, 0, 2, 3]], dtype=torch.float64)
    for some in (boxes, boxes[:0]):
        expected = cropped(image, some, 3, 4, 2, 3)
        assert_matches(learner.crop(image, some, top=3, left=4, height=2, width=3), expected, NAMES)


@pytest.mark.builds_on("test_a_window_of_the_padded_image")
def test_bytes_stay_bytes_and_inputs_are_left_as_they_were(learner, draw):
    image = draw.integers(0, 256, 3, 8, 11).to(torch.uint8)
    boxes = boxes_for(draw, 9, 8, 11)
    window, left_over, kept = cropped(image, boxes, 3, 1, 8, 11, padding=2, min_visible=0.2915)
    where = {"top": 3, "left": 1, "height": 8, "width": 11, "padding": 2, "min_visible": 0.2915}
    actual = learner.crop(strided(image), strided(boxes.float()), **where)
    assert_matches(actual, (window, left_over.float(), kept), NAMES)
    assert_inputs_unchanged(learner)


# --- a batch --------------------------------------------------------------------------------------------------------


def augmented(solution, images, padding, seed):
    """The batch, and the number that comes next from the generator."""
    generator = torch.Generator().manual_seed(seed)
    result = solution.augment(images, padding=padding, generator=generator)
    return result, torch.rand(1, generator=generator)


def expected_batch(images, padding, seed):
    generator = torch.Generator().manual_seed(seed)
    n, _, height, width = images.shape
    coins = torch.rand(n, generator=generator)
    tops, lefts = (torch.randint(0, 2 * padding + 1, (n,), generator=generator).tolist() for _ in range(2))
    turned = [image.flip(-1) if coin < 0.5 else image for image, coin in zip(images, coins.tolist(), strict=True)]
    windows = [cut(turned[i], tops[i], lefts[i], height, width, padding) for i in range(n)]
    return torch.stack(windows), torch.rand(1, generator=generator)


BATCH = ("the images", "the generator's next number")


@pytest.mark.parametrize("n, padding", [(11, 0), (9, 2), (12, 3)])
def test_every_image_of_a_batch_gets_its_own(learner, draw, n, padding):
    images, seed = draw.normal(n, 2, 6, 7), draw.integer(0, 10_000)
    assert_matches(learner.run(augmented, images, padding, seed), expected_batch(images, padding, seed), BATCH)


@pytest.mark.builds_on("test_every_image_of_a_batch_gets_its_own")
def test_a_batch_of_bytes_is_left_as_it_was(learner, draw):
    images, seed = draw.integers(0, 256, 10, 3, 5, 8).to(torch.uint8), draw.integer(0, 10_000)
    expected = expected_batch(images, 1, seed)
    assert_matches(learner.run(augmented, strided(images), 1, seed), expected, BATCH)
    assert_inputs_unchanged(learner)
