"""Values against torch's gelu and silu, gradients against autograd; the two kinds of GELU must not be mixed."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

KINDS = ["none", "tanh"]
BETAS = [1.7, 0.4, -1.3]
NAMES = ("grad_x", "grad_beta")


def torch_swish(x, beta):
    return x * torch.sigmoid(beta * x)


@pytest.mark.parametrize("approximate", KINDS)
@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_gelu_matches_torch(learner, draw, approximate, shape):
    x = draw.normal(*shape, std=1.5)
    assert_matches(learner.gelu(x, approximate=approximate), F.gelu(x, approximate=approximate), "gelu(x)")


@pytest.mark.builds_on("test_gelu_matches_torch")
def test_gelu_is_exact_by_default(learner, draw):
    x = draw.normal(8, std=1.5)
    assert_matches(learner.gelu(x), F.gelu(x), "gelu(x)")


@pytest.mark.builds_on("test_gelu_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("approximate", KINDS)
@pytest.mark.parametrize("low, high", [(-1000, -15), (-15, -4), (4, 1000)])
def test_gelu_far_from_zero(learner, draw, dtype, approximate, low, high):
    """Compared with its neighbours: the left tail alone is rounding, and the large right side would hide it."""
    x = torch.cat([draw.uniform(6, low=low, high=high), draw.normal(3)]).to(dtype)
    assert_matches(learner.gelu(x, approximate=approximate), F.gelu(x, approximate=approximate), "gelu(x)")


def gelu_case(draw, x, approximate):
    gelu = reference(F.gelu, x, approximate=approximate)
    grad_output = draw.like(gelu.output)
    return grad_output, gelu.gradients(grad_output)[0]


@pytest.mark.parametrize("approximate", KINDS)
@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_the_gradient_of_gelu_matches_autograd(learner, draw, approximate, shape):
    x = draw.normal(*shape, std=1.5)
    grad_output, expected = gelu_case(draw, x, approximate)
    assert_matches(learner.gelu_backward(grad_output, x, approximate=approximate), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_gelu_matches_autograd")
def test_the_gradient_of_gelu_is_that_of_the_exact_one_by_default(learner, draw):
    x = draw.normal(8, std=1.5)
    grad_output, expected = gelu_case(draw, x, "none")
    assert_matches(learner.gelu_backward(grad_output, x), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_gelu_matches_autograd")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("approximate", KINDS)
def test_the_gradient_of_gelu_far_from_zero_is_finite(learner, draw, dtype, approximate):
    x = torch.cat([draw.uniform(6, low=-1000, high=-4), draw.uniform(6, low=4, high=1000), draw.normal(3)]).to(dtype)
    grad_output, expected = gelu_case(draw, x, approximate)
    assert_matches(learner.gelu_backward(grad_output, x, approximate=approximate), expected, "grad_x")


@pytest.mark.builds_on("test_gelu_matches_torch", "test_the_gradient_of_gelu_matches_autograd")
def test_an_unknown_approximation_is_refused(learner, draw):
    x, grad_output = draw.normal(4), draw.normal(4)
    assert_matches(learner.gelu(x, approximate="tanh"), F.gelu(x, approximate="tanh"), "gelu(x)")
    assert_raises(ValueError, learner.gelu, x, approximate="sigmoid")
    assert_raises(ValueError, learner.gelu_backward, grad_output, x, approximate="sigmoid")


@pytest.mark.parametrize("beta", BETAS)
def test_swish_matches_torch(learner, draw, beta):
    x = draw.normal(3, 5, std=2)
    assert_matches(learner.swish(x, beta=beta), torch_swish(x, beta), "swish(x)")


@pytest.mark.builds_on("test_swish_matches_torch")
def test_with_the_default_beta_swish_is_silu(learner, draw):
    x = draw.normal(8, std=2)
    assert_matches(learner.swish(x), F.silu(x), "swish(x)")


@pytest.mark.builds_on("test_swish_matches_torch")
def test_with_beta_zero_swish_is_half_of_x(learner, draw):
    x = draw.normal(2, 4)
    assert_matches(learner.swish(x, beta=0.0), x / 2, "swish(x)")


@pytest.mark.builds_on("test_swish_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("low, high", [(-1000, -800), (800, 1000)])
def test_swish_far_from_zero_is_finite(learner, draw, dtype, low, high):
    x = torch.cat([draw.uniform(5, low=low, high=high), draw.normal(3)]).to(dtype)
    assert_matches(learner.swish(x, beta=1.5), torch_swish(x, 1.5), "swish(x)")


def swish_case(draw, x, beta):
    swish = reference(torch_swish, x, torch.tensor(beta, dtype=x.dtype))
    grad_output = draw.uniform(
        *x.shape, low=0.3, high=1.5, dtype=x.dtype
    )  # of one sign, so that grad_beta isn't near 0
    return grad_output, swish.gradients(grad_output)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_the_gradients_of_swish_match_autograd(learner, draw, beta, shape):
    x = draw.normal(*shape, std=2)
    grad_output, expected = swish_case(draw, x, beta)
    assert_matches(learner.swish_backward(grad_output, x, beta=beta), expected, NAMES, terms=15)


@pytest.mark.builds_on("test_the_gradients_of_swish_match_autograd")
def test_upstream_gradients_of_both_signs(learner, draw):
    x, grad_output = draw.normal(4, 3, std=2), draw.normal(4, 3)
    expected = reference(torch_swish, x, torch.tensor(0.8, dtype=x.dtype)).gradients(grad_output)
    assert_matches(learner.swish_backward(grad_output, x, beta=0.8), expected, NAMES, terms=1000)  # the sum may cancel


@pytest.mark.builds_on("test_the_gradients_of_swish_match_autograd")
@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_the_gradients_of_swish_at_beta_zero_and_by_default(learner, draw, beta):
    x = draw.normal(9, std=2)
    grad_output, expected = swish_case(draw, x, beta)
    result = learner.swish_backward(grad_output, x, beta=beta) if beta == 0 else learner.swish_backward(grad_output, x)
    assert_matches(result, expected, NAMES, terms=9)


@pytest.mark.builds_on("test_the_gradients_of_swish_match_autograd")
def test_the_gradients_of_swish_far_from_zero_are_finite(learner, draw):
    x = torch.cat([draw.uniform(4, low=-1000, high=-800), draw.uniform(4, low=800, high=1000), draw.normal(3)])
    grad_output, expected = swish_case(draw, x, 1.5)
    assert_matches(learner.swish_backward(grad_output, x, beta=1.5), expected, NAMES, terms=11)


CALLS = ["gelu", "gelu_backward", "swish", "swish_backward"]


def call_case(draw, function, x):
    """Arguments of a function, and what it has to return."""
    if function == "gelu":
        return (x,), F.gelu(x)
    if function == "gelu_backward":
        grad_output, expected = gelu_case(draw, x, "none")
        return (grad_output, x), expected
    if function == "swish":
        return (x,), F.silu(x)
    grad_output, expected = swish_case(draw, x, 1.0)
    return (grad_output, x), expected


@pytest.mark.builds_on(
    "test_gelu_matches_torch",
    "test_the_gradient_of_gelu_matches_autograd",
    "test_swish_matches_torch",
    "test_the_gradients_of_swish_match_autograd",
)
@pytest.mark.parametrize("function", CALLS)
def test_float32_stays_float32_in_any_layout_and_inputs_as_they_were(learner, draw, function):
    arguments, expected = call_case(draw, function, draw.normal(4, 3, 2, dtype=torch.float32))
    names = NAMES if function == "swish_backward" else f"{function}(…)"
    assert_matches(getattr(learner, function)(*map(strided, arguments)), expected, names, terms=24)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_float32_stays_float32_in_any_layout_and_inputs_as_they_were")
@pytest.mark.parametrize("function", CALLS)
@pytest.mark.parametrize("shape", [(), (2, 0, 3)])
def test_shapes_without_axes_or_elements(learner, draw, function, shape):
    arguments, expected = call_case(draw, function, draw.normal(*shape))
    names = NAMES if function == "swish_backward" else f"{function}(…)"
    assert_matches(getattr(learner, function)(*arguments), expected, names)
