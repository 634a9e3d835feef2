"""Against products of rows, autograd, and torch's instance normalisation."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(2, 3, 5, 4), (3, 5, 2, 6), (1, 4, 3, 2)]
SINGLE = torch.float32


def torchs_gram(features):
    rows = features.reshape(*features.shape[:2], -1)
    return torch.stack([torch.stack([(r * row).sum(-1) for r in rows[n] for row in rows[n]]) for n in range(len(rows))])


def gram(features):
    n, c = features.shape[:2]
    return torchs_gram(features).reshape(n, c, c) / features[0].numel()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gram_matrix(learner, draw, shape):
    features = draw.normal(*shape) + 0.5
    assert_matches(learner.gram_matrix(features), gram(features), "the Gram matrix", terms=30)


@pytest.mark.builds_on("test_the_gram_matrix")
def test_the_gram_matrix_does_not_know_where_anything_is(learner, draw):
    features = draw.normal(2, 3, 4, 5)
    shuffled = features.flatten(2)[..., draw.permutation(20)].reshape(2, 3, 10, 2)
    assert_matches(learner.gram_matrix(shuffled), gram(features), "the Gram matrix", terms=30)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_gram_matrix(learner, draw, shape):
    features = draw.normal(*shape)
    matrix = reference(gram, features)
    grad_output = draw.like(matrix.output)
    actual = learner.gram_matrix_backward(grad_output, features)
    assert_matches(actual, matrix.gradients(grad_output)[0], "the gradient for the features", terms=30)


def torchs_style_loss(features, target):
    return torch.linalg.matrix_norm(gram(features) - target).square().mean()


def styles(draw, shape, dtype=torch.float64):
    """Features, and the Gram matrix of others."""
    return draw.normal(*shape, dtype=dtype), gram(draw.normal(*shape) + 1).to(dtype)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_style_loss(learner, draw, shape):
    features, target = styles(draw, shape)
    expected = torchs_style_loss(features, target)
    assert_matches(learner.style_loss(features, target), expected, "the loss", terms=200)


@pytest.mark.builds_on("test_the_gradient_of_the_gram_matrix")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_style_loss(learner, draw, shape):
    features, target = styles(draw, shape)
    grad_output = draw.normal()
    expected = reference(lambda f: torchs_style_loss(f, target), features).gradients(grad_output)[0]
    actual = learner.style_loss_backward(grad_output, features, target)
    assert_matches(actual, expected, "the gradient for the features", terms=200)


def torchs_variation(image):
    vertical = torch.diff(image, dim=2).abs().sum((1, 2, 3))
    return (vertical + torch.diff(image, dim=3).abs().sum((1, 2, 3))).mean()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_total_variation(learner, draw, shape):
    image = draw.uniform(*shape)
    assert_matches(learner.total_variation(image), torchs_variation(image), "the total variation", terms=200)


@pytest.mark.builds_on("test_the_total_variation")
@pytest.mark.parametrize("size", [(1, 6), (5, 1), (1, 1)])
def test_images_of_one_row_or_column(learner, draw, size):
    image = draw.uniform(2, 3, *size)
    assert_matches(learner.total_variation(image), torchs_variation(image), "the total variation", terms=50)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_total_variation(learner, draw, shape):
    image = draw.uniform(*shape)
    grad_output = draw.normal()
    expected = reference(torchs_variation, image).gradients(grad_output)[0]
    actual = learner.total_variation_backward(grad_output, image)
    assert_matches(actual, expected, "the gradient for the image", terms=4)


@pytest.mark.builds_on("test_the_gradient_of_the_total_variation")
def test_equal_neighbours_do_not_pull_at_each_other(learner, draw):
    image = draw.integers(0, 2, 3, 2, 6, 5).double()
    grad_output = draw.normal()
    expected = reference(torchs_variation, image).gradients(grad_output)[0]
    actual = learner.total_variation_backward(grad_output, image)
    assert_matches(actual, expected, "the gradient for the image", terms=4)


def torchs_adain(content, style, eps=1e-5):
    rows = style.flatten(2)
    spread = torch.sqrt(rows.var(2, correction=0) + eps)[..., None, None]
    return F.instance_norm(content, eps=eps) * spread + rows.mean(2)[..., None, None]


@pytest.mark.parametrize("eps", [0.3, 1e-5])
@pytest.mark.parametrize("size, other", [((5, 4), (5, 4)), ((4, 6), (3, 7)), ((2, 3), (9, 5))])
def test_adaptive_instance_normalisation(learner, draw, size, other, eps):
    content, style = draw.normal(2, 3, *size) + 1, 2.5 * draw.normal(2, 3, *other) - 1
    expected = torchs_adain(content, style, eps)
    assert_matches(learner.adain(content, style, eps=eps), expected, "the result", terms=100)


@pytest.mark.builds_on("test_adaptive_instance_normalisation")
def test_eps_is_a_hundred_thousandth_unless_given(learner, draw):
    content, style = draw.normal(2, 3, 4, 5, std=0.01), draw.normal(2, 3, 5, 3, std=0.02)
    assert_matches(learner.adain(content, style), torchs_adain(content, style), "the result", terms=100)


@pytest.mark.builds_on("test_adaptive_instance_normalisation")
def test_a_channel_that_is_constant_becomes_the_styles_mean(learner, draw):
    content, style = draw.normal(2, 3, 4, 5), draw.normal(2, 3, 5, 3)
    content[:, 1] = 2.0
    assert_matches(learner.adain(content, style), torchs_adain(content, style), "the result", terms=100)


@pytest.mark.builds_on("test_the_gradient_of_the_style_loss", "test_the_gradient_of_the_total_variation")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    features, target = styles(draw, (2, 3, 5, 4), SINGLE)
    one = draw.normal(dtype=SINGLE)
    assert_matches(learner.gram_matrix(strided(features)), gram(features), "the Gram matrix", terms=60)
    assert_inputs_unchanged(learner)
    expected = reference(lambda f: torchs_style_loss(f, target), features).gradients(one)[0]
    actual = learner.style_loss_backward(one, strided(features), strided(target))
    assert_matches(actual, expected, "the gradient of the style loss", terms=200)
    assert_inputs_unchanged(learner)
    expected = reference(torchs_variation, features).gradients(one)[0]
    actual = learner.total_variation_backward(one, strided(features))
    assert_matches(actual, expected, "the gradient of the total variation", terms=4)
    assert_inputs_unchanged(learner)
    style = draw.normal(2, 3, 6, 7, dtype=SINGLE)
    actual = learner.adain(strided(features), strided(style))
    assert_matches(actual, torchs_adain(features, style), "the result of adain", terms=100)
    assert_inputs_unchanged(learner)
