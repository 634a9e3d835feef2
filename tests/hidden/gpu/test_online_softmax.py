"""Against torch.logsumexp and softmax, block by block; each block is seen once."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def streamed(solution, blocks):
    """All blocks, one after the other."""
    state = solution.start(blocks[0].shape[0], blocks[0].dtype)
    for block in blocks:
        state = solution.absorb(state, block)
    return state


def tree(solution, blocks):
    """Each block by itself; then the states are merged, the later half with the earlier."""
    states = [solution.absorb(solution.start(block.shape[0], block.dtype), block) for block in blocks]
    while len(states) > 1:
        states = [solution.merge(states[i], states[i + 1]) for i in range(0, len(states) - 1, 2)] + states[
            len(states) // 2 * 2 :
        ]
    return states[0]


def finished(solution, blocks):
    return solution.log_sum_exp(streamed(solution, blocks))


def expected_state(blocks):
    x = torch.cat(blocks, 1)
    top = x.amax(1)
    shift = torch.where(top == -math.inf, 0.0, top)
    return top, (x - shift[:, None]).exp().sum(1)


def blocks_of(draw, rows, widths, std=3.0, dtype=torch.float64):
    return [draw.normal(rows, width, std=std, dtype=dtype) for width in widths]


@pytest.mark.parametrize("rows, dtype", [(3, torch.float64), (2, torch.float32)])
def test_the_start_has_seen_nothing(learner, rows, dtype):
    nothing = torch.full((rows,), -math.inf, dtype=dtype), torch.zeros(rows, dtype=dtype)
    assert_matches(learner.start(rows, dtype), nothing, ("the maximum", "the sum"))


@pytest.mark.parametrize("rows, width", [(3, 4), (2, 7), (1, 5)])
def test_one_block(learner, draw, rows, width):
    blocks = blocks_of(draw, rows, [width])
    assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=width)


@pytest.mark.builds_on("test_one_block")
@pytest.mark.parametrize("widths", [(3, 3), (4, 2, 5), (1, 1, 1, 1), (2, 6, 3, 4)])
def test_block_after_block(learner, draw, widths):
    blocks = blocks_of(draw, 4, widths)
    assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=sum(widths))


@pytest.mark.builds_on("test_block_after_block")
def test_the_maximum_may_come_early_or_late(learner, draw):
    rising = [torch.full((2, 3), 10.0 * k, dtype=torch.float64) + draw.normal(2, 3) for k in range(4)]
    for blocks in (rising, rising[::-1]):
        assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=12)


@pytest.mark.builds_on("test_block_after_block")
@pytest.mark.parametrize("dtype, offset", [(torch.float32, 1e4), (torch.float64, -5e3)])
def test_large_numbers_do_not_overflow(learner, draw, dtype, offset):
    blocks = [block + offset for block in blocks_of(draw, 3, (4, 5), dtype=dtype)]
    assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=9)


@pytest.mark.builds_on("test_block_after_block")
def test_masked_positions_hold_minus_infinity(learner, draw):
    blocks = blocks_of(draw, 3, (4, 4, 2))
    blocks[0][1] = -math.inf  # a whole block of a row
    blocks[1][0, 2:] = -math.inf
    assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=10)


@pytest.mark.builds_on("test_masked_positions_hold_minus_infinity")
def test_a_row_that_is_masked_everywhere_has_no_mass(learner, draw):
    blocks = blocks_of(draw, 2, (3, 2))
    for block in blocks:
        block[1] = -math.inf
    assert_matches(learner.run(streamed, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=5)
    assert_matches(learner.run(finished, blocks), torch.logsumexp(torch.cat(blocks, 1), 1), "log Σ exp", terms=5)


@pytest.mark.builds_on("test_block_after_block")
@pytest.mark.parametrize("widths", [(3, 4), (2, 5, 3), (1, 4, 2, 6, 3)])
def test_states_can_be_merged(learner, draw, widths):
    blocks = blocks_of(draw, 4, widths)
    assert_matches(learner.run(tree, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=sum(widths))


@pytest.mark.builds_on("test_states_can_be_merged", "test_masked_positions_hold_minus_infinity")
def test_merging_with_a_row_that_has_seen_nothing(learner, draw):
    blocks = blocks_of(draw, 3, (4, 4))
    blocks[1][2] = -math.inf
    blocks[0][0] = -math.inf
    blocks[0][1] = blocks[1][1] = -math.inf
    assert_matches(learner.run(tree, blocks), expected_state(blocks), ("the maximum", "the sum"), terms=8)


@pytest.mark.builds_on("test_block_after_block")
@pytest.mark.parametrize("widths", [(5,), (2, 6), (3, 1, 4)])
def test_log_sum_exp(learner, draw, widths):
    blocks = blocks_of(draw, 5, widths)
    assert_matches(learner.run(finished, blocks), torch.logsumexp(torch.cat(blocks, 1), 1), "log Σ exp", terms=12)


@pytest.mark.builds_on("test_log_sum_exp", "test_large_numbers_do_not_overflow")
@pytest.mark.parametrize("dtype, offset", [(torch.float32, 1e4), (torch.float64, -5e3)])
def test_log_sum_exp_of_large_numbers(learner, draw, dtype, offset):
    blocks = [block + offset for block in blocks_of(draw, 3, (4, 5), dtype=dtype)]
    assert_matches(learner.run(finished, blocks), torch.logsumexp(torch.cat(blocks, 1), 1), "log Σ exp", terms=9)


@pytest.mark.builds_on("test_one_block")
def test_inputs_are_left_as_they_were(learner, draw):
    state = draw.normal(3), draw.uniform(3, low=1, high=2)
    learner.absorb(state, draw.normal(3, 4))
    assert_inputs_unchanged(learner)
    learner.merge(state, (draw.normal(3), draw.uniform(3)))
    assert_inputs_unchanged(learner)
