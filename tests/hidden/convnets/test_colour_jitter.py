"""Brightness as a 1 × 1 convolution, blends as torch.lerp; random numbers drawn in the order that is stated."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

SHAPES = [(3, 6, 5), (4, 3, 5, 7), (2, 5, 3, 4, 6)]
NAMES = ("the image", "the generator's next number")


def grey(image):
    weight = torch.tensor([0.2989, 0.587, 0.114], dtype=image.dtype).reshape(1, 3, 1, 1)
    flat = image.reshape(-1, *image.shape[-3:])
    return F.conv2d(flat, weight).reshape(*image.shape[:-3], 1, *image.shape[-2:])


def blend(base, image, factor):
    return torch.lerp(base.expand_as(image), image, factor).clamp(0, 1)


def black(image):
    return torch.zeros_like(image)


def even_grey(image):
    return grey(image).mean((-1, -2, -3), keepdim=True)


BASES = {"adjust_brightness": black, "adjust_contrast": even_grey, "adjust_saturation": grey}


def adjusted(name, image, factor):
    return blend(BASES[name](image), image, factor)


def image_for(draw, *shape, dtype=torch.float64):
    """No two channels and no two images of a batch alike in brightness."""
    shift = draw.uniform(*shape[:-2], 1, 1, low=0.0, high=0.4)
    return (shift + 0.6 * draw.uniform(*shape)).to(dtype)


@pytest.mark.parametrize("shape", SHAPES)
def test_how_bright_pixels_look(learner, draw, shape):
    image = image_for(draw, *shape)
    assert_matches(learner.grayscale(image), grey(image), "the grey image", terms=3)


@pytest.mark.parametrize("factor", [0.35, 0.8])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_darker_image(learner, draw, shape, factor):
    image = image_for(draw, *shape)
    assert_matches(learner.adjust_brightness(image, factor), adjusted("adjust_brightness", image, factor), "the image")


@pytest.mark.parametrize("factor", [0.35, 0.8])
@pytest.mark.parametrize("shape", SHAPES)
def test_less_contrast(learner, draw, shape, factor):
    image = image_for(draw, *shape)
    expected = adjusted("adjust_contrast", image, factor)
    assert_matches(learner.adjust_contrast(image, factor), expected, "the image", terms=100)


@pytest.mark.parametrize("factor", [0.35, 0.8])
@pytest.mark.parametrize("shape", SHAPES)
def test_less_saturation(learner, draw, shape, factor):
    image = image_for(draw, *shape)
    expected = adjusted("adjust_saturation", image, factor)
    assert_matches(learner.adjust_saturation(image, factor), expected, "the image", terms=3)


@pytest.mark.builds_on("test_a_darker_image", "test_less_contrast", "test_less_saturation")
@pytest.mark.parametrize("name", BASES)
def test_more_is_clamped_at_both_ends(learner, draw, name):
    image = draw.uniform(2, 3, 8, 7)
    for factor in (1.7, 3.0):
        actual = getattr(learner, name)(image, factor)
        assert_matches(actual, adjusted(name, image, factor), f"the image after {name}", terms=100)


@pytest.mark.builds_on("test_a_darker_image", "test_less_contrast", "test_less_saturation")
@pytest.mark.parametrize("name", BASES)
def test_zero_and_one_are_the_two_ends_and_less_is_refused(learner, draw, name):
    image = image_for(draw, 3, 5, 4)
    for factor in (1.0, 0.0):
        actual = getattr(learner, name)(image, factor)
        assert_matches(actual, adjusted(name, image, factor), f"the image after {name}", terms=20)
    assert_raises(ValueError, getattr(learner, name), image, -0.1)


@pytest.mark.builds_on("test_a_darker_image", "test_less_contrast", "test_less_saturation")
@pytest.mark.parametrize("name", BASES)
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, name):
    image = image_for(draw, 2, 3, 6, 5, dtype=torch.float32)
    actual = getattr(learner, name)(strided(image), 0.6)
    assert_matches(actual, adjusted(name, image, 0.6), f"the image after {name}", terms=30)
    assert_inputs_unchanged(learner)


# --- random numbers -------------------------------------------------------------------------------------------------


def noisy(solution, image, sigma, seed):
    """The image, and the number that comes next from the generator."""
    generator = torch.Generator().manual_seed(seed)
    return solution.gaussian_noise(image, sigma, generator=generator), torch.rand(1, generator=generator)


def expected_noise(image, sigma, seed):
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(image.shape, generator=generator, dtype=image.dtype)
    return torch.add(image, noise, alpha=sigma).clamp(0, 1), torch.rand(1, generator=generator)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sigma", [0.02, 0.4])
def test_noise_is_added_and_clamped(learner, draw, shape, sigma):
    image, seed = draw.uniform(*shape), draw.integer(0, 10_000)
    assert_matches(learner.run(noisy, image, sigma, seed), expected_noise(image, sigma, seed), NAMES)


@pytest.mark.builds_on("test_noise_is_added_and_clamped")
def test_noise_in_float32_and_no_noise(learner, draw):
    image, seed = draw.uniform(3, 7, 6, dtype=torch.float32), draw.integer(0, 10_000)
    for sigma in (0.1, 0.0):
        actual = learner.run(noisy, strided(image), sigma, seed)
        assert_matches(actual, expected_noise(image, sigma, seed), NAMES)
        assert_inputs_unchanged(learner)


def jittered(solution, image, strengths, seeds):
    """The image under several seeds, and the number that comes next from the last generator."""
    images = []
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        brightness, contrast, saturation = strengths
        image_now = solution.colour_jitter(
            image, brightness=brightness, contrast=contrast, saturation=saturation, generator=generator
        )
        images.append(image_now)
    return images, torch.rand(1, generator=generator)


def expected_jitter(image, strengths, seeds):
    images = []
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        order, uniform = torch.randperm(3, generator=generator).tolist(), torch.rand(3, generator=generator).tolist()
        now = image
        for which in order:
            low, high = max(0.0, 1 - strengths[which]), 1 + strengths[which]
            now = adjusted(list(BASES)[which], now, low + (high - low) * uniform[which])
        images.append(now)
    return images, torch.rand(1, generator=generator)


JITTER = ("the images of several seeds", "the generator's next number")


@pytest.mark.builds_on("test_a_darker_image", "test_less_contrast", "test_less_saturation")
@pytest.mark.parametrize("strengths", [(0.2, 0.35, 0.3), (0.9, 0.6, 0.8)])
def test_the_three_in_random_order(learner, draw, strengths):
    image, seeds = draw.uniform(3, 8, 9), [draw.integer(0, 10_000) for _ in range(8)]
    actual = learner.run(jittered, image, strengths, seeds)
    assert_matches(actual, expected_jitter(image, strengths, seeds), JITTER, terms=100)


@pytest.mark.builds_on("test_the_three_in_random_order")
def test_strengths_above_one_do_not_make_factors_negative(learner, draw):
    image, seeds = draw.uniform(3, 5, 7), [draw.integer(0, 10_000) for _ in range(6)]
    actual = learner.run(jittered, image, (1.5, 2.0, 1.8), seeds)
    assert_matches(actual, expected_jitter(image, (1.5, 2.0, 1.8), seeds), JITTER, terms=100)


@pytest.mark.builds_on("test_the_three_in_random_order")
def test_no_strength_leaves_the_image_alone(learner, draw):
    image, seeds = draw.uniform(3, 5, 7), [draw.integer(0, 10_000)]
    actual = learner.run(jittered, image, (0.0, 0.0, 0.0), seeds)
    assert_matches(actual, expected_jitter(image, (0.0, 0.0, 0.0), seeds), JITTER, terms=100)
    assert_inputs_unchanged(learner)
