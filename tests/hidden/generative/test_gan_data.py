"""By the definitions, element by element; gradients by autograd through the learner's own function."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

SHAPE = (3, 2, 5, 7)


def pixels(draw, *shape):
    return draw.integers(0, 256, *shape).to(torch.uint8)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(40,), (2, 3, 4, 5)])
def test_pixels_become_numbers_for_a_tanh(learner, draw, shape, dtype):
    images, noise = pixels(draw, *shape), draw.uniform(*shape).to(dtype)
    expected = (2 * (images.double() + noise.double()) / 256 - 1).to(dtype)
    assert_matches(learner.to_tanh_range(images, noise), expected, "the numbers", terms=10)


def test_every_pixel_comes_back(learner, draw):
    images = torch.arange(256).repeat(3).to(torch.uint8)
    numbers = 2 * (images.double() + draw.uniform(768, low=0.01, high=0.99)) / 256 - 1
    assert_matches(learner.to_pixels(numbers), images, "the pixels")


@pytest.mark.builds_on("test_every_pixel_comes_back")
def test_numbers_out_of_range_count_as_the_nearest(learner, draw):
    numbers = torch.cat([draw.uniform(5, low=-3, high=-1.1), draw.uniform(5, low=1.0, high=3.0)])
    expected = torch.tensor([0] * 5 + [255] * 5, dtype=torch.uint8)
    assert_matches(learner.to_pixels(numbers), expected, "the pixels")


@pytest.mark.parametrize("limit", [0.5, 1.0, 2.0])
def test_outliers_are_drawn_again(learner, draw, limit):
    noise, spare = draw.normal(6, 4), draw.normal(400)
    fit = iter([value for value in spare.tolist() if abs(value) <= limit])
    flat = [value if abs(value) <= limit else next(fit) for value in noise.flatten().tolist()]
    expected = torch.tensor(flat, dtype=torch.float64).reshape(6, 4)
    assert_matches(learner.truncated(noise, limit, spare), expected, "the noise")


def moved(images, flips, shifts, brightness):
    n, _, height, width = images.shape
    out = torch.zeros_like(images)
    for k in range(n):
        image = images[k].flip(2) if flips[k] else images[k]
        down, right = shifts[k].tolist()
        for i in range(height):
            for j in range(width):
                if 0 <= i - down < height and 0 <= j - right < width:
                    out[k, :, i, j] = image[:, i - down, j - right]
        out[k] += brightness[k]
    return out


def changes(draw, n, height, width):
    flips = draw.integers(0, 2, n).bool()
    flips[0], flips[-1] = True, False
    shifts = torch.stack([draw.integers(1 - height, height, n), draw.integers(1 - width, width, n)], dim=1)
    shifts[0] = torch.tensor([1, -2])
    return flips, shifts, draw.normal(n)


@pytest.mark.parametrize("shape", [SHAPE, (4, 1, 6, 4), (5, 3, 3, 8)])
def test_images_are_flipped_moved_and_brightened(learner, draw, shape):
    images = draw.normal(*shape)
    how = changes(draw, shape[0], *shape[2:])
    assert_matches(learner.augment(images, *how), moved(images, *how), "the images")


@pytest.mark.parametrize("only", ["flips", "shifts", "brightness"])
def test_one_change_alone(learner, draw, only):
    images = draw.normal(*SHAPE)
    flips, shifts, brightness = changes(draw, 3, 5, 7)
    flips = flips if only == "flips" else torch.zeros_like(flips)
    shifts = shifts if only == "shifts" else torch.zeros_like(shifts)
    brightness = brightness if only == "brightness" else torch.zeros_like(brightness)
    expected = moved(images, flips, shifts, brightness)
    assert_matches(learner.augment(images, flips, shifts, brightness), expected, "the images")


def gradient(solution, images, flips, shifts, brightness, upstream):
    leaf = images.clone().requires_grad_()
    out = solution.augment(leaf, flips, shifts, brightness)
    (out * upstream).sum().backward()
    return leaf.grad


@pytest.mark.builds_on("test_images_are_flipped_moved_and_brightened")
def test_the_gradient_goes_back_the_same_way(learner, draw):
    images, upstream = draw.normal(*SHAPE), draw.normal(*SHAPE)
    how = changes(draw, 3, 5, 7)
    expected = gradient(type("Ours", (), {"augment": staticmethod(moved)}), images, *how, upstream)
    assert_matches(learner.run(gradient, images, *how, upstream), expected, "the gradient for the images")


@pytest.mark.parametrize(
    ("real", "synthetic", "size", "share"),
    [(20, 7, 5, 0.4), (17, 30, 4, 0.25), (9, 2, 6, 0.5), (12, 5, 4, 0.0), (30, 4, 7, 0.8), (10, 3, 8, 0.3)],
)
def test_batches_of_both_kinds(learner, draw, real, synthetic, size, share):
    order = draw.permutation(real)
    made = round(share * size)
    own = size - made
    expected = [
        torch.tensor(
            order[k * own : (k + 1) * own].tolist()
            + [real + turn % synthetic for turn in range(k * made, (k + 1) * made)]
        )
        for k in range(real // own)
    ]
    assert_matches(learner.mixed_batches(real, synthetic, size, share, order), expected, "the batches")


@pytest.mark.builds_on("test_images_are_flipped_moved_and_brightened", "test_outliers_are_drawn_again")
def test_inputs_stay_as_they_are(learner, draw):
    images = draw.normal(*SHAPE)
    learner.augment(images, *changes(draw, 3, 5, 7))
    learner.truncated(draw.normal(3, 4), 0.7, draw.normal(100))
    learner.to_tanh_range(pixels(draw, 5), draw.uniform(5))
    learner.to_pixels(draw.normal(6))
    assert_inputs_unchanged(learner)
