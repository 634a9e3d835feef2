"""Against torch's transposed convolution and autograd, and against the gradient of torch's convolution."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("grad_x", "grad_weight", "grad_bias")
CASES = [
    {"stride": (2, 2)},
    {"stride": (1, 3)},
    {"stride": (4, 3)},
    {"padding": (1, 0)},
    {"padding": (1, 2)},
    {"dilation": (2, 1)},
    {"dilation": (1, 3)},
    {"stride": (2, 3), "output_padding": (1, 0)},
    {"stride": (3, 2), "output_padding": (0, 1)},
    {"stride": (4, 3), "output_padding": (3, 2)},
    {"stride": (3, 2), "padding": (1, 2), "output_padding": (2, 1)},
    {"stride": (2, 1), "padding": (2, 1), "output_padding": (1, 1), "dilation": (1, 2)},
]


def told(parameters):
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def by_torch(x, weight, bias, *, stride=(1, 1), padding=(0, 0), output_padding=(0, 0), dilation=(1, 1)):
    return F.conv_transpose2d(x, weight, bias, stride, padding, output_padding, 1, dilation)


def inputs(draw, x=(2, 3, 4, 6), weight=(3, 4, 3, 2), dtype=torch.float64):
    return draw.normal(*x, dtype=dtype), draw.normal(*weight, dtype=dtype), draw.normal(weight[1], dtype=dtype)


def test_every_input_stamps_a_kernel(learner, draw):
    args = inputs(draw)
    assert_matches(learner.conv_transpose2d(*args), by_torch(*args), "the output", terms=20)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_every_input_stamps_a_kernel")
def test_a_small_one_without_a_bias(learner, draw):
    x, weight, _ = inputs(draw, x=(1, 2, 1, 3), weight=(2, 1, 2, 2))
    expected = by_torch(x, weight, None, stride=(1, 2), padding=(0, 1))
    assert_matches(learner.conv_transpose2d(x, weight, None, stride=(1, 2), padding=(0, 1)), expected, "the output")


@pytest.mark.builds_on("test_every_input_stamps_a_kernel")
@pytest.mark.parametrize("parameters", CASES, ids=told)
def test_stride_padding_output_padding_and_dilation(learner, draw, parameters):
    args = inputs(draw)
    assert_matches(learner.conv_transpose2d(*args, **parameters), by_torch(*args, **parameters), "the output", terms=20)


@pytest.mark.builds_on("test_stride_padding_output_padding_and_dilation")
def test_pixels_that_no_stamp_reaches_hold_the_bias(learner, draw):
    args = inputs(draw, weight=(3, 2, 1, 2))
    parameters = {"stride": (3, 4), "output_padding": (2, 3)}
    assert_matches(learner.conv_transpose2d(*args, **parameters), by_torch(*args, **parameters), "the output", terms=6)


@pytest.mark.builds_on("test_every_input_stamps_a_kernel")
def test_float32_and_other_layouts(learner, draw):
    args = inputs(draw, dtype=torch.float32)
    expected = by_torch(*args, stride=(2, 1), padding=(1, 0))
    actual = learner.conv_transpose2d(*map(strided, args), stride=(2, 1), padding=(1, 0))
    assert_matches(actual, expected, "the output", terms=20)
    assert_inputs_unchanged(learner)


def case(draw, parameters, **shapes):
    args = inputs(draw, **shapes)
    layer = reference(by_torch, *args, **parameters)
    grad_output = draw.like(layer.output)
    return (grad_output, *args[:2]), layer.gradients(grad_output)


def test_the_gradients_match_autograd(learner, draw):
    args, expected = case(draw, {})
    assert_matches(learner.conv_transpose2d_backward(*args), expected, NAMES, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
@pytest.mark.parametrize("parameters", CASES, ids=told)
def test_the_gradients_with_every_parameter(learner, draw, parameters):
    args, expected = case(draw, parameters)
    assert_matches(learner.conv_transpose2d_backward(*args, **parameters), expected, NAMES, terms=100)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
def test_the_gradients_of_one_pixel(learner, draw):
    args, expected = case(draw, {"padding": (0, 1)}, x=(1, 2, 1, 1), weight=(2, 3, 4, 3))
    assert_matches(learner.conv_transpose2d_backward(*args, padding=(0, 1)), expected, NAMES, terms=20)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
def test_gradients_of_float32_and_of_other_layouts(learner, draw):
    args, expected = case(draw, {"stride": (2, 1)}, dtype=torch.float32)
    assert_matches(learner.conv_transpose2d_backward(*map(strided, args), stride=(2, 1)), expected, NAMES, terms=100)
    assert_inputs_unchanged(learner)


CONVOLUTIONS = [
    ((7, 6), {}),
    ((9, 8), {"stride": (2, 3)}),
    ((10, 9), {"stride": (4, 3)}),
    ((8, 7), {"stride": (3, 2), "padding": (1, 2)}),
    ((11, 10), {"stride": (3, 4), "padding": (2, 1), "dilation": (2, 3)}),
]


@pytest.mark.builds_on("test_stride_padding_output_padding_and_dilation")
@pytest.mark.parametrize("size, parameters", CONVOLUTIONS, ids=str)
def test_the_gradient_of_a_convolution_is_a_transposed_convolution(learner, draw, size, parameters):
    weight = draw.normal(4, 3, 3, 2)
    conv = reference(lambda x: F.conv2d(x, weight, **parameters), draw.normal(2, 3, *size))
    grad_output = draw.like(conv.output)
    actual = learner.conv2d_grad_input(grad_output, weight, size, **parameters)
    assert_matches(actual, conv.gradients(grad_output)[0], "grad_x", terms=24)
    assert_inputs_unchanged(learner)


def test_how_often_each_pixel_is_stamped(learner, draw):
    questions = {(draw.integer(2, 9), draw.integer(2, 7), draw.integer(1, 5)) for _ in range(24)}
    questions = sorted(questions | {(4, 4, 2), (5, 3, 2), (3, 2, 4), (1, 3, 2)})
    answers = [learner.coverage(*question) for question in questions]
    for (size, kernel, stride), answer in zip(questions, answers, strict=True):
        counts = F.conv_transpose1d(torch.ones(1, 1, size), torch.ones(1, 1, kernel), stride=stride)
        expected = [int(count) for count in counts[0, 0]]
        assert_matches(answer, expected, f"coverage({size}, kernel={kernel}, stride={stride})")
