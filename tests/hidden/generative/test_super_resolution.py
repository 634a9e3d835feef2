"""Against torch's interpolation (edges aligned, not corners), its losses, and autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

KINDS = ["nearest", "bilinear", "bicubic"]
SHAPES = [(2, 3, 5, 4), (1, 2, 6, 3), (3, 1, 2, 7)]
SINGLE = torch.float32


def torchs(x, factor, kind):
    corners = {} if kind == "nearest" else {"align_corners": False}
    return F.interpolate(x, scale_factor=factor, mode=kind, **corners)


def matrix(size, factor, kind):
    """What torch makes of each unit vector, as columns of a picture with one row."""
    units = torch.eye(size, dtype=torch.float64).reshape(size, 1, 1, size)
    return torchs(units, factor, kind)[:, 0, 0].T.contiguous()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size, factor", [(6, 2), (5, 3), (4, 4), (2, 3), (1, 2)])
def test_the_matrix_for_one_axis(learner, kind, size, factor):
    assert_matches(learner.resize_matrix(size, factor, kind), matrix(size, factor, kind), "the matrix", terms=4)


@pytest.mark.builds_on("test_the_matrix_for_one_axis")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("factor", [2, 3])
def test_images_are_enlarged_along_both_axes(learner, draw, shape, factor, kind):
    x = draw.uniform(*shape)
    assert_matches(learner.upsample(x, factor, kind), torchs(x, factor, kind), "the enlarged images", terms=16)


@pytest.mark.builds_on("test_the_matrix_for_one_axis")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_enlargement(learner, draw, shape, kind):
    x = draw.uniform(*shape)
    large = reference(torchs, x, factor=3, kind=kind)
    grad_output = draw.like(large.output)
    actual = learner.upsample_backward(grad_output, x, 3, kind)
    assert_matches(actual, large.gradients(grad_output)[0], "the gradient for the small image", terms=150)


def decibels(output, target, peak=1.0):
    errors = [F.mse_loss(output[n], target[n]) for n in range(len(output))]
    return torch.stack([10 * (peak**2 / error).log() / torch.tensor(10.0).double().log() for error in errors])


@pytest.mark.parametrize("peak", [1.0, 255.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_signal_to_noise_ratio_of_each_image(learner, draw, shape, peak):
    target = peak * draw.uniform(*shape)
    output = target + peak * draw.normal(*shape) * draw.uniform(shape[0], 1, 1, 1, low=0.01, high=0.3)
    assert_matches(learner.psnr(output, target, peak=peak), decibels(output, target, peak), "the PSNR", terms=50)


@pytest.mark.builds_on("test_the_signal_to_noise_ratio_of_each_image")
def test_pixels_are_at_most_one_unless_given(learner, draw):
    target, output = draw.uniform(2, 3, 4, 5), draw.uniform(2, 3, 4, 5)
    output[1] = target[1]  # the same image: no noise at all
    assert_matches(learner.psnr(output, target), decibels(output, target), "the PSNR", terms=50)


def torchs_charbonnier(output, target, eps=1e-3):
    return torch.hypot(output - target, torch.full_like(target, eps)).mean()


EPS = [1e-3, 0.5]


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_charbonnier_loss(learner, draw, shape, eps):
    output, target = draw.normal(*shape), draw.uniform(*shape)
    expected = torchs_charbonnier(output, target, eps)
    assert_matches(learner.charbonnier(output, target, eps=eps), expected, "the loss", terms=60)


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_charbonnier_loss(learner, draw, shape, eps):
    output, target, grad_output = draw.normal(*shape), draw.uniform(*shape), draw.normal()
    expected = reference(lambda out: torchs_charbonnier(out, target, eps), output).gradients(grad_output)[0]
    actual = learner.charbonnier_backward(grad_output, output, target, eps=eps)
    assert_matches(actual, expected, "the gradient for `output`", terms=4)


@pytest.mark.builds_on("test_the_charbonnier_loss", "test_the_gradient_of_the_charbonnier_loss")
def test_eps_is_a_thousandth_unless_given_and_equal_pixels_have_no_slope(learner, draw):
    target = draw.uniform(2, 3, 4, 5)
    output = target + 0.002 * draw.like(target) * (draw.uniform(2, 3, 4, 5) < 0.7)
    loss, grad_output = reference(lambda out: torchs_charbonnier(out, target), output), draw.normal()
    assert_matches(learner.charbonnier(output, target), loss.output, "the loss", terms=60)
    actual = learner.charbonnier_backward(grad_output, output, target)
    assert_matches(actual, loss.gradients(grad_output)[0], "the gradient for `output`", terms=60)


@pytest.mark.builds_on("test_images_are_enlarged_along_both_axes", "test_the_gradient_of_the_enlargement")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x = draw.uniform(2, 3, 5, 4, dtype=SINGLE)
    large = reference(torchs, x, factor=2, kind="bicubic")
    assert_matches(learner.upsample(strided(x), 2, "bicubic"), large.output, "the enlarged images", terms=16)
    assert_inputs_unchanged(learner)
    grad_output = draw.like(large.output)
    actual = learner.upsample_backward(strided(grad_output), strided(x), 2, "bicubic")
    assert_matches(actual, large.gradients(grad_output)[0], "the gradient for the small image", terms=150)
    assert_inputs_unchanged(learner)
    output = x + draw.normal(2, 3, 5, 4, dtype=SINGLE, std=0.2)
    assert_matches(learner.psnr(strided(output), strided(x)), decibels(output, x).to(SINGLE), "the PSNR", terms=60)
    assert_inputs_unchanged(learner)
    actual = learner.charbonnier(strided(output), strided(x))
    assert_matches(actual, torchs_charbonnier(output, x), "the loss", terms=60)
    assert_inputs_unchanged(learner)
