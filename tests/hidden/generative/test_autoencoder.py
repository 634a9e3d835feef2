"""Against autograd, torch's losses, and the singular value decomposition of the centred data."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

GRADS = ("grad_x", "grad_w_enc", "grad_b_enc", "grad_w_dec", "grad_b_dec")
PARAMS = ("w_enc", "b_enc", "w_dec", "b_dec")
SIZES = [(7, 5, 3), (4, 6, 2), (1, 4, 3)]


def network(draw, n=7, d=5, k=3, dtype=torch.float64):
    """Inputs, and the parameters of an encoder and a decoder that are not each other's transposes."""
    shapes = [(n, d), (k, d), (k,), (d, k), (d,)]
    return tuple(draw.normal(*shape, dtype=dtype) for shape in shapes)


def torchs(x, w_enc, b_enc, w_dec, b_dec):
    return F.linear(F.linear(x, w_enc, b_enc), w_dec, b_dec)


@pytest.mark.parametrize("n, d, k", SIZES)
def test_the_reconstruction_is_decoder_after_encoder(learner, draw, n, d, k):
    inputs = network(draw, n, d, k)
    assert_matches(learner.autoencoder_forward(*inputs), torchs(*inputs), "the reconstruction", terms=d * k)


@pytest.mark.parametrize("n, d, k", SIZES)
def test_the_gradients_match_autograd(learner, draw, n, d, k):
    inputs = network(draw, n, d, k)
    both = reference(torchs, *inputs)
    grad_output = draw.like(both.output)
    actual = learner.autoencoder_backward(grad_output, *inputs)
    assert_matches(actual, both.gradients(grad_output), GRADS, terms=40)


LOSSES = {
    "mse": lambda output, target: ((output - target) ** 2).sum(1).mean(),
    "bce": lambda output, target: F.binary_cross_entropy_with_logits(output, target, reduction="none").sum(1).mean(),
}


def outputs(draw, n=6, d=4, std=2.0, dtype=torch.float64):
    """What a decoder says, and the pixels that were right."""
    return draw.normal(n, d, std=std, dtype=dtype), draw.uniform(n, d, dtype=dtype)


@pytest.mark.parametrize("n, d", [(6, 4), (3, 7), (1, 5)])
@pytest.mark.parametrize("kind", list(LOSSES))
def test_the_loss(learner, draw, kind, n, d):
    output, target = outputs(draw, n, d)
    actual = learner.reconstruction_loss(output, target, kind)
    assert_matches(actual, LOSSES[kind](output, target), "the loss", terms=n * d)


@pytest.mark.builds_on("test_the_loss")
def test_logits_of_a_thousand_do_not_overflow(learner, draw):
    output = draw.uniform(5, 4, low=200, high=1000) * (draw.integers(0, 2, 5, 4) * 2 - 1)
    target = draw.uniform(5, 4)
    actual = learner.reconstruction_loss(output, target, "bce")
    assert_matches(actual, LOSSES["bce"](output, target), "the loss", terms=20)


@pytest.mark.parametrize("n, d", [(6, 4), (3, 7)])
@pytest.mark.parametrize("kind", list(LOSSES))
def test_the_losss_gradient_matches_autograd(learner, draw, kind, n, d):
    output, target = outputs(draw, n, d)
    loss = reference(lambda out: LOSSES[kind](out, target), output)
    grad_output = draw.normal()
    actual = learner.reconstruction_loss_backward(grad_output, output, target, kind)
    assert_matches(actual, loss.gradients(grad_output)[0], "the gradient for `output`")


def data(draw, n=30, d=5, dtype=torch.float64):
    """Far from the origin, wide in some directions and narrow in others, none of which are the axes."""
    turn = torch.linalg.qr(draw.normal(d, d))[0]
    width = torch.arange(d, 0, -1, dtype=torch.float64)
    return ((draw.normal(n, d) * width) @ turn + 4 * draw.normal(d)).to(dtype)


def principal(x, k):
    """Mean, and the k directions of largest variance as rows."""
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False)[2][:k]


def in_signs_of(actual, k, d, directions):
    """The learner's parameters, the sign of each direction turned to ours where the shapes allow it."""
    if not isinstance(actual, tuple | list) or len(actual) != 4:
        return actual
    shapes = [(k, d), (k,), (d, k), (d,)]
    if not all(isinstance(a, torch.Tensor) and tuple(a.shape) == s for a, s in zip(actual, shapes, strict=True)):
        return actual
    w_enc, b_enc, w_dec, b_dec = actual
    sign = torch.sign((w_enc * directions).sum(1)).to(w_enc.dtype)
    return w_enc * sign[:, None], b_enc * sign, w_dec * sign, b_dec


@pytest.mark.parametrize("n, d, k", [(30, 5, 2), (40, 4, 3), (25, 6, 1)])
def test_the_best_linear_autoencoder_is_pca(learner, draw, n, d, k):
    x = data(draw, n, d)
    mean, directions = principal(x, k)
    expected = (directions, -directions @ mean, directions.T, mean)
    actual = in_signs_of(learner.pca_autoencoder(x, k), k, d, directions)
    assert_matches(actual, expected, PARAMS, terms=2000)


@pytest.mark.builds_on("test_the_best_linear_autoencoder_is_pca")
def test_with_as_many_codes_as_features_nothing_is_lost(learner, draw):
    x = data(draw, 20, 4)
    mean, directions = principal(x, 4)
    expected = (directions, -directions @ mean, directions.T, mean)
    actual = in_signs_of(learner.pca_autoencoder(x, 4), 4, 4, directions)
    assert_matches(actual, expected, PARAMS, terms=2000)


def loss_of_best(solution, x, k):
    params = solution.pca_autoencoder(x, k)
    output = solution.autoencoder_forward(x, *params)
    return output, solution.reconstruction_loss(output, x, "mse")


@pytest.mark.builds_on("test_the_best_linear_autoencoder_is_pca", "test_the_loss")
def test_what_the_best_one_loses_is_the_variance_of_the_directions_left_out(learner, draw):
    x = data(draw, 30, 5)
    mean, directions = principal(x, 2)
    output = mean + (x - mean) @ directions.T @ directions
    lost = torch.linalg.svdvals(x - mean)[2:].square().sum() / 30
    assert_matches(learner.run(loss_of_best, x, 2), (output, lost), ("the reconstruction", "its loss"), terms=2000)


@pytest.mark.builds_on("test_the_reconstruction_is_decoder_after_encoder", "test_the_gradients_match_autograd")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    inputs = network(draw, dtype=torch.float32)
    both = reference(torchs, *inputs)
    assert_matches(learner.autoencoder_forward(*map(strided, inputs)), both.output, "the reconstruction", terms=15)
    assert_inputs_unchanged(learner)
    grad_output = draw.like(both.output)
    actual = learner.autoencoder_backward(strided(grad_output), *map(strided, inputs))
    assert_matches(actual, both.gradients(grad_output), GRADS, terms=40)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_best_linear_autoencoder_is_pca")
def test_the_data_is_left_as_it_was(learner, draw):
    x = data(draw)
    mean, directions = principal(x, 2)
    actual = in_signs_of(learner.pca_autoencoder(strided(x), 2), 2, 5, directions)
    assert_matches(actual, (directions, -directions @ mean, directions.T, mean), PARAMS, terms=2000)
    assert_inputs_unchanged(learner)
