"""Against torch's attention and its autograd; and by the largest tensor that is made on the way."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_largest, assert_matches, cost_of, reference, strided


def qkv(draw, n=6, m=9, d=4, e=3):
    return draw.normal(n, d), draw.normal(m, d), draw.normal(m, e)


def attention(q, k, v, causal=False):
    scores = q @ k.T / q.shape[1] ** 0.5
    if causal:
        n, m = scores.shape
        scores = scores.masked_fill(torch.arange(m) > torch.arange(n)[:, None] + m - n, -torch.inf)
    return torch.softmax(scores, 1) @ v, torch.logsumexp(scores, 1)


@pytest.mark.parametrize("n, m, d, e, block", [(6, 9, 4, 3, 4), (5, 8, 3, 6, 8), (4, 7, 2, 5, 3), (3, 5, 4, 2, 100)])
def test_it_matches_torch(learner, draw, n, m, d, e, block):
    q, k, v = qkv(draw, n, m, d, e)
    assert_matches(learner.attention(q, k, v, block), attention(q, k, v), ("out", "log_sum_exp"), terms=d * m)


@pytest.mark.builds_on("test_it_matches_torch")
def test_blocks_of_one_and_a_last_block_that_is_shorter(learner, draw):
    q, k, v = qkv(draw, m=7)
    for block in (1, 2, 3, 6):
        assert_matches(learner.attention(q, k, v, block), attention(q, k, v), ("out", "log_sum_exp"), terms=28)


@pytest.mark.builds_on("test_it_matches_torch")
def test_large_scores(learner, draw):
    q, k, v = qkv(draw)
    assert_matches(learner.attention(100 * q, k, v, 4), attention(100 * q, k, v), ("out", "log_sum_exp"), terms=36)


@pytest.mark.builds_on("test_it_matches_torch")
@pytest.mark.parametrize("n, m, block", [(6, 6, 4), (5, 5, 2), (3, 8, 3), (4, 9, 2), (7, 7, 1)])
def test_causal(learner, draw, n, m, block):
    q, k, v = qkv(draw, n, m)
    expected = attention(q, k, v, causal=True)
    assert_matches(learner.attention(q, k, v, block, causal=True), expected, ("out", "log_sum_exp"), terms=36)


@pytest.mark.builds_on("test_it_matches_torch")
def test_dtype_layout_and_inputs(learner, draw):
    q, k, v = (t.float() for t in qkv(draw))
    assert_matches(learner.attention(q, k, v, 4), attention(q, k, v), ("out", "log_sum_exp"), terms=36)
    q, k, v = qkv(draw)
    got = learner.attention(strided(q), strided(k), strided(v), 4)
    assert_matches(got, attention(q, k, v), ("out", "log_sum_exp"), terms=36)
    assert_inputs_unchanged(learner)


def backward(learner, draw, causal, n, m, block):
    q, k, v = qkv(draw, n, m)
    grad_output = draw.normal(n, 3)
    ref = reference(lambda q, k, v: attention(q, k, v, causal)[0], q, k, v)
    out, log_sum_exp = attention(q, k, v, causal)
    got = learner.attention_backward(grad_output, q, k, v, out, log_sum_exp, block, causal=causal)
    assert_matches(got, ref.gradients(grad_output), ("grad_q", "grad_k", "grad_v"), terms=4 * n * m)


@pytest.mark.builds_on("test_it_matches_torch")
@pytest.mark.parametrize("n, m, block", [(6, 9, 4), (5, 7, 3), (4, 8, 20)])
def test_the_gradients(learner, draw, n, m, block):
    backward(learner, draw, False, n, m, block)


@pytest.mark.builds_on("test_the_gradients", "test_causal")
@pytest.mark.parametrize("n, m, block", [(6, 6, 4), (3, 8, 3)])
def test_the_gradients_of_causal_attention(learner, draw, n, m, block):
    backward(learner, draw, True, n, m, block)


@pytest.mark.builds_on("test_causal", "test_blocks_of_one_and_a_last_block_that_is_shorter")
@pytest.mark.parametrize("causal", [False, True])
def test_the_scores_are_never_all_there(learner, draw, causal):
    q, k, v = qkv(draw, 128, 128, 8, 8)
    cost = cost_of(learner, "attention", q, k, v, 16, causal=causal)
    why = "A tile of scores is 128 × 16; all of them, 128 × 128, must never be in memory."
    assert_largest(cost, 8 * 128 * 17, why)


@pytest.mark.builds_on("test_the_gradients")
def test_nor_in_the_backward_pass(learner, draw):
    q, k, v = qkv(draw, 128, 128, 8, 8)
    out, log_sum_exp = attention(q, k, v)
    cost = cost_of(learner, "attention_backward", draw.normal(128, 8), q, k, v, out, log_sum_exp, 16)
    assert_largest(cost, 8 * 128 * 17, "They have to be made again, tile by tile, from q, k and log_sum_exp.")


def inputs(draw, size):
    n, d = size
    return (*(draw.normal(n, d, dtype=torch.float32) for _ in range(3)), max(64, n // 8))


def by_torch(q, k, v, block):
    scores = q @ k.T / q.shape[1] ** 0.5
    return F.softmax(scores, 1) @ v, torch.logsumexp(scores, 1)


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (256, 32), "cuda": (8192, 64)}
    stopwatch.compare("attention", by_torch, inputs, sizes, operations=80, terms=8192)
