"""Beside the plain formula in float64; the kernel also on tiles of the suite's own, with memory behind the tensors."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

NAMES = ("out", "lse")


def launch(solution, q, k, v, out, lse, shape, scale, causal, blocks):
    heads, t, s, d = shape
    bt, bs = blocks
    grid = ((t + bt - 1) // bt, heads)
    solution.attention_kernel[grid](q, k, v, out, lse, t, s, scale, CAUSAL=causal, D=d, BLOCK_T=bt, BLOCK_S=bs)
    return out, lse


def right(q, k, v, scale, causal):
    q, k, v = q.double(), k.double(), v.double()
    score = scale * q @ k.transpose(-1, -2)
    if causal:
        score = score.masked_fill(torch.ones(score.shape[-2:], dtype=torch.bool).triu(1), -torch.inf)
    return (torch.softmax(score, -1) @ v).float(), score.logsumexp(-1).float()


def case(draw, heads, t, s, d):
    return tuple(1.5 * draw.normal(heads, n, d, dtype=torch.float32) for n in (t, s, s))


def launched(learner, q, k, v, scale, causal, blocks, d):
    shape = (q.shape[0], q.shape[1], k.shape[1], d)
    out, lse = torch.zeros(q.shape), torch.zeros(q.shape[:2])
    return learner.run(launch, q, k, v, out, lse, shape, scale, causal, blocks)


@pytest.mark.parametrize("heads", [1, 3])
def test_one_tile_of_keys(learner, draw, heads):
    q, k, v = case(draw, heads, 16, 16, 16)
    got = launched(learner, q, k, v, 0.25, False, (16, 16), 16)
    assert_matches(got, right(q, k, v, 0.25, False), NAMES, terms=64)


@pytest.mark.parametrize("s", [32, 64])
def test_several_tiles_of_keys(learner, draw, s):
    q, k, v = case(draw, 2, 16, s, 32)
    got = launched(learner, q, k, v, 0.2, False, (16, 16), 32)
    assert_matches(got, right(q, k, v, 0.2, False), NAMES, terms=128)


def test_the_largest_score_may_come_last_or_first(learner, draw):
    q, k, v = case(draw, 2, 16, 48, 16)
    q, k = q.abs(), k.abs() * torch.linspace(0, 4, 48)[:, None]
    k[1] = k[1].flip(0)
    got = launched(learner, q, k, v, 1.0, False, (16, 16), 16)
    assert_matches(got, right(q, k, v, 1.0, False), NAMES, terms=1000)


@pytest.mark.parametrize(("t", "s"), [(5, 16), (16, 7), (21, 37), (1, 1), (3, 50)])
@pytest.mark.parametrize("blocks", [(16, 32), (32, 16)])
def test_numbers_that_no_tile_divides(learner, draw, t, s, blocks):
    heads, d = 2, 16
    q, k, v = case(draw, heads, t, s, d)
    behind = [torch.cat([x.flatten(), 100 * draw.normal(1000, dtype=torch.float32)]) for x in (q, k, v)]
    out, lse = draw.normal(heads * t * d + 500, dtype=torch.float32), draw.normal(heads * t + 50, dtype=torch.float32)
    y, z = right(q, k, v, 0.25, False)
    expected = torch.cat([y.flatten(), out[y.numel() :]]), torch.cat([z.flatten(), lse[z.numel() :]])
    got = learner.run(launch, *behind, out.clone(), lse.clone(), (heads, t, s, d), 0.25, False, blocks)
    assert_matches(got, expected, ("out and what lies behind it", "lse and what lies behind it"), terms=128)


@pytest.mark.builds_on("test_numbers_that_no_tile_divides")  # a store without a mask would ruin the heap
@pytest.mark.parametrize("blocks", [(16, 16), (16, 32), (32, 16)])
@pytest.mark.parametrize("t", [16, 48, 37])
def test_a_query_sees_no_later_key(learner, draw, t, blocks):
    q, k, v = case(draw, 2, t, t, 16)
    got = launched(learner, q, k, v, 0.25, True, blocks, 16)
    assert_matches(got, right(q, k, v, 0.25, True), NAMES, terms=128)


@pytest.mark.builds_on("test_numbers_that_no_tile_divides")
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("shape", [(2, 3, 40, 16), (1, 2, 70, 32)])
def test_attention_of_heads_and_batches(learner, draw, shape, causal):
    q, k, v = (1.5 * draw.normal(*shape, dtype=torch.float32) for _ in range(3))
    expected = right(q, k, v, shape[-1] ** -0.5, causal)
    assert_matches(learner.attention(q, k, v, causal), expected, NAMES, terms=128)


@pytest.mark.builds_on("test_attention_of_heads_and_batches")
def test_more_keys_than_queries(learner, draw):
    q = draw.normal(2, 2, 5, 16, dtype=torch.float32)
    k, v = (draw.normal(2, 2, 75, 16, dtype=torch.float32) for _ in range(2))
    assert_matches(learner.attention(q, k, v), right(q, k, v, 0.25, False), NAMES, terms=128)


@pytest.mark.builds_on("test_attention_of_heads_and_batches")
def test_large_scores_do_not_overflow(learner, draw):
    q, k, v = (draw.normal(1, 2, 20, 16, dtype=torch.float32) for _ in range(3))
    q = 100 * q
    got = learner.attention(q, k, v)
    assert_matches(got, right(q, k, v, 0.25, False), NAMES, terms=20_000)


@pytest.mark.builds_on("test_attention_of_heads_and_batches")
def test_inputs_are_left_alone(learner, draw):
    learner.attention(*(draw.normal(1, 2, 5, 16, dtype=torch.float32) for _ in range(3)))
    assert_inputs_unchanged(learner)


def scenario_out(solution, q, k, v):
    return solution.attention(q, k, v, True)[0]


def plain(q, k, v):
    score = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    later = torch.ones(score.shape[-2:], dtype=torch.bool, device=score.device).triu(1)
    return torch.softmax(score.masked_fill(later, -torch.inf), -1) @ v


def heads(draw, length):
    return tuple(draw.normal(2, 8, length, 64, dtype=torch.float32) for _ in range(3))


@pytest.mark.speed(gates=True)
def test_it_is_no_slower_than_the_plain_formula(learner, stopwatch):
    stopwatch.compare(scenario_out, plain, heads, {"cuda": 2048}, limits={"cuda": 2.0}, memory=0.5, terms=2048)
