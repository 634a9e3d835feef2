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


def backward(learner, draw, causal, n, m, block, d=3, e=5):
    q, k, v = qkv(draw, n, m, d, e)
    grad_output = draw.normal(n, e)
    ref = reference(lambda q, k, v: attention(q, k, v, causal)[0], q, k, v)
    out, log_sum_exp = attention(q, k, v, causal)
    got = learner.attention_backward(grad_output, q, k, v, out, log_sum_exp, block, causal=causal)
    assert_matches(got, ref.gradients(grad_output), ("grad_q", "grad_k", "grad_v"), terms=d * n * m)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_it_matches_torch")
@pytest.mark.parametrize("n, m, block", [(6, 9, 4), (5, 7, 3), (4, 8, 20)])
def test_the_gradients(learner, draw, n, m, block):
    backward(learner, draw, False, n, m, block)


@pytest.mark.builds_on("test_the_gradients", "test_causal")
@pytest.mark.parametrize("n, m, block", [(6, 6, 4), (3, 8, 3)])
def test_the_gradients_of_causal_attention(learner, draw, n, m, block):
    backward(learner, draw, True, n, m, block)


@pytest.mark.builds_on("test_the_gradients")
def test_the_gradients_of_large_scores(learner, draw):
    q, k, v = qkv(draw, 5, 8, 6, 3)
    q[:, 0], k[:, 0] = 45.0, 45.0  # 827 more for every score: exp overflows, and the softmax is what it was
    grad_output = draw.normal(5, 3)
    ref = reference(lambda q, k, v: attention(q, k, v)[0], q, k, v)
    got = learner.attention_backward(grad_output, q, k, v, *attention(q, k, v), 3)
    assert_matches(got, ref.gradients(grad_output), ("grad_q", "grad_k", "grad_v"), terms=240)


@pytest.mark.builds_on("test_the_gradients")
@pytest.mark.parametrize("change", [torch.Tensor.float, strided], ids=["float32", "strided"])
def test_the_gradients_in_single_precision_and_in_any_layout(learner, draw, change):
    q, k, v, grad_output = map(change, (*qkv(draw, 5, 8, 6, 3), draw.normal(5, 3)))
    ref = reference(lambda q, k, v: attention(q, k, v)[0], q, k, v)
    got = learner.attention_backward(grad_output, q, k, v, *attention(q, k, v), 3)
    assert_matches(got, ref.gradients(grad_output), ("grad_q", "grad_k", "grad_v"), terms=240)


@pytest.mark.builds_on("test_causal", "test_blocks_of_one_and_a_last_block_that_is_shorter")
@pytest.mark.parametrize("causal", [False, True])
def test_the_scores_are_never_all_there(learner, draw, causal):
    q, k, v = qkv(draw, 256, 256, 8, 8)  # so many that the mask of all scores, a byte for each, is too much as well
    cost = cost_of(learner, "attention", q, k, v, 16, causal=causal)
    why = "A tile of scores is 256 × 16; all of them, 256 × 256, must never be in memory, nor their mask."
    assert_largest(cost, 8 * 256 * 17, why)


@pytest.mark.builds_on("test_the_gradients", "test_the_gradients_of_causal_attention")
@pytest.mark.parametrize("causal", [False, True])
def test_nor_in_the_backward_pass(learner, draw, causal):
    q, k, v = qkv(draw, 256, 256, 8, 8)
    given = (draw.normal(256, 8), q, k, v, *attention(q, k, v, causal), 16)
    cost = cost_of(learner, "attention_backward", *given, causal=causal)
    assert_largest(cost, 8 * 256 * 17, "They have to be made again, tile by tile, from q, k and log_sum_exp.")


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
