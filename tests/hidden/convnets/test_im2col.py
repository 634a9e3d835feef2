"""Against torch's unfold and fold; col2im is im2col's gradient, so overlaps add up."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

CASES = [
    ((2, 3), {}),
    ((3, 2), {"stride": (2, 1)}),
    ((2, 3), {"padding": (1, 2)}),
    ((2, 2), {"dilation": (3, 2)}),
    ((3, 2), {"stride": (2, 3), "padding": (2, 1), "dilation": (2, 1)}),
    ((1, 1), {"stride": (1, 2)}),
]


def unfold(x, kernel_size, **parameters):
    return F.unfold(x, kernel_size, **parameters)


@pytest.mark.parametrize("kernel_size, parameters", CASES)
def test_windows_become_columns(learner, draw, kernel_size, parameters):
    x = draw.normal(2, 3, 8, 7)
    assert_matches(learner.im2col(x, kernel_size, **parameters), unfold(x, kernel_size, **parameters), "the columns")


@pytest.mark.builds_on("test_windows_become_columns")
@pytest.mark.parametrize("shape, kernel_size", [((1, 1, 4, 3), (4, 3)), ((3, 2, 5, 4), (5, 1)), ((1, 4, 2, 6), (2, 2))])
def test_kernels_as_large_as_the_image(learner, draw, shape, kernel_size):
    x = draw.normal(*shape)
    assert_matches(learner.im2col(x, kernel_size), unfold(x, kernel_size), "the columns")


@pytest.mark.parametrize("kernel_size, parameters", CASES)
def test_columns_are_added_back(learner, draw, kernel_size, parameters):
    columns = draw.like(unfold(torch.zeros(2, 3, 8, 7, dtype=torch.float64), kernel_size, **parameters))
    expected = F.fold(columns, (8, 7), kernel_size, **parameters)
    assert_matches(learner.col2im(columns, (8, 7), kernel_size, **parameters), expected, "the image", terms=12)


@pytest.mark.builds_on("test_columns_are_added_back")
@pytest.mark.parametrize("kernel_size, parameters", CASES[1:5])
def test_col2im_is_the_gradient_of_im2col(learner, draw, kernel_size, parameters):
    columns = reference(unfold, draw.normal(2, 3, 8, 7), kernel_size=kernel_size, **parameters)
    grad_output = draw.like(columns.output)
    actual = learner.col2im(grad_output, (8, 7), kernel_size, **parameters)
    assert_matches(actual, columns.gradients(grad_output)[0], "grad_x", terms=12)


@pytest.mark.builds_on("test_windows_become_columns")
@pytest.mark.parametrize("parameters", [{}, {"stride": (2, 1), "padding": (1, 1)}])
def test_a_convolution_is_one_product(learner, draw, parameters):
    x, weight = draw.normal(2, 3, 7, 6), draw.normal(4, 3, 3, 2)
    expected = F.conv2d(x, weight, **parameters)
    assert_matches(learner.conv2d_by_im2col(x, weight, **parameters), expected, "the output", terms=18)


@pytest.mark.builds_on("test_windows_become_columns", "test_columns_are_added_back")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x = draw.normal(2, 3, 6, 5, dtype=torch.float32)
    columns = unfold(x, (2, 3), padding=(1, 0))
    assert_matches(learner.im2col(strided(x), (2, 3), padding=(1, 0)), columns, "the columns")
    assert_inputs_unchanged(learner)
    columns = draw.like(columns)
    actual = learner.col2im(strided(columns), (6, 5), (2, 3), padding=(1, 0))
    assert_matches(actual, F.fold(columns, (6, 5), (2, 3), padding=(1, 0)), "the image", terms=6)
    assert_inputs_unchanged(learner)
