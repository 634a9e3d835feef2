"""Sizes against what torch.nn.functional.conv2d really returns, values against the same function."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def true_size(size, kernel_size, **parameters):
    """The size of torch's output along one axis; None if nothing fits."""
    try:
        return F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size), **parameters).shape[2]
    except RuntimeError:
        return None


def check_sizes(learner, cases):
    for size, kernel_size, parameters in cases:
        expected = true_size(size, kernel_size, **parameters)
        if expected is None:
            assert_raises(ValueError, learner.conv2d_output_size, size, kernel_size, **parameters)
        else:
            assert_matches(learner.conv2d_output_size(size, kernel_size, **parameters), expected, "the output size")


def test_size_with_stride_one(learner):
    check_sizes(learner, [(7, 3, {}), (9, 1, {}), (5, 5, {}), (8, 2, {})])


@pytest.mark.builds_on("test_size_with_stride_one")
def test_size_with_each_parameter(learner):
    cases = [(7, 3, {"stride": 2}), (8, 3, {"stride": 2}), (9, 3, {"stride": 4}), (6, 2, {"padding": 1})]
    check_sizes(learner, [*cases, (6, 2, {"padding": 3}), (9, 3, {"dilation": 2}), (9, 3, {"dilation": 4})])


@pytest.mark.builds_on("test_size_with_each_parameter")
def test_size_when_nothing_fits_raises_value_error(learner):
    check_sizes(learner, [(2, 3, {}), (4, 3, {"dilation": 2}), (1, 6, {"padding": 2}), (2, 4, {"stride": 5})])


@pytest.mark.builds_on("test_size_with_each_parameter")
def test_size_of_forty_random_cases(learner, draw):
    for _ in range(40):
        parameters = {"stride": draw.integer(1, 5), "padding": draw.integer(0, 4), "dilation": draw.integer(1, 4)}
        check_sizes(learner, [(draw.integer(1, 15), draw.integer(1, 6), parameters)])


def compare(learner, draw, x=(2, 3, 7, 6), weight=(4, 3, 3, 2), bias=True, dtype=torch.float64, **parameters):
    x, weight = draw.normal(*x, dtype=dtype), draw.normal(*weight, dtype=dtype)
    bias = draw.normal(weight.shape[0], dtype=dtype) if bias else None
    expected = F.conv2d(x, weight, bias, **parameters)
    assert_matches(learner.conv2d_forward(x, weight, bias, **parameters), expected, "the output", terms=30)


def test_without_bias(learner, draw):
    compare(learner, draw, bias=False)


@pytest.mark.builds_on("test_without_bias")
def test_with_bias(learner, draw):
    compare(learner, draw)


@pytest.mark.builds_on("test_with_bias")
@pytest.mark.parametrize("stride", [(2, 2), (2, 1), (1, 3)])
def test_stride(learner, draw, stride):
    compare(learner, draw, x=(2, 3, 9, 8), stride=stride)


@pytest.mark.builds_on("test_with_bias")
@pytest.mark.parametrize("padding", [(1, 1), (0, 2), (3, 1)])
def test_padding(learner, draw, padding):
    compare(learner, draw, padding=padding)


@pytest.mark.builds_on("test_with_bias")
@pytest.mark.parametrize("dilation", [(2, 2), (1, 3)])
def test_dilation(learner, draw, dilation):
    compare(learner, draw, x=(2, 3, 8, 7), dilation=dilation)


@pytest.mark.builds_on("test_with_bias")
@pytest.mark.parametrize("groups", [2, 4])
def test_groups(learner, draw, groups):
    compare(learner, draw, x=(3, 4, 6, 5), weight=(8, 4 // groups, 2, 3), groups=groups)


@pytest.mark.builds_on("test_stride", "test_padding", "test_dilation", "test_groups")
@pytest.mark.parametrize(
    "stride, padding, dilation, groups",
    [((2, 1), (1, 3), (1, 2), 1), ((3, 2), (2, 0), (2, 1), 2), ((1, 2), (4, 1), (3, 2), 2)],
)
def test_all_parameters_together(learner, draw, stride, padding, dilation, groups):
    parameters = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    compare(learner, draw, x=(2, 4, 10, 9), weight=(6, 4 // groups, 3, 2), **parameters)


@pytest.mark.builds_on("test_stride", "test_padding")
@pytest.mark.parametrize("kernel", [(1, 1), (1, 3), (4, 1)])
def test_kernels_of_a_single_row_or_column(learner, draw, kernel):
    compare(learner, draw, weight=(4, 3, *kernel), stride=(2, 1), padding=(1, 2))


@pytest.mark.builds_on("test_padding")
@pytest.mark.parametrize("x, padding, dilation", [((2, 3, 2, 6), (1, 0), (1, 1)), ((2, 3, 5, 3), (0, 2), (1, 4))])
def test_a_kernel_that_fits_only_thanks_to_the_padding(learner, draw, x, padding, dilation):
    compare(learner, draw, x=x, padding=padding, dilation=dilation)


@pytest.mark.builds_on("test_with_bias")
def test_one_sample_one_channel_and_a_kernel_as_large_as_the_input(learner, draw):
    compare(learner, draw, x=(1, 1, 4, 3), weight=(1, 1, 4, 3))


@pytest.mark.builds_on("test_with_bias")
def test_a_kernel_that_does_not_fit_raises_value_error(learner, draw):
    weight, bias = draw.normal(4, 3, 3, 2), draw.normal(4)
    assert_raises(ValueError, learner.conv2d_forward, draw.normal(2, 3, 2, 6), weight, bias)
    assert_raises(ValueError, learner.conv2d_forward, draw.normal(2, 3, 7, 4), weight, bias, dilation=(1, 4))


@pytest.mark.builds_on("test_with_bias")
def test_float32_stays_float32(learner, draw):
    compare(learner, draw, dtype=torch.float32, padding=(1, 1))


@pytest.mark.builds_on("test_padding")
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_inputs_are_left_as_they_were_in_any_layout(learner, draw, layout):
    x, weight, bias = draw.normal(2, 3, 7, 6), draw.normal(4, 3, 3, 2), draw.normal(4)
    result = learner.conv2d_forward(*map(layout, (x, weight, bias)), padding=(1, 1))
    assert_matches(result, F.conv2d(x, weight, bias, padding=(1, 1)), "the output", terms=30)
    assert_inputs_unchanged(learner)


def images(draw, size):
    n, c_in, c_out, side = size
    single = torch.float32
    return (
        draw.normal(n, c_in, side, side, dtype=single),
        draw.normal(c_out, c_in, 3, 3, dtype=single),
        draw.normal(c_out, dtype=single),
    )


def by_torch(x, w, b):
    return F.conv2d(x, w, b)


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (4, 8, 16, 16), "cuda": (64, 64, 64, 56)}
    stopwatch.compare("conv2d_forward", by_torch, images, sizes, operations=12, terms=9 * 64)
