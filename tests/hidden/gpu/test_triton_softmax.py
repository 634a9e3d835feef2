"""Beside torch.softmax in float64; the kernel also on rows that lie apart."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

FILL = 7.0  # what stands between the rows and behind them


def launch(solution, x, out, rows, cols, block):
    """Both tensors have room between and behind the rows, so that whatever has no mask is seen there."""
    solution.softmax_kernel[(rows,)](x, out, x.stride(0), out.stride(0), cols, BLOCK=block)
    return out


def right(x):
    return torch.softmax(x.double(), dim=1).float()


def with_room(x, gap, room):
    """The rows of x, `gap` elements between them, and `room` behind the last."""
    stride = x.shape[1] + gap
    return torch.nn.functional.pad(x, (0, gap, 0, -(-room // stride)), value=FILL)


def assert_rows(learner, x, block, gaps=(0, 0)):
    """The softmax of the rows of x, and nothing else written."""
    rows, cols = x.shape
    room = block + rows * max(gaps)  # so far does a row reach that has no mask, or the other's stride
    out, expected = (with_room(values, gaps[1], room) for values in (torch.full_like(x, FILL), right(x)))
    names = "out, with what lies between and behind its rows,"
    got = learner.run(launch, with_room(x, gaps[0], room), out, rows, cols, block)
    assert_matches(got, expected, names, terms=block)


@pytest.mark.parametrize(("rows", "cols"), [(3, 8), (5, 16)])
def test_a_row_that_fills_its_block(learner, draw, rows, cols):
    assert_rows(learner, 2 * draw.normal(rows, cols, dtype=torch.float32), cols)


@pytest.mark.parametrize(("rows", "cols", "block"), [(3, 5, 8), (4, 9, 16), (2, 3, 32)])
def test_what_pads_a_block_takes_no_share(learner, draw, rows, cols, block):
    assert_rows(learner, 2 * draw.normal(rows, cols, dtype=torch.float32), block)


@pytest.mark.parametrize(("rows", "cols", "block"), [(3, 5, 8), (2, 7, 16)])
def test_negative_rows_are_not_lifted_by_the_padding(learner, draw, rows, cols, block):
    assert_rows(learner, draw.normal(rows, cols, dtype=torch.float32) - 200, block)


@pytest.mark.parametrize("gaps", [(5, 0), (0, 7), (3, 2)])
def test_rows_may_lie_apart_and_what_is_between_stays(learner, draw, gaps):
    assert_rows(learner, draw.normal(4, 6, dtype=torch.float32), 8, gaps)


@pytest.mark.builds_on("test_rows_may_lie_apart_and_what_is_between_stays", "test_what_pads_a_block_takes_no_share")
@pytest.mark.parametrize("shape", [(4, 3), (2, 1000), (7, 64), (3, 1), (2, 5000)])
def test_softmax_of_any_width(learner, draw, shape):
    x = 2 * draw.normal(*shape, dtype=torch.float32)
    assert_matches(learner.softmax(x), right(x), "the result", terms=shape[1])


@pytest.mark.builds_on("test_softmax_of_any_width")
@pytest.mark.parametrize("top", [100.0, 1e4])
def test_large_logits_do_not_overflow(learner, draw, top):
    x = draw.normal(3, 10, dtype=torch.float32) + top
    assert_matches(learner.softmax(x), right(x), "the result", terms=10)


@pytest.mark.builds_on("test_softmax_of_any_width")
def test_part_of_a_wider_tensor(learner, draw):
    x = draw.normal(5, 12, dtype=torch.float32)[:, 2:9]
    assert_matches(learner.softmax(x), right(x), "the result", terms=7)


@pytest.mark.builds_on("test_softmax_of_any_width")
def test_minus_infinity_gets_no_share(learner, draw):
    x = draw.normal(3, 6, dtype=torch.float32)
    x[:, 4] = -torch.inf
    assert_matches(learner.softmax(x), right(x), "the result", terms=6)


@pytest.mark.builds_on("test_softmax_of_any_width")
def test_the_input_is_left_alone(learner, draw):
    learner.softmax(draw.normal(3, 5, dtype=torch.float32))
    assert_inputs_unchanged(learner)


def plain(x):
    return torch.softmax(x, dim=1)


def rows_of_4096(draw, rows):
    return (draw.normal(rows, 4096, dtype=torch.float32),)


@pytest.mark.speed(gates=True)
def test_it_is_as_fast_as_memory(learner, stopwatch):
    stopwatch.compare("softmax", plain, rows_of_4096, {"cuda": 4096}, limits={"cuda": 1.6}, terms=4096)
