"""Values against torch.sigmoid, tiny ones by their relative error; gradients against autograd."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 1, 4)])
def test_values_match_torch(learner, draw, shape):
    x = draw.normal(*shape, std=3)
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)")


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_large_inputs_do_not_overflow(learner, draw, dtype):
    ends = torch.tensor([1000.0, -1000.0], dtype=dtype)  # exp(100) still fits into float64, exp(1000) does not
    above, below = draw.uniform(6, low=100, high=1000, dtype=dtype), draw.uniform(6, low=-1000, high=-800, dtype=dtype)
    x = torch.cat([ends, above, below])[draw.permutation(14)]
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)")


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("dtype, low", [(torch.float32, -80), (torch.float64, -600)])
def test_tiny_results_keep_their_digits(learner, draw, dtype, low):
    anywhere, near = draw.uniform(10, low=low, high=-10, dtype=dtype), draw.uniform(5, low=-40, high=-20, dtype=dtype)
    x = torch.cat([torch.tensor([low], dtype=dtype), anywhere, near])  # the smallest too, where clamping x would show
    exact = torch.exp(x.double() - torch.log1p(torch.exp(x.double()))).to(dtype)
    rtol = 1e-12 if dtype is torch.float64 else 1e-6
    assert_matches(learner.sigmoid(x), exact, "σ(x)", relative=True, rtol=rtol)


@pytest.mark.builds_on("test_large_inputs_do_not_overflow")
def test_small_results_in_float16_are_not_zero(learner, draw):
    """e¹² is too large for float16, which ends at 65504; σ(−12) = 6e-6 is not too small for it, 103 times its least."""
    half = torch.float16
    x = torch.cat([draw.uniform(6, low=-13, high=-11.2, dtype=half), draw.uniform(6, low=-9, high=-5, dtype=half)])
    x = x[draw.permutation(12)]
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)", relative=True, rtol=0.05)


@pytest.mark.builds_on("test_values_match_torch")
def test_zero_and_its_neighbours(learner):
    x = torch.tensor([0.0, -0.0, 1e-300, -1e-300, 1e-9, -1e-9], dtype=torch.float64)
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)")


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)])
def test_shapes_without_axes_or_elements(learner, draw, shape):
    x = draw.normal(*shape)
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)")


@pytest.mark.builds_on("test_values_match_torch")
def test_float32_stays_float32(learner, draw):
    x = draw.normal(4, 3, dtype=torch.float32)
    assert_matches(learner.sigmoid(x), torch.sigmoid(x), "σ(x)")


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_the_input_is_left_as_it_was_in_any_layout(learner, draw, layout):
    x = draw.normal(4, 3)
    assert_matches(learner.sigmoid(layout(x)), torch.sigmoid(x), "σ(x)")
    assert_inputs_unchanged(learner)


def backward_case(draw, *shape, std=2.0, dtype=torch.float64):
    return backward_at(draw, draw.normal(*shape, std=std, dtype=dtype))


def backward_at(draw, x):
    sigmoid = reference(torch.sigmoid, x)
    grad_output = draw.like(sigmoid.output)
    return grad_output, sigmoid.output, sigmoid.gradients(grad_output)[0]


@pytest.mark.parametrize("shape", [(6,), (3, 5), (2, 3, 4)])
def test_the_gradient_matches_autograd(learner, draw, shape):
    grad_output, output, expected = backward_case(draw, *shape)
    assert_matches(learner.sigmoid_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_gradient_vanishes_where_the_sigmoid_is_flat(learner, draw):
    ends = torch.tensor([1000.0, -1000.0], dtype=torch.float64)  # where σ(x) is 1 and 0 to the last digit
    x = torch.cat([draw.normal(9, std=500.0), draw.normal(3), ends])[draw.permutation(14)]
    grad_output, output, expected = backward_at(draw, x)
    assert_matches(learner.sigmoid_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_where_the_output_is_tiny_the_gradient_keeps_its_digits(learner, draw):
    """There the slope is σ itself, to all digits: 1 − σ is 1."""
    output, grad_output = torch.exp(draw.uniform(8, low=-600, high=-50)), draw.normal(8)
    expected = grad_output * output
    assert_matches(learner.sigmoid_backward(grad_output, output), expected, "grad_x", relative=True, rtol=1e-12)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)])
def test_the_gradient_in_shapes_without_axes_or_elements(learner, draw, shape):
    grad_output, output, expected = backward_case(draw, *shape)
    assert_matches(learner.sigmoid_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_gradient_of_float32_stays_float32(learner, draw):
    grad_output, output, expected = backward_case(draw, 4, 3, dtype=torch.float32)
    assert_matches(learner.sigmoid_backward(grad_output, output), expected, "grad_x")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("layout", [torch.clone, strided])
def test_the_gradient_leaves_its_inputs_as_they_were(learner, draw, layout):
    grad_output, output, expected = backward_case(draw, 4, 3)
    assert_matches(learner.sigmoid_backward(layout(grad_output), layout(output)), expected, "grad_x")
    assert_inputs_unchanged(learner)
