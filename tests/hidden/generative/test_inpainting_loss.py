"""Against means of chosen elements, autograd, and a convolution one window at a time."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(2, 3, 5, 4), (3, 2, 4, 7), (1, 4, 3, 5)]
NAMES = ("the output", "the new mask")
SINGLE = torch.float32


def hole(draw, shape, share=0.4, dtype=torch.float64):
    """A mask with at least one pixel of each kind, if share is neither 0 nor 1."""
    n, _, h, w = shape
    mask = (draw.uniform(n, 1, h, w) >= share).to(dtype)
    if 0 < share < 1:
        mask[0, 0, 0, :2] = torch.tensor([0.0, 1.0])
    return mask


@pytest.mark.parametrize("shape", SHAPES)
def test_the_composite(learner, draw, shape):
    output, image, mask = draw.normal(*shape), draw.uniform(*shape), hole(draw, shape)
    expected = mask * image + (1 - mask) * output
    assert_matches(learner.composite(output, image, mask), expected, "the composite")


@pytest.mark.builds_on("test_the_composite")
def test_what_stands_in_the_hole_does_not_matter(learner, draw):
    output, image, mask = draw.normal(2, 3, 5, 4), draw.uniform(2, 3, 5, 4), hole(draw, (2, 3, 5, 4))
    expected = mask * image + (1 - mask) * output
    image[mask.expand_as(image) == 0] = float("nan")
    assert_matches(learner.composite(output, image, mask), expected, "the composite")


def expected_loss(output, target, mask, hole_weight=6.0, known_weight=1.0):
    full = mask.expand_as(output) == 1
    return hole_weight * F.mse_loss(output[~full], target[~full]) + known_weight * F.mse_loss(
        output[full], target[full]
    )


WEIGHTS = [(6.0, 1.0), (1.0, 0.0), (0.5, 2.0)]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_loss(learner, draw, shape, weights):
    inputs = draw.normal(*shape), draw.uniform(*shape), hole(draw, shape)
    actual = learner.inpainting_loss(*inputs, hole_weight=weights[0], known_weight=weights[1])
    assert_matches(actual, expected_loss(*inputs, *weights), "the loss", terms=100)


@pytest.mark.builds_on("test_the_loss")
def test_six_and_one_are_the_weights_unless_given(learner, draw):
    inputs = draw.normal(2, 3, 5, 4), draw.uniform(2, 3, 5, 4), hole(draw, (2, 3, 5, 4))
    assert_matches(learner.inpainting_loss(*inputs), expected_loss(*inputs), "the loss", terms=100)


@pytest.mark.builds_on("test_the_loss")
@pytest.mark.parametrize("share, weight", [(0.0, 1.5), (1.0, 2.5)])
def test_without_a_hole_and_with_nothing_else(learner, draw, share, weight):
    output, target, mask = draw.normal(2, 3, 5, 4), draw.uniform(2, 3, 5, 4), hole(draw, (2, 3, 5, 4), share)
    actual = learner.inpainting_loss(output, target, mask, hole_weight=2.5, known_weight=1.5)
    assert_matches(actual, weight * F.mse_loss(output, target), "the loss", terms=100)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_loss(learner, draw, shape, weights):
    output, target, mask = draw.normal(*shape), draw.uniform(*shape), hole(draw, shape)
    grad_output = draw.normal()
    loss = reference(lambda out: expected_loss(out, target, mask, *weights), output)
    actual = learner.inpainting_loss_backward(
        grad_output, output, target, mask, hole_weight=weights[0], known_weight=weights[1]
    )
    assert_matches(actual, loss.gradients(grad_output)[0], "the gradient for `output`", terms=4)


def one_at_a_time(x, mask, weight, bias, padding):
    """Every window by itself: the sum over its known pixels, divided by their share."""
    x, mask = F.pad(x, (padding,) * 4), F.pad(mask, (padding,) * 4)
    kernel_h, kernel_w = weight.shape[2:]
    rows, columns = x.shape[2] - kernel_h + 1, x.shape[3] - kernel_w + 1
    out, new = x.new_zeros(len(x), len(weight), rows, columns), x.new_zeros(len(x), 1, rows, columns)
    for n, i, j in itertools.product(range(len(x)), range(rows), range(columns)):
        seen = mask[n, :, i : i + kernel_h, j : j + kernel_w]
        if seen.any():
            products = weight * x[n, :, i : i + kernel_h, j : j + kernel_w] * seen
            out[n, :, i, j] = products.sum((1, 2, 3)) / seen.mean() + bias
            new[n, 0, i, j] = 1
    return out, new


def layer(draw, shape, c_out, kernel, share=0.5, dtype=torch.float64):
    x, mask = draw.normal(*shape, dtype=dtype), hole(draw, shape, share, dtype)
    return x, mask, draw.normal(c_out, shape[1], *kernel, dtype=dtype), draw.normal(c_out, dtype=dtype)


@pytest.mark.parametrize("share", [0.3, 0.85])
@pytest.mark.parametrize("shape, kernel", [((2, 3, 6, 5), (3, 2)), ((1, 2, 5, 7), (2, 3)), ((3, 1, 4, 6), (3, 3))])
def test_the_partial_convolution(learner, draw, shape, kernel, share):
    inputs = layer(draw, shape, 4, kernel, share)
    inputs[1][0, 0, : kernel[0], : kernel[1]] = 0.0  # one window that sees nothing
    assert_matches(learner.partial_conv(*inputs, 0), one_at_a_time(*inputs, 0), NAMES, terms=60)


@pytest.mark.builds_on("test_the_partial_convolution")
@pytest.mark.parametrize("padding", [1, 2])
def test_the_padding_counts_as_hole(learner, draw, padding):
    inputs = layer(draw, (2, 3, 5, 4), 2, (3, 2), 0.2)
    assert_matches(learner.partial_conv(*inputs, padding), one_at_a_time(*inputs, padding), NAMES, terms=60)


@pytest.mark.builds_on("test_the_partial_convolution")
def test_without_a_hole_it_is_a_convolution(learner, draw):
    x, mask, weight, bias = layer(draw, (2, 3, 6, 5), 4, (3, 2), 0.0)
    expected = F.conv2d(x, weight, bias), torch.ones(2, 1, 4, 4, dtype=torch.float64)
    assert_matches(learner.partial_conv(x, mask, weight, bias, 0), expected, NAMES, terms=60)


@pytest.mark.builds_on("test_the_composite", "test_the_gradient_of_the_loss", "test_the_partial_convolution")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    shape = (2, 3, 5, 4)
    output, image = draw.normal(*shape, dtype=SINGLE), draw.uniform(*shape, dtype=SINGLE)
    mask, one = hole(draw, shape, dtype=SINGLE), draw.normal(dtype=SINGLE)
    actual = learner.composite(strided(output), strided(image), strided(mask))
    assert_matches(actual, mask * image + (1 - mask) * output, "the composite")
    assert_inputs_unchanged(learner)
    loss = reference(lambda out: expected_loss(out, image, mask), output)
    actual = learner.inpainting_loss(strided(output), strided(image), strided(mask))
    assert_matches(actual, loss.output, "the loss", terms=100)
    actual = learner.inpainting_loss_backward(one, strided(output), strided(image), strided(mask))
    assert_matches(actual, loss.gradients(one)[0], "the gradient for `output`", terms=4)
    assert_inputs_unchanged(learner)
    inputs = layer(draw, shape, 2, (3, 2), dtype=SINGLE)
    actual = learner.partial_conv(*map(strided, inputs), 1)
    assert_matches(actual, one_at_a_time(*inputs, 1), NAMES, terms=60)
    assert_inputs_unchanged(learner)
