"""Against torch's conv1d on an input that torch has padded on its two sides; gradients against autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

NAMES = ("grad_x", "grad_weight", "grad_bias")


def by_torch(x, weight, bias, *, stride=1, padding=(0, 0), dilation=1):
    return F.conv1d(F.pad(x, padding), weight, bias, stride, 0, dilation)


def inputs(draw, x=(2, 3, 13), weight=(4, 3, 5), dtype=torch.float64):
    return draw.normal(*x, dtype=dtype), draw.normal(*weight, dtype=dtype), draw.normal(weight[0], dtype=dtype)


CASES = [
    {"stride": 2},
    {"stride": 3},
    {"padding": (2, 2)},
    {"padding": (3, 0)},
    {"padding": (0, 4)},
    {"padding": (1, 3)},
    {"dilation": 2},
    {"dilation": 3},
    {"stride": 2, "padding": (4, 1), "dilation": 2},
    {"stride": 3, "padding": (1, 5), "dilation": 3},
]


def told(parameters):
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def test_the_output_matches_torch(learner, draw):
    args = inputs(draw)
    assert_matches(learner.conv1d(*args), by_torch(*args), "the output", terms=15)


@pytest.mark.builds_on("test_the_output_matches_torch")
def test_a_small_one(learner, draw):
    args = inputs(draw, x=(1, 2, 6), weight=(3, 2, 2))
    assert_matches(learner.conv1d(*args, stride=2, padding=(1, 2)), by_torch(*args, stride=2, padding=(1, 2)), terms=4)


@pytest.mark.builds_on("test_the_output_matches_torch")
def test_without_a_bias(learner, draw):
    x, weight, _ = inputs(draw)
    assert_matches(learner.conv1d(x, weight, None), by_torch(x, weight, None), "the output", terms=15)


@pytest.mark.builds_on("test_the_output_matches_torch")
@pytest.mark.parametrize("parameters", CASES, ids=told)
def test_stride_padding_and_dilation(learner, draw, parameters):
    args = inputs(draw, x=(2, 3, 17), weight=(4, 3, 4))
    assert_matches(learner.conv1d(*args, **parameters), by_torch(*args, **parameters), "the output", terms=12)


@pytest.mark.builds_on("test_stride_padding_and_dilation")
def test_a_tail_that_no_window_reaches(learner, draw):
    args = inputs(draw, x=(1, 2, 12), weight=(3, 2, 2))
    assert_matches(learner.conv1d(*args, stride=5), by_torch(*args, stride=5), "the output", terms=4)


@pytest.mark.builds_on("test_stride_padding_and_dilation")
def test_a_kernel_as_long_as_the_padded_input(learner, draw):
    args = inputs(draw, x=(2, 1, 4), weight=(3, 1, 4))
    parameters = {"padding": (2, 1), "dilation": 2, "stride": 3}
    assert_matches(learner.conv1d(*args, **parameters), by_torch(*args, **parameters), "the output", terms=4)


def test_a_kernel_that_does_not_fit_is_refused(learner, draw):
    x, weight, bias = inputs(draw, x=(2, 3, 7), weight=(4, 3, 4))
    learner.conv1d(x, weight, bias, padding=(2, 1), dilation=3)
    assert_raises(ValueError, learner.conv1d, x, weight, bias, padding=(1, 1), dilation=3)


@pytest.mark.builds_on("test_the_output_matches_torch")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    args = inputs(draw, dtype=torch.float32)
    expected = by_torch(*args, padding=(2, 1))
    assert_matches(learner.conv1d(*map(strided, args), padding=(2, 1)), expected, "the output", terms=15)
    assert_inputs_unchanged(learner)


def case(draw, parameters, **shapes):
    """The arguments of a backward pass, and torch's gradients."""
    args = inputs(draw, **shapes)
    conv = reference(by_torch, *args, **parameters)
    grad_output = draw.like(conv.output)
    return (grad_output, *args[:2]), conv.gradients(grad_output)


def test_the_gradients_match_autograd(learner, draw):
    args, expected = case(draw, {})
    assert_matches(learner.conv1d_backward(*args), expected, NAMES, terms=60)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
@pytest.mark.parametrize("parameters", CASES, ids=told)
def test_the_gradients_with_stride_padding_and_dilation(learner, draw, parameters):
    args, expected = case(draw, parameters, x=(2, 3, 17), weight=(4, 3, 4))
    assert_matches(learner.conv1d_backward(*args, **parameters), expected, NAMES, terms=60)


@pytest.mark.builds_on("test_the_gradients_with_stride_padding_and_dilation")
def test_a_tail_that_no_window_reaches_gets_no_gradient(learner, draw):
    args, expected = case(draw, {"stride": 5}, x=(1, 2, 14), weight=(3, 2, 2))
    assert_matches(learner.conv1d_backward(*args, stride=5), expected, NAMES, terms=9)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
def test_a_kernel_of_one_tap_is_a_linear_layer_at_every_step(learner, draw):
    args, expected = case(draw, {}, x=(2, 3, 5), weight=(4, 3, 1))
    assert_matches(learner.conv1d_backward(*args), expected, NAMES, terms=10)


@pytest.mark.builds_on("test_the_gradients_with_stride_padding_and_dilation")
def test_the_gradients_of_a_single_window(learner, draw):
    parameters = {"padding": (2, 1), "dilation": 2, "stride": 3}
    args, expected = case(draw, parameters, x=(2, 1, 4), weight=(3, 1, 4))
    assert_matches(learner.conv1d_backward(*args, **parameters), expected, NAMES, terms=8)


@pytest.mark.builds_on("test_the_gradients_match_autograd")
def test_gradients_of_float32_and_of_other_layouts(learner, draw):
    args, expected = case(draw, {"padding": (1, 2)}, dtype=torch.float32)
    assert_matches(learner.conv1d_backward(*map(strided, args), padding=(1, 2)), expected, NAMES, terms=60)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("kernel, dilation", [(1, 1), (2, 1), (3, 1), (4, 2), (2, 8), (5, 3)])
def test_causal_padding(learner, kernel, dilation):
    result = learner.causal_padding(kernel, dilation)
    expected = (dilation * (kernel - 1), 0)
    what = f"causal_padding({kernel}, {dilation})"
    assert_matches(tuple(result) if isinstance(result, list) else result, expected, what)


def changes(solution, x, other, weight, bias, dilation):
    """The output of a causal convolution for two inputs."""
    padding = solution.causal_padding(weight.shape[2], dilation)
    return tuple(solution.conv1d(series, weight, bias, padding=padding, dilation=dilation) for series in (x, other))


@pytest.mark.builds_on("test_causal_padding", "test_stride_padding_and_dilation")
def test_a_causal_convolution_does_not_see_the_future(learner, draw):
    x, weight, bias = inputs(draw, weight=(4, 3, 3))
    dilation, now = draw.integer(1, 4), draw.integer(3, 10)
    other = x.clone()
    other[..., now:] = draw.normal(2, 3, 13 - now)
    padding = (2 * dilation, 0)
    expected = tuple(by_torch(series, weight, bias, padding=padding, dilation=dilation) for series in (x, other))
    assert torch.equal(expected[0][..., :now], expected[1][..., :now]), "the suite's own convolution sees the future"
    result = learner.run(changes, x, other, weight, bias, dilation)
    assert_matches(result, expected, ("the output", "the output of another future"), terms=9)
