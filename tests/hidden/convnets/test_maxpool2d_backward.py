"""Against torch's max pooling, and autograd through it. Windows overlap, share maxima, and reach into the padding."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

POOLED = ("values", "indices")


def check_forward(learner, x, kernel_size, stride, padding=(0, 0), change=lambda tensor: tensor):
    expected = F.max_pool2d(x, kernel_size, stride, padding, return_indices=True)
    options = {"kernel_size": kernel_size, "stride": stride} | ({"padding": padding} if padding != (0, 0) else {})
    assert_matches(learner.maxpool2d(change(x), **options), expected, POOLED)


@pytest.mark.parametrize("kernel_size", [(2, 2), (3, 2), (1, 4)])
def test_the_largest_of_windows_side_by_side_and_where_it_stood(learner, draw, kernel_size):
    check_forward(learner, draw.normal(2, 3, 2 * kernel_size[0], 3 * kernel_size[1]), kernel_size, kernel_size)


@pytest.mark.builds_on("test_the_largest_of_windows_side_by_side_and_where_it_stood")
@pytest.mark.parametrize(
    "kernel_size, stride", [((3, 2), (1, 1)), ((3, 3), (2, 1)), ((2, 4), (1, 3)), ((2, 2), (3, 4))]
)
def test_windows_that_overlap_or_leave_gaps_and_a_last_one_that_does_not_fit(learner, draw, kernel_size, stride):
    check_forward(learner, draw.normal(2, 3, 7, 9), kernel_size, stride)


@pytest.mark.builds_on("test_the_largest_of_windows_side_by_side_and_where_it_stood")
@pytest.mark.parametrize(
    "kernel_size, padding", [((2, 2), (1, 1)), ((3, 2), (1, 0)), ((2, 4), (0, 2)), ((5, 4), (2, 1))]
)
def test_pooling_with_padding(learner, draw, kernel_size, padding):
    check_forward(learner, draw.normal(2, 3, 6, 7), kernel_size, (2, 3), padding)


@pytest.mark.builds_on("test_pooling_with_padding")
@pytest.mark.parametrize("size", [1.0, 1e40], ids=["small", "huge"])
def test_padding_is_never_the_largest(learner, draw, size):
    check_forward(learner, -size * draw.uniform(2, 3, 5, 6, low=1.0, high=9.0), (3, 2), (2, 1), (1, 1))


@pytest.mark.builds_on("test_the_largest_of_windows_side_by_side_and_where_it_stood")
def test_of_equal_maxima_the_first_is_the_winner(learner, draw):
    check_forward(learner, draw.integers(0, 3, 3, 2, 6, 8).double(), (3, 4), (3, 4))


@pytest.mark.builds_on("test_pooling_with_padding", "test_of_equal_maxima_the_first_is_the_winner")
def test_pooling_with_overlap_ties_and_padding_together(learner, draw):
    check_forward(learner, draw.integers(-3, 1, 2, 3, 7, 6).double(), (4, 3), (2, 1), (2, 1))
    check_forward(learner, draw.normal(2, 3, 1, 1).expand(2, 3, 5, 6).contiguous(), (3, 2), (2, 1), (1, 1))


@pytest.mark.builds_on("test_the_largest_of_windows_side_by_side_and_where_it_stood")
def test_pooling_everything_at_once_and_each_element_by_itself(learner, draw):
    check_forward(learner, draw.normal(1, 1, 4, 3), (4, 3), (1, 1))
    check_forward(learner, draw.normal(2, 1, 4, 3), (1, 1), (1, 1))


@pytest.mark.builds_on("test_windows_that_overlap_or_leave_gaps_and_a_last_one_that_does_not_fit")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_pooling_keeps_the_dtype_and_leaves_its_input_alone(learner, draw, layout, dtype):
    check_forward(learner, draw.normal(2, 3, 6, 5, dtype=dtype), (3, 2), (1, 2), change=layout)
    assert_inputs_unchanged(learner)


def check(learner, draw, x, kernel_size, stride, padding=(0, 0), change=lambda tensor: tensor):
    pool = reference(F.max_pool2d, x, kernel_size=kernel_size, stride=stride, padding=padding)
    grad_output = draw.like(pool.output)
    options = {"kernel_size": kernel_size, "stride": stride} | ({"padding": padding} if padding != (0, 0) else {})
    result = learner.maxpool2d_backward(change(grad_output), change(x), **options)
    assert_matches(result, pool.gradients(grad_output)[0], "grad_x", terms=9)


@pytest.mark.parametrize("kernel_size", [(2, 2), (3, 2), (1, 4)])
def test_windows_side_by_side(learner, draw, kernel_size):
    check(learner, draw, draw.normal(2, 3, 2 * kernel_size[0], 3 * kernel_size[1]), kernel_size, kernel_size)


@pytest.mark.builds_on("test_windows_side_by_side")
@pytest.mark.parametrize("kernel_size, stride", [((3, 2), (1, 1)), ((3, 3), (2, 1)), ((2, 4), (1, 3))])
def test_windows_that_overlap(learner, draw, kernel_size, stride):
    check(learner, draw, draw.normal(2, 3, 7, 8), kernel_size, stride)


@pytest.mark.builds_on("test_windows_side_by_side")
@pytest.mark.parametrize("kernel_size, stride", [((2, 2), (3, 4)), ((2, 3), (2, 3))])
def test_rows_and_columns_that_no_window_reaches_get_zero(learner, draw, kernel_size, stride):
    check(learner, draw, draw.normal(2, 2, 9, 11), kernel_size, stride)


@pytest.mark.builds_on("test_windows_that_overlap")
@pytest.mark.parametrize("kernel_size, padding", [((2, 2), (1, 1)), ((3, 2), (1, 0)), ((2, 4), (0, 2))])
def test_padding(learner, draw, kernel_size, padding):
    check(learner, draw, draw.normal(2, 3, 6, 7), kernel_size, (2, 3), padding)


@pytest.mark.builds_on("test_padding")
def test_padding_never_wins_over_negative_inputs(learner, draw):
    x = -draw.uniform(2, 3, 5, 6, low=1.0, high=9.0)
    check(learner, draw, x, (3, 2), (2, 1), (1, 1))


@pytest.mark.builds_on("test_padding_never_wins_over_negative_inputs")
def test_padding_never_wins_however_negative_the_inputs_are(learner, draw):
    check(learner, draw, -draw.uniform(2, 3, 5, 6, low=1e40, high=9e40), (3, 2), (2, 1), (1, 1))


@pytest.mark.builds_on("test_padding_never_wins_over_negative_inputs")
def test_padding_never_wins_where_all_inputs_are_equal(learner, draw):
    x = draw.normal(2, 3, 1, 1).expand(2, 3, 5, 6).contiguous()
    check(learner, draw, x, (3, 2), (2, 1), (1, 1))


@pytest.mark.builds_on("test_windows_side_by_side")
def test_of_equal_maxima_the_first_gets_everything(learner, draw):
    x = draw.integers(0, 3, 3, 2, 6, 8).double()
    check(learner, draw, x, (3, 4), (3, 4))


@pytest.mark.builds_on("test_of_equal_maxima_the_first_gets_everything")
def test_windows_in_which_all_are_equal(learner, draw):
    x = draw.normal(2, 3, 1, 1).expand(2, 3, 4, 6).contiguous()
    check(learner, draw, x, (2, 3), (2, 3))


@pytest.mark.builds_on("test_of_equal_maxima_the_first_gets_everything")
def test_elements_that_are_nearly_equal_are_no_tie(learner, draw):
    x = 1 + 1e-12 * draw.permutation(3 * 2 * 6 * 8).double().reshape(3, 2, 6, 8)
    check(learner, draw, x, (3, 4), (3, 4))


@pytest.mark.builds_on("test_padding", "test_of_equal_maxima_the_first_gets_everything")
@pytest.mark.parametrize("kernel_size, stride, padding", [((3, 2), (1, 2), (1, 1)), ((4, 3), (2, 1), (2, 1))])
def test_overlap_ties_and_padding_together(learner, draw, kernel_size, stride, padding):
    x = draw.integers(-3, 1, 2, 3, 7, 6).double()
    check(learner, draw, x, kernel_size, stride, padding)


@pytest.mark.builds_on("test_windows_side_by_side")
def test_one_window_of_everything_and_windows_of_one_element(learner, draw):
    check(learner, draw, draw.normal(1, 1, 4, 3), (4, 3), (1, 1))
    check(learner, draw, draw.normal(2, 1, 4, 3), (1, 1), (1, 1))


@pytest.mark.builds_on("test_windows_that_overlap")
def test_float32_stays_float32(learner, draw):
    check(learner, draw, draw.normal(2, 3, 6, 5, dtype=torch.float32), (3, 2), (1, 2))


@pytest.mark.builds_on("test_windows_that_overlap")
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_inputs_are_left_as_they_were_in_any_layout(learner, draw, layout):
    check(learner, draw, draw.normal(2, 3, 6, 5), (3, 2), (1, 2), change=layout)
    assert_inputs_unchanged(learner)


def a_layer(draw, size):
    n, c, side = size
    single = torch.float32
    return draw.normal(n, c, side // 2, side // 2, dtype=single), draw.normal(n, c, side, side, dtype=single)


def maxpool2d_backward(solution, grad_output, x):
    return solution.maxpool2d_backward(grad_output, x, kernel_size=(2, 2), stride=(2, 2))


def by_torch(grad_output, x):
    window = (2, 2), (2, 2), (0, 0), (1, 1), False
    indices = torch.ops.aten.max_pool2d_with_indices(x, *window)[1]
    return torch.ops.aten.max_pool2d_with_indices_backward(grad_output, x, *window, indices)


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (4, 8, 16), "cuda": (32, 64, 56)}
    stopwatch.compare(maxpool2d_backward, by_torch, a_layer, sizes, operations=30)
