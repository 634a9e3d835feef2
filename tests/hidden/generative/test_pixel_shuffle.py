"""Against torch's pixel_shuffle and pixel_unshuffle; the rearrangements undo each other."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

SHAPES = [((2, 12, 3, 4), 2), ((1, 18, 2, 5), 3), ((3, 4, 5, 2), 1), ((2, 16, 1, 3), 4)]


@pytest.mark.parametrize("shape, factor", SHAPES)
def test_channels_become_pixels(learner, draw, shape, factor):
    x = draw.normal(*shape)
    assert_matches(learner.pixel_shuffle(x, factor), F.pixel_shuffle(x, factor), "the image")


@pytest.mark.parametrize("shape, factor", SHAPES)
def test_the_gradient_matches_autograd(learner, draw, shape, factor):
    shuffle = reference(F.pixel_shuffle, draw.normal(*shape), upscale_factor=factor)
    grad_output = draw.like(shuffle.output)
    actual = learner.pixel_shuffle_backward(grad_output, factor)
    assert_matches(actual, shuffle.gradients(grad_output)[0], "grad_x")


@pytest.mark.builds_on("test_channels_become_pixels")
@pytest.mark.parametrize("channels, factor", [(6, 2), (8, 3), (5, 2)])
def test_channels_that_do_not_divide_are_refused(learner, draw, channels, factor):
    assert_raises(ValueError, learner.pixel_shuffle, draw.normal(2, channels, 3, 4), factor)


@pytest.mark.parametrize("channels, kernel, factor", [(3, 3, 2), (1, 5, 3), (4, 1, 2)])
def test_the_layers_sizes(learner, channels, kernel, factor):
    """A convolution with so many output channels that shuffling leaves `channels`, padded to keep its size."""
    conv = torch.nn.Conv2d(7, channels * factor**2, kernel, padding=kernel // 2)
    out = F.pixel_shuffle(conv(torch.zeros(1, 7, 6, 9)), factor)
    expected = (conv.out_channels, conv.padding[0], tuple(out.shape[1:]))
    assert_matches(
        learner.subpixel_layer(channels, kernel, factor, 6, 9), expected, ("out_channels", "padding", "shape")
    )


def there_and_back(solution, x, factor):
    """Shuffled, and unshuffled by the gradient, which is the inverse."""
    return solution.pixel_shuffle_backward(solution.pixel_shuffle(x, factor), factor)


@pytest.mark.builds_on("test_channels_become_pixels", "test_the_gradient_matches_autograd")
def test_the_gradient_undoes_the_forward_pass(learner, draw):
    x = draw.normal(2, 12, 3, 5)
    assert_matches(learner.run(there_and_back, x, 2), x, "there and back")


@pytest.mark.builds_on("test_channels_become_pixels", "test_the_gradient_matches_autograd")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x = draw.normal(2, 12, 3, 4, dtype=torch.float32)
    assert_matches(learner.pixel_shuffle(strided(x), 2), F.pixel_shuffle(x, 2), "the image")
    assert_inputs_unchanged(learner)
    grad_output = draw.normal(2, 3, 6, 8, dtype=torch.float32)
    actual = learner.pixel_shuffle_backward(strided(grad_output), 2)
    assert_matches(actual, F.pixel_unshuffle(grad_output, 2), "grad_x")
    assert_inputs_unchanged(learner)
