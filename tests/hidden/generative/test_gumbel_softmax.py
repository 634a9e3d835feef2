"""Against torch's Gumbel distribution, its softmax, and autograd."""

import pytest
import torch
from torch.distributions import Gumbel

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(4, 6), (2, 3, 5), (7,)]
TAUS = [1.0, 0.3, 2.5]
SINGLE = torch.float32


def noise(draw, *shape, dtype=torch.float64):
    uniform = draw.uniform(*shape, low=0.01, high=0.99)
    return Gumbel(torch.tensor(0.0).double(), 1.0).icdf(uniform).to(dtype)


def soft(logits, gumbel, tau):
    return torch.softmax((logits + gumbel) / tau, -1)


def one_hot(logits, gumbel):
    return torch.nn.functional.one_hot((logits + gumbel).argmax(-1), logits.shape[-1]).to(logits.dtype)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_noise_inverts_the_distribution_function(learner, draw, shape):
    uniform = draw.uniform(*shape, low=1e-6, high=1 - 1e-6)
    expected = Gumbel(torch.tensor(0.0).double(), 1.0).icdf(uniform)
    assert_matches(learner.gumbel_noise(uniform), expected, "the noise", terms=100)


@pytest.mark.parametrize("tau", TAUS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_soft_sample(learner, draw, shape, tau):
    logits, gumbel = draw.normal(*shape), noise(draw, *shape)
    actual = learner.gumbel_softmax(logits, gumbel, tau)
    assert_matches(actual, soft(logits, gumbel, tau), "the soft sample", terms=10)


@pytest.mark.builds_on("test_the_soft_sample")
@pytest.mark.parametrize("size, tau", [(10_000, 1.0), (100, 0.01)])
def test_large_logits_and_low_temperatures_do_not_overflow(learner, draw, size, tau):
    logits, gumbel = draw.uniform(4, 6, low=-size, high=size), noise(draw, 4, 6)
    logits[:, 2] = (
        logits.max(1).values - 0.3 * tau
    )  # close to the best one, so that the result isn't all zeros and ones
    gumbel[:, :] = 0.01 * tau * gumbel
    actual = learner.gumbel_softmax(logits, gumbel, tau)
    assert_matches(actual, soft(logits, gumbel, tau), "the soft sample", terms=1000)


@pytest.mark.builds_on("test_the_soft_sample")
@pytest.mark.parametrize("tau", TAUS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_hard_sample(learner, draw, shape, tau):
    logits, gumbel = draw.normal(*shape), 3 * noise(draw, *shape)
    logits[..., 0] = gumbel[..., 1] = 4.0  # the best logit, and the best noise, are often not the best sum
    actual = learner.gumbel_softmax(logits, gumbel, tau, hard=True)
    assert_matches(actual, one_hot(logits, gumbel), "the hard sample")


@pytest.mark.builds_on("test_the_hard_sample")
def test_the_first_of_several_equal_words_is_taken(learner, draw):
    logits, gumbel = draw.integers(0, 2, 9, 5).double(), torch.zeros(9, 5).double()
    first = torch.stack([torch.eye(5).double()[row.tolist().index(row.max())] for row in logits])
    assert_matches(learner.gumbel_softmax(logits, gumbel, 0.7, hard=True), first, "the hard sample")


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("tau", TAUS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_is_that_of_the_soft_sample(learner, draw, shape, tau, hard):
    logits, gumbel = draw.normal(*shape), noise(draw, *shape)
    sample = reference(lambda values: soft(values, gumbel, tau), logits)
    grad_output = draw.like(logits)
    actual = learner.gumbel_softmax_backward(grad_output, logits, gumbel, tau, hard=hard)
    assert_matches(actual, sample.gradients(grad_output)[0], "the gradient for the logits", terms=100)


def sentences(draw, n=3, t=4, v=6, e=5, dtype=torch.float64):
    return torch.softmax(draw.normal(n, t, v), -1).to(dtype), draw.normal(v, e, dtype=dtype)


@pytest.mark.parametrize("sizes", [(3, 4, 6, 5), (2, 5, 3, 7), (1, 2, 4, 3)])
def test_the_embedding_of_undecided_words(learner, draw, sizes):
    words, table = sentences(draw, *sizes)
    expected = torch.nn.functional.linear(words, table.T)
    assert_matches(learner.soft_embedding(words, table), expected, "the embedding", terms=10)


@pytest.mark.builds_on("test_the_embedding_of_undecided_words")
def test_a_decided_word_gets_its_row(learner, draw):
    table, tokens = draw.normal(6, 5), draw.integers(0, 6, 3, 4)
    words = torch.nn.functional.one_hot(tokens, 6).double()
    expected = torch.nn.functional.embedding(tokens, table)
    assert_matches(learner.soft_embedding(words, table), expected, "the embedding", terms=10)


@pytest.mark.parametrize("sizes", [(3, 4, 6, 5), (2, 5, 3, 7)])
def test_the_gradients_of_the_embedding(learner, draw, sizes):
    words, table = sentences(draw, *sizes)
    embedding = reference(torch.matmul, words, table)
    grad_output = draw.like(embedding.output)
    actual = learner.soft_embedding_backward(grad_output, words, table)
    assert_matches(actual, embedding.gradients(grad_output), ("grad_words", "grad_table"), terms=40)


@pytest.mark.builds_on("test_the_gradient_is_that_of_the_soft_sample", "test_the_gradients_of_the_embedding")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    logits, gumbel = draw.normal(2, 3, 5, dtype=SINGLE), noise(draw, 2, 3, 5, dtype=SINGLE)
    actual = learner.gumbel_softmax(strided(logits), strided(gumbel), 0.5)
    assert_matches(actual, soft(logits, gumbel, 0.5), "the soft sample", terms=10)
    assert_inputs_unchanged(learner)
    actual = learner.gumbel_softmax(strided(logits), strided(gumbel), 0.5, hard=True)
    assert_matches(actual, one_hot(logits, gumbel), "the hard sample")
    sample, grad_output = reference(lambda values: soft(values, gumbel, 0.5), logits), draw.like(logits)
    actual = learner.gumbel_softmax_backward(strided(grad_output), strided(logits), strided(gumbel), 0.5)
    assert_matches(actual, sample.gradients(grad_output)[0], "the gradient for the logits", terms=100)
    assert_inputs_unchanged(learner)
    words, table = sentences(draw, dtype=SINGLE)
    embedding = reference(torch.matmul, words, table)
    grad_output = draw.like(embedding.output)
    actual = learner.soft_embedding_backward(strided(grad_output), strided(words), strided(table))
    assert_matches(actual, embedding.gradients(grad_output), ("grad_words", "grad_table"), terms=40)
    assert_inputs_unchanged(learner)
