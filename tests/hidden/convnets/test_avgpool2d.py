"""Against torch's avg_pool2d and adaptive_avg_pool2d, with padding counted and not; gradients against autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

CASES = [
    ((2, 3), {}),
    ((3, 2), {"stride": (1, 2)}),
    ((2, 2), {"stride": (3, 1)}),
    ((3, 4), {"stride": (2, 1), "padding": (1, 2)}),
    ((3, 3), {"stride": (2, 3), "padding": (1, 1), "count_include_pad": False}),
    ((2, 4), {"padding": (1, 2), "count_include_pad": False}),
]


def pool(x, kernel_size, **parameters):
    return F.avg_pool2d(x, kernel_size, **parameters)


@pytest.mark.parametrize("kernel_size, parameters", CASES)
def test_means_over_windows(learner, draw, kernel_size, parameters):
    x = draw.normal(2, 3, 8, 7) + 1
    assert_matches(
        learner.avgpool2d(x, kernel_size, **parameters), pool(x, kernel_size, **parameters), "the output", terms=12
    )


@pytest.mark.parametrize("kernel_size, parameters", CASES)
def test_the_gradient_matches_autograd(learner, draw, kernel_size, parameters):
    means = reference(pool, draw.normal(2, 3, 8, 7), kernel_size=kernel_size, **parameters)
    grad_output = draw.like(means.output)
    actual = learner.avgpool2d_backward(grad_output, (8, 7), kernel_size, **parameters)
    assert_matches(actual, means.gradients(grad_output)[0], "grad_x", terms=12)


@pytest.mark.builds_on("test_means_over_windows", "test_the_gradient_matches_autograd")
def test_rows_and_columns_that_no_window_reaches(learner, draw):
    means = reference(pool, draw.normal(1, 2, 8, 9), kernel_size=(3, 2), stride=(3, 4))
    grad_output = draw.like(means.output)
    actual = learner.avgpool2d_backward(grad_output, (8, 9), (3, 2), stride=(3, 4))
    assert_matches(actual, means.gradients(grad_output)[0], "grad_x", terms=6)


@pytest.mark.parametrize("shape", [(2, 3, 5, 4), (1, 6, 1, 7), (3, 2, 2, 2)])
def test_one_number_for_each_channel(learner, draw, shape):
    x = draw.normal(*shape) + 1
    assert_matches(learner.global_avgpool2d(x), F.adaptive_avg_pool2d(x, 1), "the output", terms=20)


@pytest.mark.parametrize(
    "size, output_size",
    [((6, 8), (3, 2)), ((7, 5), (3, 2)), ((5, 7), (4, 3)), ((3, 4), (3, 4)), ((2, 3), (4, 5)), ((7, 6), (1, 5))],
)
def test_any_size_asked_for(learner, draw, size, output_size):
    x = draw.normal(2, 3, *size) + 1
    actual = learner.adaptive_avgpool2d(x, output_size)
    assert_matches(actual, F.adaptive_avg_pool2d(x, output_size), "the output", terms=20)


@pytest.mark.builds_on("test_any_size_asked_for")
@pytest.mark.parametrize("size, output_size", [((6, 8), (3, 2)), ((7, 5), (3, 2)), ((5, 7), (4, 3)), ((2, 3), (4, 5))])
def test_the_gradient_of_any_size(learner, draw, size, output_size):
    means = reference(F.adaptive_avg_pool2d, draw.normal(2, 3, *size), output_size=output_size)
    grad_output = draw.like(means.output)
    actual = learner.adaptive_avgpool2d_backward(grad_output, size)
    assert_matches(actual, means.gradients(grad_output)[0], "grad_x", terms=20)


@pytest.mark.builds_on("test_means_over_windows", "test_the_gradient_matches_autograd")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x = draw.normal(2, 3, 6, 5, dtype=torch.float32)
    means = reference(pool, x, kernel_size=(2, 3), padding=(1, 1))
    assert_matches(learner.avgpool2d(strided(x), (2, 3), padding=(1, 1)), means.output, "the output", terms=6)
    assert_inputs_unchanged(learner)
    grad_output = draw.like(means.output)
    actual = learner.avgpool2d_backward(strided(grad_output), (6, 5), (2, 3), padding=(1, 1))
    assert_matches(actual, means.gradients(grad_output)[0], "grad_x", terms=6)
    assert_inputs_unchanged(learner)
