"""Against torch's own strides and layouts, and against counting addresses one by one."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def true_strides(shape, order):
    made = torch.empty([shape[axis] for axis in order])
    back = [order.index(axis) for axis in range(len(shape))]
    return made.permute(back).stride()


@pytest.mark.parametrize(
    "shape, order",
    [
        ((2, 3, 4), (0, 1, 2)),
        ((2, 3, 4, 5), (0, 2, 3, 1)),
        ((4, 3), (1, 0)),
        ((2, 5, 3), (2, 0, 1)),
        ((7,), (0,)),
        ((2, 3, 4, 5, 6), (0, 2, 3, 4, 1)),
    ],
)
def test_strides_of_a_layout(learner, shape, order):
    assert_matches(learner.strides_of(shape, order), true_strides(shape, order), "the strides")


@pytest.mark.builds_on("test_strides_of_a_layout")
def test_strides_of_thirty_random_layouts(learner, draw):
    for _ in range(30):
        shape = tuple(draw.integers(2, 6, draw.integer(1, 5)).tolist())
        order = tuple(draw.permutation(len(shape)).tolist())
        assert_matches(learner.strides_of(shape, order), true_strides(shape, order), f"the strides of {shape}, {order}")


def laid_out(solution, x):
    y = solution.to_channels_last(x)
    return y, y.stride(), y.data_ptr() == x.data_ptr()


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (4, 2, 3, 3), (3, 8, 2, 6)])
def test_channels_last(learner, draw, shape):
    x = draw.normal(*shape)
    expected = x.contiguous(memory_format=torch.channels_last).stride()
    assert_matches(learner.run(laid_out, x), (x, expected, False), ("the values", "the strides", "whether x is shared"))


@pytest.mark.builds_on("test_channels_last")
def test_channels_last_of_any_layout(learner, draw):
    x = draw.normal(2, 3, 4, 5)
    expected = x.contiguous(memory_format=torch.channels_last).stride()
    got = learner.run(laid_out, strided(x))
    assert_matches(got, (x, expected, False), ("the values", "the strides", "whether x is shared"))
    assert_inputs_unchanged(learner)


def count(stride, element_size, warp, segment, offset):
    touched = set()
    for thread in range(warp):
        begin = offset + thread * stride * element_size
        touched |= {byte // segment for byte in range(begin, begin + element_size)}
    return len(touched)


@pytest.mark.parametrize("stride", [0, 1, 2, 3, 8, 9, 32, 1000])
def test_transactions_by_stride(learner, stride):
    assert_matches(learner.transactions(stride, 4), count(stride, 4, 32, 32, 0), "the transactions")


@pytest.mark.builds_on("test_transactions_by_stride")
@pytest.mark.parametrize("element_size", [1, 2, 4, 8, 16])
def test_transactions_by_element(learner, element_size):
    for stride in (0, 1, 2, 5, 40):
        expected = count(stride, element_size, 32, 32, 0)
        assert_matches(learner.transactions(stride, element_size), expected, f"the transactions of stride {stride}")


@pytest.mark.builds_on("test_transactions_by_stride")
def test_what_is_not_aligned_touches_one_more(learner):
    assert_matches(learner.transactions(1, 4, offset=4), count(1, 4, 32, 32, 4), "the transactions")
    assert_matches(learner.transactions(1, 4, offset=64), count(1, 4, 32, 32, 64), "the transactions")


@pytest.mark.builds_on("test_transactions_by_element", "test_what_is_not_aligned_touches_one_more")
def test_transactions_of_sixty_random_accesses(learner, draw):
    for _ in range(60):
        size = draw.choice([1, 2, 4, 8])
        stride, offset = draw.integer(0, 40), size * draw.integer(0, 100)
        warp, segment = draw.choice([16, 32, 64]), draw.choice([32, 64, 128])
        expected = count(stride, size, warp, segment, offset)
        got = learner.transactions(stride, size, warp=warp, segment=segment, offset=offset)
        assert_matches(got, expected, f"the transactions of {stride=}, {size=}, {warp=}, {segment=}, {offset=}")


@pytest.mark.builds_on("test_transactions_by_stride")
def test_the_axis_for_consecutive_threads(learner, draw):
    for _ in range(40):
        shape = tuple(draw.integers(2, 6, 4).tolist())
        order = tuple(draw.permutation(4).tolist())
        strides = true_strides(shape, order)
        assert_matches(learner.axis_to_run_along(shape, strides), order[-1], f"the axis of {shape}, {strides}")


@pytest.mark.builds_on("test_the_axis_for_consecutive_threads")
def test_an_axis_of_size_one_is_none_to_run_along(learner):
    assert_matches(learner.axis_to_run_along((4, 1, 5), (5, 1, 1)), 2, "the axis")
    assert_matches(learner.axis_to_run_along((3, 6, 1), (6, 1, 1)), 1, "the axis")
    assert_matches(learner.axis_to_run_along((1, 7, 2), (1, 2, 1)), 2, "the axis")
