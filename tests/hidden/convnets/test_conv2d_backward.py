"""The reference is torch's own convolution and its autograd; upstream gradients are random."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

NAMES = ("grad_x", "grad_weight", "grad_bias")


def case(draw, x=(2, 3, 7, 6), weight=(4, 3, 3, 2), dtype=torch.float64, **parameters):
    """An upstream gradient, the inputs, and torch's gradients for them."""
    x, weight = draw.normal(*x, dtype=dtype), draw.normal(*weight, dtype=dtype)
    bias = draw.normal(weight.shape[0], dtype=dtype)
    conv = reference(F.conv2d, x, weight, bias, **parameters)
    grad_output = draw.like(conv.output)
    return (grad_output, x, weight), conv.gradients(grad_output)


def test_bias_gets_the_sum_of_the_upstream_gradient(learner, draw):
    inputs, (_, _, grad_bias) = case(draw)
    result = learner.conv2d_backward(*inputs)
    is_triple = isinstance(result, tuple | list) and len(result) == 3
    assert_matches(result[2] if is_triple else result, grad_bias, "grad_bias")


def test_gradients_match_autograd(learner, draw):
    inputs, expected = case(draw)
    assert_matches(learner.conv2d_backward(*inputs), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("stride", [(2, 2), (3, 2), (2, 1), (1, 3)])
def test_stride(learner, draw, stride):
    inputs, expected = case(draw, x=(2, 3, 9, 8), stride=stride)
    assert_matches(learner.conv2d_backward(*inputs, stride=stride), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("padding", [(1, 1), (0, 2), (3, 1)])
def test_padding(learner, draw, padding):
    inputs, expected = case(draw, padding=padding)
    assert_matches(learner.conv2d_backward(*inputs, padding=padding), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("dilation", [(2, 2), (1, 3)])
def test_dilation(learner, draw, dilation):
    inputs, expected = case(draw, x=(2, 3, 8, 7), dilation=dilation)
    assert_matches(learner.conv2d_backward(*inputs, dilation=dilation), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("groups", [2, 4])
def test_groups(learner, draw, groups):
    inputs, expected = case(draw, x=(3, 4, 6, 5), weight=(8, 4 // groups, 2, 3), groups=groups)
    assert_matches(learner.conv2d_backward(*inputs, groups=groups), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_stride")
def test_rows_and_columns_that_no_window_reaches_get_zero(learner, draw):
    inputs, expected = case(draw, x=(1, 2, 9, 11), weight=(3, 2, 2, 2), stride=(3, 4))
    assert_matches(learner.conv2d_backward(*inputs, stride=(3, 4)), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_stride", "test_padding", "test_dilation", "test_groups")
@pytest.mark.parametrize(
    "stride, padding, dilation, groups",
    [((2, 1), (1, 3), (1, 2), 1), ((3, 2), (2, 0), (2, 1), 2), ((1, 2), (4, 1), (3, 2), 2)],
)
def test_all_parameters_together(learner, draw, stride, padding, dilation, groups):
    parameters = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    inputs, expected = case(draw, x=(2, 4, 10, 9), weight=(6, 4 // groups, 3, 2), **parameters)
    assert_matches(learner.conv2d_backward(*inputs, **parameters), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_stride", "test_padding")
@pytest.mark.parametrize("kernel", [(1, 1), (1, 3), (4, 1)])
def test_kernels_of_a_single_row_or_column(learner, draw, kernel):
    inputs, expected = case(draw, weight=(4, 3, *kernel), stride=(2, 1), padding=(1, 2))
    assert_matches(learner.conv2d_backward(*inputs, stride=(2, 1), padding=(1, 2)), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_padding")
@pytest.mark.parametrize("x, padding, dilation", [((2, 3, 2, 6), (1, 0), (1, 1)), ((2, 3, 5, 3), (0, 2), (1, 4))])
def test_a_kernel_that_fits_only_thanks_to_the_padding(learner, draw, x, padding, dilation):
    inputs, expected = case(draw, x=x, padding=padding, dilation=dilation)
    assert_matches(learner.conv2d_backward(*inputs, padding=padding, dilation=dilation), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_one_sample_one_channel_and_a_kernel_as_large_as_the_input(learner, draw):
    inputs, expected = case(draw, x=(1, 1, 4, 3), weight=(1, 1, 4, 3))
    assert_matches(learner.conv2d_backward(*inputs), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_inputs_that_are_not_contiguous(learner, draw):
    inputs, expected = case(draw)
    assert_matches(learner.conv2d_backward(*map(strided, inputs)), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_float32_stays_float32(learner, draw):
    inputs, expected = case(draw, dtype=torch.float32, padding=(1, 1))
    assert_matches(learner.conv2d_backward(*inputs, padding=(1, 1)), expected, NAMES, terms=200)


@pytest.mark.builds_on("test_gradients_match_autograd")
def test_inputs_are_left_as_they_were(learner, draw):
    inputs, expected = case(draw, padding=(1, 1))
    assert_matches(learner.conv2d_backward(*inputs, padding=(1, 1)), expected, NAMES, terms=200)
    assert_inputs_unchanged(learner)


def a_layer(draw, size):
    n, c_in, c_out, side = size
    single = torch.float32
    return (
        draw.normal(n, c_out, side, side, dtype=single),
        draw.normal(n, c_in, side, side, dtype=single),
        draw.normal(c_out, c_in, 3, 3, dtype=single),
    )


def conv2d_backward(solution, grad_output, x, weight):
    return solution.conv2d_backward(grad_output, x, weight, padding=(1, 1))


def by_torch(grad_output, x, weight):
    sizes = [weight.shape[0]], (1, 1), (1, 1), (1, 1), False, (0, 0), 1
    return torch.ops.aten.convolution_backward(grad_output, x, weight, *sizes, (True, True, True))


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (4, 8, 16, 14), "cuda": (64, 64, 64, 56)}
    stopwatch.compare(conv2d_backward, by_torch, a_layer, sizes, operations=90, terms=64 * 56 * 56)
