"""Grids and samples against torch's own; rotations against positions that are worked out in pixels."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SIZES = [(5, 7), (8, 3), (2, 6)]


def torch_grid(theta, height, width, align_corners):
    return F.affine_grid(theta[None], [1, 1, height, width], align_corners=align_corners)[0]


def torch_sample(image, grid, align_corners):
    return F.grid_sample(image[None], grid[None], align_corners=align_corners)[0]


@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("height, width", SIZES)
def test_the_positions_that_an_affine_map_asks_for(learner, draw, height, width, align_corners):
    theta = draw.normal(2, 3)
    actual = learner.affine_grid(theta, height, width, align_corners=align_corners)
    assert_matches(actual, torch_grid(theta, height, width, align_corners), "the grid", terms=3)


@pytest.mark.builds_on("test_the_positions_that_an_affine_map_asks_for")
def test_a_grid_in_float32_by_default_from_edge_to_edge(learner, draw):
    theta = draw.normal(2, 3, dtype=torch.float32)
    assert_matches(learner.affine_grid(strided(theta), 4, 9), torch_grid(theta, 4, 9, False), "the grid", terms=3)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("height, width", SIZES)
def test_values_between_four_pixels(learner, draw, height, width, align_corners):
    """At most as far out as the centres of the outer pixels, so that nothing outside matters."""
    reach = torch.tensor([1.0, 1.0] if align_corners else [1 - 1 / width, 1 - 1 / height], dtype=torch.float64)
    image, grid = draw.normal(3, height, width), draw.uniform(6, 4, 2, low=-1, high=1) * reach
    actual = learner.grid_sample(image, grid, align_corners=align_corners)
    assert_matches(actual, torch_sample(image, grid, align_corners), "the samples", terms=4)


@pytest.mark.builds_on("test_values_between_four_pixels")
@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("height, width", SIZES)
def test_outside_there_are_zeros_and_the_border_mixes_with_them(learner, draw, height, width, align_corners):
    image, grid = draw.normal(2, height, width), draw.uniform(9, 8, 2, low=-1.6, high=1.6)
    actual = learner.grid_sample(image, grid, align_corners=align_corners)
    assert_matches(actual, torch_sample(image, grid, align_corners), "the samples", terms=4)


@pytest.mark.builds_on("test_outside_there_are_zeros_and_the_border_mixes_with_them")
def test_positions_far_outside(learner, draw):
    image, grid = draw.normal(2, 5, 6), draw.uniform(5, 4, 2, low=-1, high=1)
    grid[1:3] *= 1e4
    assert_matches(learner.grid_sample(image, grid), torch_sample(image, grid, False), "the samples", terms=4)


@pytest.mark.builds_on("test_values_between_four_pixels")
@pytest.mark.parametrize("align_corners", [False, True])
def test_the_positions_of_the_pixels_give_the_image_back(learner, draw, align_corners):
    image, same = draw.normal(2, 5, 8), torch.tensor([[1.0, 0, 0], [0, 1, 0]], dtype=torch.float64)
    grid = torch_grid(same, 5, 8, align_corners)
    assert_matches(learner.grid_sample(image, grid, align_corners=align_corners), image, "the samples", terms=10)


@pytest.mark.builds_on("test_outside_there_are_zeros_and_the_border_mixes_with_them")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    image, grid = draw.normal(3, 6, 4, dtype=torch.float32), draw.uniform(5, 7, 2, low=-1.5, high=1.5).float()
    expected = torch_sample(image, grid, False)
    assert_matches(learner.grid_sample(strided(image), strided(grid)), expected, "the samples", terms=20)
    assert_inputs_unchanged(learner)


# --- rotations ------------------------------------------------------------------------------------------------------


def asked_for(degrees, height, width):
    """The positions in pixels that the turned image shows: (x, y) from the centre, y downwards, turned clockwise."""
    y = torch.arange(height, dtype=torch.float64)[:, None] - (height - 1) / 2
    x = torch.arange(width, dtype=torch.float64) - (width - 1) / 2
    turn = math.radians(degrees)
    return math.cos(turn) * x - math.sin(turn) * y, math.sin(turn) * x + math.cos(turn) * y


def turned(image, degrees):
    height, width = image.shape[1:]
    x, y = asked_for(degrees, height, width)
    grid = torch.stack([x / (width / 2), y / (height / 2)], dim=-1).to(image.dtype)
    return torch_sample(image, grid, False)


def as_tensor(rows):
    """Two rows of three numbers as a tensor."""
    usual = isinstance(rows, list | tuple) and [len(row) for row in rows if isinstance(row, list | tuple)] == [3, 3]
    assert usual, f"theta has to be two plain lists of three floats, [[…, …, …], […, …, …]]; yours is {rows!r}"
    for number in (number for row in rows for number in row):
        plain = isinstance(number, int | float)
        assert plain, f"theta has to hold plain floats (math.cos, or .item()); one of yours is {number!r}"
    return torch.tensor(rows, dtype=torch.float64)


@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("height, width", [(6, 6), (5, 9), (8, 3)])
def test_the_matrix_of_a_rotation(learner, draw, height, width, align_corners):
    degrees = float(draw.uniform(low=10, high=80)) + 90 * draw.integer(-4, 4)
    theta = as_tensor(learner.rotation_matrix(degrees, height, width, align_corners=align_corners))
    turn, off = math.radians(degrees), 1 if align_corners else 0
    aspect = (height - off) / (width - off)
    expected = [[math.cos(turn), -math.sin(turn) * aspect, 0], [math.sin(turn) / aspect, math.cos(turn), 0]]
    assert_matches(theta, torch.tensor(expected, dtype=torch.float64), "theta")


@pytest.mark.builds_on(
    "test_the_positions_that_an_affine_map_asks_for",
    "test_outside_there_are_zeros_and_the_border_mixes_with_them",
    "test_the_matrix_of_a_rotation",
)
@pytest.mark.parametrize("height, width", [(7, 7), (6, 11), (9, 4)])
def test_a_turned_image(learner, draw, height, width):
    image, degrees = draw.normal(2, height, width), float(draw.uniform(low=-170, high=170))
    assert_matches(learner.rotate(image, degrees), turned(image, degrees), "the image", terms=100)


@pytest.mark.builds_on("test_a_turned_image")
def test_a_quarter_turn_of_a_square_and_half_a_turn_of_any_image(learner, draw):
    square, oblong = draw.normal(2, 6, 6), draw.normal(2, 5, 8)
    assert_matches(learner.rotate(square, 90), torch.rot90(square, 1, (1, 2)), "the image", terms=100)
    assert_matches(learner.rotate(oblong, 180), oblong.flip(1, 2), "the image", terms=100)
    assert_matches(learner.rotate(oblong, 0), oblong, "the image", terms=100)


@pytest.mark.builds_on("test_a_turned_image")
def test_a_turned_image_in_float32_is_left_as_it_was(learner, draw):
    image = draw.normal(3, 9, 6, dtype=torch.float32)
    assert_matches(learner.rotate(strided(image), 25.0), turned(image, 25.0), "the image", terms=100)
    assert_inputs_unchanged(learner)
