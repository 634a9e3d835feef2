"""Strides against what torch says of its tensors, windows against unfold; shared memory is looked at in the worker."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

SHAPES = [(4,), (3, 5), (2, 3, 4), (5, 1, 2), (2, 3, 4, 5), ()]


@pytest.mark.parametrize("shape", SHAPES)
def test_strides_of_a_fresh_tensor(learner, shape):
    assert_matches(learner.contiguous_strides(shape), torch.empty(shape).stride(), f"strides of {shape}")


@pytest.mark.builds_on("test_strides_of_a_fresh_tensor")
def test_strides_of_shapes_drawn_at_random(learner, draw):
    for _ in range(6):
        shape = tuple(draw.integers(1, 7, draw.integer(1, 6)).tolist())
        assert_matches(learner.contiguous_strides(shape), torch.empty(shape).stride(), f"strides of {shape}")


@pytest.mark.parametrize("turn", ["permuted", "sliced", "stepped"])
def test_where_an_element_lies_in_memory(learner, draw, turn):
    base = torch.arange(5 * 6 * 7).reshape(5, 6, 7)
    views = {"permuted": base.permute(2, 0, 1), "sliced": base[1:4, 2:, 3:5], "stepped": base[::2, 1::3, ::2]}
    view = views[turn]
    for _ in range(8):
        index = tuple(draw.integer(0, size) for size in view.shape)
        actual = learner.memory_offset(index, view.stride(), view.storage_offset())
        assert_matches(actual, int(view[index]), f"the place of {index}")


@pytest.mark.builds_on("test_where_an_element_lies_in_memory")
def test_negative_indices_count_from_the_end(learner, draw):
    base = torch.arange(5 * 6).reshape(5, 6)
    shape, strides = tuple(base.shape), base.stride()
    for index in [(-1, 0), (2, -6), (-5, -1)]:
        actual = learner.memory_offset(index, strides, 0, shape=shape)
        assert_matches(actual, int(base[index]), f"the place of {index}")


@pytest.mark.builds_on("test_strides_of_a_fresh_tensor")
def test_what_is_contiguous(learner):
    base = torch.empty(2, 3, 4)
    views = {
        "as it was made": base,
        "transposed": base.transpose(0, 1),
        "permuted": base.permute(2, 0, 1),
        "the first of two": base[:1],
        "every second column": base[..., ::2],
        "one row": base[1, 2],
        "one column": base[0, :, 1],
        "expanded": torch.empty(1, 3).expand(2, 3),
        "an axis of length one moved": torch.empty(4, 1, 3).transpose(0, 1),
        "without elements": torch.empty(0, 3).T,
    }
    for name, view in views.items():
        actual = learner.is_contiguous(tuple(view.shape), view.stride())
        assert_matches(
            actual, view.is_contiguous(), f"a tensor {name}, shape {tuple(view.shape)}, strides {view.stride()}"
        )


def windows_and_memory(solution, x, size, step):
    """The windows, and whether they lie in the memory of x."""
    found = solution.windows(x, size, step)
    return found, found.data_ptr() == x.data_ptr() and found.untyped_storage().nbytes() == x.untyped_storage().nbytes()


@pytest.mark.parametrize("length, size, step", [(9, 3, 1), (10, 4, 3), (8, 2, 2), (7, 7, 1), (11, 3, 5)])
def test_windows_over_a_signal(learner, draw, length, size, step):
    x = draw.normal(length)
    assert_matches(learner.windows(x, size, step), x.unfold(0, size, step), "the windows")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_windows_over_a_signal")
def test_windows_over_every_second_element(learner, draw):
    x = draw.normal(24)[1::2]
    assert_matches(learner.windows(x, 4, 3), x.unfold(0, 4, 3), "the windows")


@pytest.mark.builds_on("test_windows_over_a_signal")
def test_windows_take_no_memory(learner, draw):
    x = draw.normal(12)
    expected = (x.unfold(0, 5, 2), True)
    assert_matches(learner.run(windows_and_memory, x, 5, 2), expected, ("the windows", "shares memory"))


@pytest.mark.builds_on("test_windows_over_a_signal")
@pytest.mark.parametrize("size, step", [(6, 1), (0, 1), (3, 0)])
def test_impossible_windows_are_refused(learner, draw, size, step):
    assert_raises(ValueError, learner.windows, draw.normal(5), size, step)


def broadcast_and_memory(solution, row, n):
    """The repeated row, and whether all rows are the same memory."""
    found = solution.repeat_rows(row, n)
    return found, found.data_ptr() == row.data_ptr()


@pytest.mark.parametrize("n", [4, 1])
def test_rows_repeated_without_a_copy(learner, draw, n):
    row = draw.normal(3)
    expected = (row.expand(n, 3), True)
    assert_matches(learner.run(broadcast_and_memory, row, n), expected, ("the rows", "shares memory"))
