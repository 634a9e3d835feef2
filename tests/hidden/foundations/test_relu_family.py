"""Values against torch's functions, gradients against autograd, the kink at zero and both tails on purpose."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

FORWARD = [
    ("relu", F.relu, {}),
    ("leaky_relu", F.leaky_relu, {"negative_slope": 0.2}),
    ("elu", F.elu, {"alpha": 1.7}),
]
ids = [name for name, _, _ in FORWARD]


@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_values_match_torch(learner, draw, name, torchs, parameters):
    x = draw.normal(3, 5, std=2)
    assert_matches(getattr(learner, name)(x, **parameters), torchs(x, **parameters), f"{name}(x)")


@pytest.mark.parametrize("name, torchs, parameters", FORWARD[1:], ids=ids[1:])
def test_the_defaults_are_torchs(learner, draw, name, torchs, parameters):
    x = draw.normal(7, std=2)
    assert_matches(getattr(learner, name)(x), torchs(x), f"{name}(x)")


@pytest.mark.builds_on("test_values_match_torch")
def test_far_from_zero_nothing_overflows(learner, draw):
    x = torch.cat([draw.uniform(4, low=700, high=2000), draw.uniform(4, low=-2000, high=-700)])
    assert_matches(learner.elu(x, alpha=0.5), F.elu(x, alpha=0.5), "elu(x)")


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("dtype, rtol", [(torch.float32, 1e-6), (torch.float64, 1e-14)])
def test_close_to_zero_the_digits_of_elu_are_kept(learner, draw, dtype, rtol):
    x = -torch.exp(draw.uniform(8, low=-18, high=-4)).to(dtype)
    exact = torch.expm1(x.double()).to(dtype)
    assert_matches(learner.elu(x), exact, "elu(x)", relative=True, rtol=rtol)


@pytest.mark.builds_on("test_values_match_torch")
@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_float32_any_shape_and_any_layout(learner, draw, name, torchs, parameters):
    x = draw.normal(2, 4, 3, dtype=torch.float32, std=2)
    assert_matches(getattr(learner, name)(strided(x), **parameters), torchs(x, **parameters), f"{name}(x)")
    assert_inputs_unchanged(learner)
    assert_matches(getattr(learner, name)(x[0, 0, 0], **parameters), torchs(x[0, 0, 0], **parameters), f"{name}(x)")


def backward(draw, torchs, x, parameters):
    """An upstream gradient for torch's function at x, and what becomes of it."""
    activation = reference(torchs, x, **parameters)
    grad_output = draw.like(activation.output)
    return grad_output, activation.gradients(grad_output)[0]


@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_gradients_match_autograd(learner, draw, name, torchs, parameters):
    x = draw.normal(3, 5, std=2)
    grad_output, expected = backward(draw, torchs, x, parameters)
    assert_matches(getattr(learner, f"{name}_backward")(grad_output, x, **parameters), expected, "grad_x")


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_at_zero_the_slope_is_that_of_the_left_side(learner, draw, name, torchs, parameters):
    x = draw.normal(9)
    x[[1, 4, 8]] = 0.0
    grad_output, expected = backward(draw, torchs, x, parameters)
    assert_matches(getattr(learner, f"{name}_backward")(grad_output, x, **parameters), expected, "grad_x")


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_gradients_far_from_zero_are_finite(learner, draw, name, torchs, parameters):
    x = torch.cat([draw.uniform(4, low=700, high=2000), draw.uniform(4, low=-2000, high=-700), draw.normal(3)])
    grad_output, expected = backward(draw, torchs, x, parameters)
    assert_matches(getattr(learner, f"{name}_backward")(grad_output, x, **parameters), expected, "grad_x")


@pytest.mark.builds_on("test_gradients_match_autograd")
@pytest.mark.parametrize("name, torchs, parameters", FORWARD, ids=ids)
def test_gradients_in_float32_leave_their_inputs_as_they_were(learner, draw, name, torchs, parameters):
    x = draw.normal(4, 3, dtype=torch.float32)
    grad_output, expected = backward(draw, torchs, x, parameters)
    actual = getattr(learner, f"{name}_backward")(strided(grad_output), strided(x), **parameters)
    assert_matches(actual, expected, "grad_x")
    assert_inputs_unchanged(learner)
