"""Against torch's prelu and celu, and autograd; upstream gradients have one sign, so that sums are far from zero."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

PRELU = ("grad_x", "grad_weight")
CELU = ("grad_x", "grad_alpha")
SHAPES = [(4, 3), (2, 5, 3), (2, 3, 4, 5), (3, 2, 4, 1, 5)]


def slopes(draw, channels, dtype=torch.float64):
    """Of any sign and size, none of them near another."""
    return (torch.arange(channels) * 0.37 - 0.5 + draw.uniform(channels, low=0.0, high=0.2)).to(dtype)


def torch_celu(x, alpha):
    return x.clamp(min=0) + alpha * torch.expm1(x.clamp(max=0) / alpha)


def upstream(draw, like):
    return draw.uniform(*like.shape, low=0.3, high=1.5, dtype=like.dtype)


def prelu_case(draw, x, weight):
    prelu = reference(F.prelu, x, weight)
    grad_output = upstream(draw, x)
    return grad_output, prelu.gradients(grad_output)


def celu_case(draw, x, alpha):
    celu = reference(torch_celu, x, torch.tensor(alpha, dtype=x.dtype))
    grad_output = upstream(draw, x)
    return grad_output, celu.gradients(grad_output)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_slope_per_channel(learner, draw, shape):
    x, weight = draw.normal(*shape), slopes(draw, shape[1])
    assert_matches(learner.prelu(x, weight), F.prelu(x, weight), "prelu(x, weight)")


@pytest.mark.parametrize("shape", [(7,), *SHAPES])
def test_one_slope_for_all(learner, draw, shape):
    x, weight = draw.normal(*shape), slopes(draw, 1)
    assert_matches(learner.prelu(x, weight), F.prelu(x, weight), "prelu(x, weight)")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradients_with_one_slope_per_channel(learner, draw, shape):
    x, weight = draw.normal(*shape), slopes(draw, shape[1])
    grad_output, expected = prelu_case(draw, x, weight)
    assert_matches(learner.prelu_backward(grad_output, x, weight), expected, PRELU, terms=60)


@pytest.mark.parametrize("shape", [(7,), *SHAPES])
def test_the_gradients_with_one_slope_for_all(learner, draw, shape):
    x, weight = draw.normal(*shape), slopes(draw, 1)
    grad_output, expected = prelu_case(draw, x, weight)
    assert_matches(learner.prelu_backward(grad_output, x, weight), expected, PRELU, terms=120)


@pytest.mark.builds_on("test_the_gradients_with_one_slope_per_channel")
def test_at_zero_the_slope_is_the_learned_one(learner, draw):
    x, weight = draw.normal(3, 4), slopes(draw, 4)
    x[0], x[1, 2] = 0.0, -0.0
    grad_output, expected = prelu_case(draw, x, weight)
    assert_matches(learner.prelu_backward(grad_output, x, weight), expected, PRELU, terms=3)


@pytest.mark.builds_on("test_one_slope_per_channel", "test_the_gradients_with_one_slope_per_channel")
def test_a_weight_that_fits_neither_is_refused(learner, draw):
    x, weight = draw.normal(2, 3, 4), slopes(draw, 3)
    assert_matches(learner.prelu(x, weight), F.prelu(x, weight), "prelu(x, weight)")
    for count in (4, 2):
        assert_raises(ValueError, learner.prelu, x, slopes(draw, count))
        assert_raises(ValueError, learner.prelu_backward, draw.like(x), x, slopes(draw, count))


@pytest.mark.builds_on("test_the_gradients_with_one_slope_per_channel")
def test_a_channel_without_negative_inputs_has_no_gradient_for_its_slope(learner, draw):
    x, weight = draw.normal(4, 3, 2), slopes(draw, 3)
    x[:, 1] = x[:, 1].abs() + 0.1
    grad_output, expected = prelu_case(draw, x, weight)
    assert_matches(learner.prelu_backward(grad_output, x, weight), expected, PRELU, terms=8)


ALPHAS = [1.0, 0.4, 2.5]


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_celu(learner, draw, shape, alpha):
    x = draw.normal(*shape, std=2)
    assert_matches(learner.celu(x, alpha), F.celu(x, alpha), "celu(x, alpha)")


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_the_gradients_of_celu(learner, draw, shape, alpha):
    x = draw.normal(*shape, std=2)
    x.view(-1)[:2] = torch.tensor([-1.3, 0.8])
    grad_output, expected = celu_case(draw, x, alpha)
    assert_matches(learner.celu_backward(grad_output, x, alpha), expected, CELU, terms=15)


@pytest.mark.builds_on("test_celu")
def test_celu_of_tiny_inputs_keeps_its_digits(learner, draw):
    x = -(10.0 ** draw.uniform(9, low=-14, high=-6))
    actual = learner.celu(x, 1.7)
    assert_matches(actual, torch_celu(x, 1.7), "celu(x, alpha)", relative=True)  # older torchs' own loses them


@pytest.mark.builds_on("test_celu", "test_the_gradients_of_celu")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_celu_far_from_zero_is_finite(learner, draw, dtype):
    x = torch.cat([draw.uniform(5, low=-1000, high=-600), draw.uniform(5, low=600, high=1000), draw.normal(4)])
    x, alpha = x.to(dtype), 0.7
    assert_matches(learner.celu(x, alpha), F.celu(x, alpha), "celu(x, alpha)")
    grad_output, expected = celu_case(draw, x, alpha)
    assert_matches(learner.celu_backward(grad_output, x, alpha), expected, CELU, terms=14)


@pytest.mark.builds_on("test_the_gradients_of_celu")
def test_at_zero_the_slope_of_celu_is_one(learner, draw):
    x = torch.zeros(5, dtype=torch.float64)
    x[3] = -1.2
    grad_output = upstream(draw, x)
    celu = reference(lambda z: F.celu(z, 2.5), x)
    _, grad_alpha = reference(torch_celu, x, torch.tensor(2.5, dtype=x.dtype)).gradients(grad_output)
    expected = celu.gradients(grad_output)[0], grad_alpha
    assert_matches(learner.celu_backward(grad_output, x, 2.5), expected, CELU, terms=5)


@pytest.mark.builds_on(
    "test_one_slope_per_channel",
    "test_the_gradients_with_one_slope_per_channel",
    "test_celu",
    "test_the_gradients_of_celu",
)
@pytest.mark.parametrize("name", ["prelu", "celu"])
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, name):
    x = draw.normal(4, 3, 2, dtype=torch.float32)
    weight = slopes(draw, 3, torch.float32)
    parameter, torchs, case = (weight, F.prelu, prelu_case) if name == "prelu" else (1.3, F.celu, celu_case)
    assert_matches(getattr(learner, name)(strided(x), parameter), torchs(x, parameter), "The result")
    assert_inputs_unchanged(learner)
    grad_output, expected = case(draw, x, parameter)
    names = PRELU if name == "prelu" else CELU
    actual = getattr(learner, f"{name}_backward")(strided(grad_output), strided(x), parameter)
    assert_matches(actual, expected, names, terms=24)
    assert_inputs_unchanged(learner)
