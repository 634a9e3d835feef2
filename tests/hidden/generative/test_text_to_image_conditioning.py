"""Against torch's bag of embeddings, broadcasting, autograd, and a bilinear form."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SINGLE = torch.float32
THREE = ("grad_features", "grad_gamma", "grad_beta")


def captions(draw, n=5, t=6, v=7, e=4, dtype=torch.float64):
    """Tokens, lengths from 1 on, and a table; words repeat, and the padding is full of other words."""
    return draw.integers(0, v, n, t), draw.integers(1, t, n), draw.normal(v, e, dtype=dtype)


def bag(table, tokens, lengths):
    flat = torch.cat([row[:length] for row, length in zip(tokens, lengths.tolist(), strict=True)])
    starts = torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)[:-1]])
    return F.embedding_bag(flat, table, starts, mode="mean")


SIZES = [(5, 6, 7, 4), (3, 9, 4, 5), (1, 4, 6, 3)]


@pytest.mark.parametrize("sizes", SIZES)
def test_a_caption_is_the_mean_of_its_words(learner, draw, sizes):
    tokens, lengths, table = captions(draw, *sizes)
    expected = bag(table, tokens, lengths)
    assert_matches(learner.caption_vector(tokens, lengths, table), expected, "the caption vectors", terms=9)


@pytest.mark.builds_on("test_a_caption_is_the_mean_of_its_words")
def test_captions_without_padding_and_without_words(learner, draw):
    tokens, _, table = captions(draw)
    lengths = torch.tensor([6, 0, 3, 6, 0])
    expected = bag(table, tokens, lengths)
    assert_matches(learner.caption_vector(tokens, lengths, table), expected, "the caption vectors", terms=9)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_gradient_for_the_table(learner, draw, sizes):
    tokens, lengths, table = captions(draw, *sizes)
    vectors = reference(bag, table, tokens=tokens, lengths=lengths)
    grad_output = draw.like(vectors.output)
    actual = learner.caption_vector_backward(grad_output, tokens, lengths, table)
    assert_matches(actual, vectors.gradients(grad_output)[0], "the gradient for the table", terms=50)


@pytest.mark.builds_on("test_the_gradient_for_the_table")
def test_a_caption_without_words_leaves_the_table_alone(learner, draw):
    tokens, _, table = captions(draw)
    lengths = torch.tensor([2, 0, 6, 1, 0])
    vectors = reference(bag, table, tokens=tokens, lengths=lengths)
    grad_output = draw.like(vectors.output)
    actual = learner.caption_vector_backward(grad_output, tokens, lengths, table)
    assert_matches(actual, vectors.gradients(grad_output)[0], "the gradient for the table", terms=50)


@pytest.mark.parametrize("n, c, e, h, w", [(2, 3, 4, 5, 6), (3, 5, 2, 4, 1), (1, 2, 3, 4, 5)])
def test_the_condition_as_further_channels(learner, draw, n, c, e, h, w):
    features, condition = draw.normal(n, c, h, w), draw.normal(n, e)
    repeated = condition.reshape(n, e, 1).repeat(1, 1, h * w).reshape(n, e, h, w)
    expected = torch.cat([features, repeated], 1)
    assert_matches(learner.concatenate(features, condition), expected, "the result")
    assert_inputs_unchanged(learner)


def torchs_film(features, gamma, beta):
    n, c = gamma.shape
    rows = features.reshape(n * c, -1)
    return torch.addcmul(beta.reshape(-1, 1) + rows, gamma.reshape(-1, 1), rows).reshape(features.shape)


SHAPES = [(2, 3, 5, 4), (3, 4, 2, 6), (1, 5, 3, 2)]


@pytest.mark.parametrize("shape", SHAPES)
def test_feature_wise_modulation(learner, draw, shape):
    inputs = draw.normal(*shape), draw.normal(*shape[:2]), draw.normal(*shape[:2])
    assert_matches(learner.film(*inputs), torchs_film(*inputs), "the result", terms=3)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradients_of_the_modulation(learner, draw, shape):
    inputs = draw.normal(*shape), draw.normal(*shape[:2]), draw.normal(*shape[:2])
    modulation = reference(torchs_film, *inputs)
    grad_output = draw.like(modulation.output)
    actual = learner.film_backward(grad_output, *inputs)
    assert_matches(actual, modulation.gradients(grad_output), THREE, terms=30)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_verdict_of_a_projection_discriminator(learner, draw, shape):
    n, c = shape[:2]
    features, condition, weight, bias = draw.normal(*shape), draw.normal(n, c), draw.normal(c), draw.normal()
    h = features.flatten(2).sum(2)
    fits = torch.stack([torch.dot(condition[i], h[i]) for i in range(n)])
    expected = F.linear(h, weight[None], bias[None])[:, 0] + fits
    actual = learner.projection_score(features, condition, weight, bias)
    assert_matches(actual, expected, "the verdicts", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradient_for_the_table", "test_the_gradients_of_the_modulation")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    tokens, lengths, table = captions(draw, dtype=SINGLE)
    vectors = reference(bag, table, tokens=tokens, lengths=lengths)
    actual = learner.caption_vector(strided(tokens), strided(lengths), strided(table))
    assert_matches(actual, vectors.output, "the caption vectors", terms=9)
    assert_inputs_unchanged(learner)
    grad_output = draw.like(vectors.output)
    actual = learner.caption_vector_backward(strided(grad_output), strided(tokens), strided(lengths), strided(table))
    assert_matches(actual, vectors.gradients(grad_output)[0], "the gradient for the table", terms=50)
    assert_inputs_unchanged(learner)
    inputs = draw.normal(2, 3, 5, 4, dtype=SINGLE), draw.normal(2, 3, dtype=SINGLE), draw.normal(2, 3, dtype=SINGLE)
    modulation = reference(torchs_film, *inputs)
    assert_matches(learner.film(*map(strided, inputs)), modulation.output, "the result", terms=3)
    assert_inputs_unchanged(learner)
    grad_output = draw.like(modulation.output)
    actual = learner.film_backward(strided(grad_output), *map(strided, inputs))
    assert_matches(actual, modulation.gradients(grad_output), THREE, terms=30)
    assert_inputs_unchanged(learner)
