"""Against torch's mse_loss and huber_loss, with each reduction; gradients with a random upstream gradient."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

REDUCTIONS = ["mean", "sum", "none"]


def pair(draw, *shape, dtype=torch.float64):
    return draw.normal(*shape, std=2, dtype=dtype), draw.normal(*shape, std=2, dtype=dtype)


def case(draw, torchs, input, target, **parameters):
    """An upstream gradient of the loss's shape, and autograd's gradient for the input."""
    loss = reference(lambda x: torchs(x, target, **parameters), input)
    grad_output = draw.like(loss.output) + 0.5 * (not loss.output.dim())  # a scalar near zero would hide the rest
    return grad_output, loss.gradients(grad_output)[0]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(7,), (4, 3), (2, 3, 5)])
def test_mse_matches_torch(learner, draw, shape, reduction):
    input, target = pair(draw, *shape)
    expected = F.mse_loss(input, target, reduction=reduction)
    assert_matches(learner.mse_loss(input, target, reduction=reduction), expected, "the loss", terms=30)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("delta", [1.0, 0.5, 2.5])
def test_huber_matches_torch(learner, draw, delta, reduction):
    input, target = pair(draw, 6, 5)
    expected = F.huber_loss(input, target, reduction=reduction, delta=delta)
    actual = learner.huber_loss(input, target, delta=delta, reduction=reduction)
    assert_matches(actual, expected, "the loss", terms=30)


@pytest.mark.builds_on("test_mse_matches_torch", "test_huber_matches_torch")
def test_defaults_are_the_mean_and_one(learner, draw):
    input, target = pair(draw, 5, 4)
    assert_matches(learner.mse_loss(input, target), F.mse_loss(input, target), "the loss", terms=20)
    assert_matches(learner.huber_loss(input, target), F.huber_loss(input, target), "the loss", terms=20)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(7,), (4, 3), (2, 3, 5)])
def test_the_gradient_of_mse_matches_autograd(learner, draw, shape, reduction):
    input, target = pair(draw, *shape)
    grad_output, expected = case(draw, F.mse_loss, input, target, reduction=reduction)
    actual = learner.mse_loss_backward(grad_output, input, target, reduction=reduction)
    assert_matches(actual, expected, "grad_input")


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("delta", [1.0, 0.5, 2.5])
def test_the_gradient_of_huber_matches_autograd(learner, draw, delta, reduction):
    input, target = pair(draw, 6, 5)
    grad_output, expected = case(draw, F.huber_loss, input, target, reduction=reduction, delta=delta)
    actual = learner.huber_loss_backward(grad_output, input, target, delta=delta, reduction=reduction)
    assert_matches(actual, expected, "grad_input")


@pytest.mark.builds_on("test_huber_matches_torch")
def test_where_the_error_is_exactly_delta_both_pieces_agree(learner, draw):
    target = draw.integers(-3, 4, 8).double()
    input = target + torch.tensor([0.5, -0.5, 0.0, 3.0, -3.0, 0.25, 0.5, -0.5], dtype=torch.float64)
    parameters = {"delta": 0.5, "reduction": "none"}
    assert_matches(
        learner.huber_loss(input, target, **parameters), F.huber_loss(input, target, **parameters), "the loss"
    )
    grad_output, expected = case(draw, F.huber_loss, input, target, **parameters)
    assert_matches(learner.huber_loss_backward(grad_output, input, target, **parameters), expected, "grad_input")


@pytest.mark.builds_on("test_mse_matches_torch", "test_huber_matches_torch")
@pytest.mark.parametrize("name", ["mse_loss", "huber_loss"])
def test_shapes_that_only_broadcast_are_refused(learner, draw, name):
    assert_raises(ValueError, getattr(learner, name), draw.normal(4, 1), draw.normal(4))
    assert_raises(ValueError, getattr(learner, name), draw.normal(4, 3), draw.normal(3))


@pytest.mark.builds_on("test_mse_matches_torch", "test_huber_matches_torch")
@pytest.mark.parametrize("name, torchs", [("mse_loss", F.mse_loss), ("huber_loss", F.huber_loss)], ids=["mse", "huber"])
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, name, torchs):
    input, target = pair(draw, 4, 3, dtype=torch.float32)
    assert_matches(getattr(learner, name)(strided(input), strided(target)), torchs(input, target), "the loss", terms=12)
    assert_inputs_unchanged(learner)
    grad_output, expected = case(draw, torchs, input, target)
    actual = getattr(learner, f"{name}_backward")(grad_output, strided(input), strided(target))
    assert_matches(actual, expected, "grad_input")
    assert_inputs_unchanged(learner)
