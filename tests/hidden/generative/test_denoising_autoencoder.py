"""Noise is given; the best linear denoiser is found again by least squares over every mask that can be drawn."""

import itertools

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def damaged(x, noise, kind, level):
    """Element by element, as the words have it."""
    out = x.clone()
    for index in itertools.product(*map(range, x.shape)):
        u = noise[index].item()
        if kind == "gaussian":
            out[index] = x[index] + level * u
        elif u < (level if kind == "masking" else level / 2):
            out[index] = 0
        elif kind == "salt_and_pepper" and u < level:
            out[index] = 1
    return out


def noise_for(draw, kind, *shape, dtype=torch.float64):
    return draw.normal(*shape, dtype=dtype) if kind == "gaussian" else draw.uniform(*shape, dtype=dtype)


@pytest.mark.parametrize("kind, level", [("gaussian", 0.7), ("masking", 0.3), ("salt_and_pepper", 0.6)])
@pytest.mark.parametrize("shape", [(8, 5), (3, 2, 7)])
def test_the_corruption(learner, draw, kind, level, shape):
    x = draw.uniform(*shape, low=0.1, high=0.9)
    noise = noise_for(draw, kind, *shape)
    assert_matches(learner.corrupt(x, noise, kind, level), damaged(x, noise, kind, level), "the corrupted input")


@pytest.mark.builds_on("test_the_corruption")
@pytest.mark.parametrize("kind", ["gaussian", "masking", "salt_and_pepper"])
def test_level_zero_changes_nothing(learner, draw, kind):
    x = draw.uniform(4, 6, low=0.1, high=0.9)
    noise = noise_for(draw, kind, 4, 6)
    noise[0, 0] = 0.0
    assert_matches(learner.corrupt(x, noise, kind, 0.0), x, "the corrupted input")


@pytest.mark.builds_on("test_the_corruption")
@pytest.mark.parametrize("kind", ["masking", "salt_and_pepper"])
def test_a_number_that_is_exactly_on_the_border(learner, draw, kind):
    x = draw.uniform(5, low=0.1, high=0.9)
    noise = torch.tensor([0.5, 0.25, 0.0, 0.75, 0.125], dtype=torch.float64)
    assert_matches(learner.corrupt(x, noise, kind, 0.5), damaged(x, noise, kind, 0.5), "the corrupted input")


def triple(draw, n=6, d=5, share=0.4, dtype=torch.float64):
    """Reconstruction, clean input, and the input with some elements changed; both have zeros that are no damage."""
    clean = draw.uniform(n, d, low=0.2, high=1.0)
    clean[draw.uniform(n, d) < 0.2] = 0.0
    noisy = torch.where(draw.uniform(n, d) < share, clean - draw.uniform(n, d, low=0.1, high=0.9), clean)
    return tuple(t.to(dtype) for t in (draw.normal(n, d), clean, noisy))


def expected_loss(output, clean, noisy, alpha=1.0, beta=1.0):
    weight = torch.full_like(clean, beta)
    weight[noisy != clean] = alpha
    return (weight * (output - clean).square()).sum(1).mean()


WEIGHTS = [(1.0, 1.0), (2.0, 0.5), (0.3, 1.7)]


@pytest.mark.parametrize("alpha, beta", WEIGHTS)
@pytest.mark.parametrize("n, d", [(6, 5), (3, 8), (1, 7)])
def test_the_loss_is_against_the_clean_input(learner, draw, n, d, alpha, beta):
    inputs = triple(draw, n, d)
    actual = learner.denoising_loss(*inputs, alpha=alpha, beta=beta)
    assert_matches(actual, expected_loss(*inputs, alpha, beta), "the loss", terms=n * d)


@pytest.mark.builds_on("test_the_loss_is_against_the_clean_input")
def test_both_weights_are_one_unless_given(learner, draw):
    inputs = triple(draw)
    assert_matches(learner.denoising_loss(*inputs), expected_loss(*inputs), "the loss", terms=30)


@pytest.mark.builds_on("test_the_loss_is_against_the_clean_input")
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_or_everything_was_corrupted(learner, draw, share):
    inputs = triple(draw, share=share)
    actual = learner.denoising_loss(*inputs, alpha=2.0, beta=0.5)
    assert_matches(actual, expected_loss(*inputs, 2.0, 0.5), "the loss", terms=30)


@pytest.mark.parametrize("alpha, beta", WEIGHTS)
@pytest.mark.parametrize("n, d", [(6, 5), (3, 8)])
def test_the_gradient_matches_autograd(learner, draw, n, d, alpha, beta):
    output, clean, noisy = triple(draw, n, d)
    loss = reference(lambda out: expected_loss(out, clean, noisy, alpha, beta), output)
    grad_output = draw.normal()
    actual = learner.denoising_loss_backward(grad_output, output, clean, noisy, alpha=alpha, beta=beta)
    assert_matches(actual, loss.gradients(grad_output)[0], "the gradient for `output`")


def data(draw, n=12, d=4):
    """Mixed directions, and not centred."""
    return draw.normal(n, d) @ draw.normal(d, d) + draw.normal(d)


def by_least_squares(x, kind, level):
    """The same, with every corruption that can happen as a row of its own, weighted by its probability."""
    n, d = x.shape
    if kind == "gaussian":  # the noise's share of the squared error is n · level² · ‖W‖²
        inputs = torch.cat([x, n**0.5 * level * torch.eye(d, dtype=x.dtype)])
        targets = torch.cat([x, torch.zeros(d, d, dtype=x.dtype)])
    else:
        masks = torch.tensor(list(itertools.product([0.0, 1.0], repeat=d)), dtype=x.dtype)
        weight = (masks * (1 - level) + (1 - masks) * level).prod(1).sqrt()
        inputs = (weight[:, None, None] * masks[:, None, :] * x).reshape(-1, d)
        targets = (weight[:, None, None] * x.expand(len(masks), n, d)).reshape(-1, d)
    return torch.linalg.lstsq(inputs, targets).solution.T


@pytest.mark.parametrize("kind, level", [("gaussian", 0.8), ("masking", 0.3), ("gaussian", 2.0), ("masking", 0.6)])
@pytest.mark.parametrize("n, d", [(12, 4), (15, 3)])
def test_the_best_linear_denoiser(learner, draw, kind, level, n, d):
    x = data(draw, n, d)
    actual = learner.best_linear_denoiser(x, kind, level)
    assert_matches(actual, by_least_squares(x, kind, level), "the weights", terms=2000)


@pytest.mark.builds_on("test_the_best_linear_denoiser")
@pytest.mark.parametrize("kind", ["gaussian", "masking"])
def test_without_noise_the_best_is_the_identity(learner, draw, kind):
    actual = learner.best_linear_denoiser(data(draw), kind, 0.0)
    assert_matches(actual, torch.eye(4, dtype=torch.float64), "the weights", terms=2000)


@pytest.mark.builds_on("test_the_corruption", "test_the_loss_is_against_the_clean_input")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x = draw.uniform(4, 6, low=0.1, high=0.9, dtype=torch.float32)
    noise = draw.uniform(4, 6, dtype=torch.float32)
    for kind in ("masking", "salt_and_pepper"):
        actual = learner.corrupt(strided(x), strided(noise), kind, 0.5)
        assert_matches(actual, damaged(x, noise, kind, 0.5), "the corrupted input")
        assert_inputs_unchanged(learner)
    inputs = triple(draw, dtype=torch.float32)
    actual = learner.denoising_loss(*map(strided, inputs), alpha=2.0, beta=0.5)
    assert_matches(actual, expected_loss(*inputs, 2.0, 0.5), "the loss", terms=30)
    assert_inputs_unchanged(learner)
