"""Values against torch's tanh and logaddexp, gradients against autograd; tiny results by their relative error."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

BOTH = [(torch.float32, 1e-6), (torch.float64, 1e-13)]
BETAS = [0.3, 1.0, 4.5]


def exact_softplus(x, beta=1.0):
    """log(e⁰ + e^(beta · x)) / beta; F.softplus itself turns into x at beta · x = 20."""
    return torch.logaddexp(beta * x, torch.zeros_like(x)) / beta


def signed(draw, magnitudes):
    return magnitudes * (2 * draw.integers(0, 2, *magnitudes.shape) - 1)


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 1, 4)])
def test_tanh_matches_torch(learner, draw, shape):
    x = draw.normal(*shape, std=2)
    assert_matches(learner.tanh(x), torch.tanh(x), "tanh(x)")


@pytest.mark.builds_on("test_tanh_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_tanh_of_large_numbers_is_one_with_the_right_sign(learner, draw, dtype):
    x = signed(draw, draw.uniform(12, low=400, high=3000, dtype=dtype))
    assert_matches(learner.tanh(x), torch.tanh(x), "tanh(x)")


@pytest.mark.builds_on("test_tanh_matches_torch")
@pytest.mark.parametrize("dtype, rtol", BOTH)
def test_tanh_of_tiny_numbers_keeps_its_digits(learner, draw, dtype, rtol):
    x = signed(draw, torch.exp(draw.uniform(14, low=-40, high=-3))).to(dtype)
    assert_matches(learner.tanh(x), torch.tanh(x.double()).to(dtype), "tanh(x)", relative=True, rtol=rtol)


@pytest.mark.builds_on("test_tanh_matches_torch")
def test_tanh_of_zero_is_zero(learner, draw):
    x = draw.normal(6)
    x[[1, 4]] = 0.0
    assert_matches(learner.tanh(x), torch.tanh(x), "tanh(x)")


@pytest.mark.parametrize("shape", [(6,), (3, 5), (2, 3, 4)])
def test_the_gradient_of_tanh_matches_autograd(learner, draw, shape):
    tanh = reference(torch.tanh, draw.normal(*shape))
    grad_output = draw.like(tanh.output)
    actual = learner.tanh_backward(grad_output, tanh.output)
    assert_matches(actual, tanh.gradients(grad_output)[0], "grad_x")


@pytest.mark.parametrize("beta", BETAS)
def test_softplus_matches_torch(learner, draw, beta):
    x = draw.normal(3, 5, std=2)
    assert_matches(learner.softplus(x, beta=beta), exact_softplus(x, beta), "softplus(x)")


def test_the_default_of_beta_is_one(learner, draw):
    x = draw.normal(7, std=2)
    assert_matches(learner.softplus(x), exact_softplus(x), "softplus(x)")


@pytest.mark.builds_on("test_softplus_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("beta, low, high", [(2.5, 400, 3000), (60.0, 13, 30)])
def test_softplus_of_large_numbers_is_finite(learner, draw, dtype, beta, low, high):
    x = signed(draw, draw.uniform(12, low=low, high=high, dtype=dtype))
    x[0] = high
    assert_matches(learner.softplus(x, beta=beta), exact_softplus(x, beta), "softplus(x)")


@pytest.mark.builds_on("test_softplus_matches_torch")
@pytest.mark.parametrize("dtype, rtol", BOTH)
@pytest.mark.parametrize("beta", [0.5, 3.0])
def test_tiny_values_of_softplus_keep_their_digits(learner, draw, dtype, rtol, beta):
    x = draw.uniform(12, low=-80, high=-12).to(dtype) / beta
    exact = exact_softplus(x.double(), beta).to(dtype)
    # a rounding of beta · x is one of its exponential, times beta · |x|: at most 80
    assert_matches(learner.softplus(x, beta=beta), exact, "softplus(x)", relative=True, rtol=20 * rtol)


@pytest.mark.builds_on("test_softplus_matches_torch")
@pytest.mark.parametrize("beta", [0.1, 1.0, 8.0])
def test_softplus_is_more_than_x_on_the_right_too(learner, draw, beta):
    x = draw.uniform(9, low=20.5, high=22) / beta
    actual = learner.softplus(x, beta=beta)
    assert_matches(actual, exact_softplus(x, beta), "softplus(x)", relative=True, rtol=1e-13)


def softplus_case(draw, x, beta=1.0):
    softplus = reference(exact_softplus, x, beta)
    grad_output = draw.like(softplus.output)
    return grad_output, softplus.gradients(grad_output)[0]


@pytest.mark.parametrize("beta", BETAS)
def test_the_gradient_of_softplus_matches_autograd(learner, draw, beta):
    x = draw.normal(3, 5, std=2)
    grad_output, expected = softplus_case(draw, x, beta)
    assert_matches(learner.softplus_backward(grad_output, x, beta=beta), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_softplus_matches_autograd")
def test_the_default_of_beta_in_the_gradient_is_one(learner, draw):
    x = draw.normal(7, std=2)
    grad_output, expected = softplus_case(draw, x)
    assert_matches(learner.softplus_backward(grad_output, x), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_softplus_matches_autograd")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_gradient_of_softplus_at_large_numbers_is_finite(learner, draw, dtype):
    x = torch.cat([signed(draw, draw.uniform(10, low=800, high=3000)), draw.normal(3)]).to(dtype)
    grad_output = draw.like(x)
    expected = grad_output * torch.sigmoid(1.5 * x)
    assert_matches(learner.softplus_backward(grad_output, x, beta=1.5), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_softplus_matches_autograd")
@pytest.mark.parametrize("dtype, rtol", BOTH)
def test_tiny_slopes_of_softplus_keep_their_digits(learner, draw, dtype, rtol):
    x, grad_output = draw.uniform(12, low=-80, high=-12, dtype=dtype), draw.normal(12, dtype=dtype)
    exact = (grad_output.double() * torch.exp(x.double() - torch.log1p(torch.exp(x.double())))).to(dtype)
    assert_matches(learner.softplus_backward(grad_output, x), exact, "grad_x", relative=True, rtol=5 * rtol)


CALLS = ["tanh", "tanh_backward", "softplus", "softplus_backward"]


def call_case(draw, function, x):
    """Arguments of a function, and what it has to return."""
    grad_output = draw.like(x)
    if function == "tanh":
        return (x,), torch.tanh(x)
    if function == "tanh_backward":
        output = torch.tanh(x)
        return (grad_output, output), grad_output * (1 - output**2)
    if function == "softplus":
        return (x,), exact_softplus(x)
    return (grad_output, x), grad_output * torch.sigmoid(x)


@pytest.mark.builds_on(
    "test_tanh_matches_torch",
    "test_the_gradient_of_tanh_matches_autograd",
    "test_the_default_of_beta_is_one",
    "test_the_default_of_beta_in_the_gradient_is_one",
)
@pytest.mark.parametrize("function", CALLS)
def test_float32_stays_float32_in_any_layout_and_inputs_as_they_were(learner, draw, function):
    arguments, expected = call_case(draw, function, draw.normal(4, 3, 2, dtype=torch.float32))
    assert_matches(getattr(learner, function)(*map(strided, arguments)), expected, f"{function}(…)")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_float32_stays_float32_in_any_layout_and_inputs_as_they_were")
@pytest.mark.parametrize("function", CALLS)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)])
def test_shapes_without_axes_or_elements(learner, draw, function, shape):
    arguments, expected = call_case(draw, function, draw.normal(*shape))
    assert_matches(getattr(learner, function)(*arguments), expected, f"{function}(…)")
