"""Against torch's binary_cross_entropy_with_logits: hard and soft targets, weights, reductions, both tails."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

REDUCTIONS = ["mean", "sum", "none"]
torchs = F.binary_cross_entropy_with_logits


def batch(draw, *shape, dtype=torch.float64):
    """Logits, and labels of 0 and 1."""
    return draw.normal(*shape, std=2, dtype=dtype), draw.integers(0, 2, *shape).to(dtype)


def case(draw, logits, targets, **parameters):
    """An upstream gradient of the loss's shape, and autograd's gradient for the logits."""
    loss = reference(lambda z: torchs(z, targets, **parameters), logits)
    grad_output = draw.like(loss.output).abs() + 0.5  # one number near zero would hide the rest
    return grad_output, loss.gradients(grad_output)[0]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(9,), (5, 3), (2, 3, 4)])
def test_the_loss_matches_torch(learner, draw, shape, reduction):
    logits, targets = batch(draw, *shape)
    actual = learner.bce_with_logits(logits, targets, reduction=reduction)
    assert_matches(actual, torchs(logits, targets, reduction=reduction), "the loss", terms=24)


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_the_mean_is_the_default(learner, draw):
    logits, targets = batch(draw, 6, 4)
    assert_matches(learner.bce_with_logits(logits, targets), torchs(logits, targets), "the loss", terms=24)


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_targets_may_be_soft(learner, draw):
    logits, targets = draw.normal(5, 4, std=2), draw.uniform(5, 4)
    expected = torchs(logits, targets, reduction="none")
    assert_matches(learner.bce_with_logits(logits, targets, reduction="none"), expected, "the loss")


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_far_from_zero_the_loss_is_finite(learner, draw, dtype):
    size = draw.uniform(12, low=100, high=1000, dtype=dtype)
    logits = size * (draw.integers(0, 2, 12) * 2 - 1)
    targets = draw.integers(0, 2, 12).to(dtype)
    expected = torchs(logits, targets, reduction="none")
    assert_matches(learner.bce_with_logits(logits, targets, reduction="none"), expected, "the loss")


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_tiny_losses_keep_their_digits(learner, draw):
    size = draw.uniform(8, low=20, high=400)
    targets = draw.integers(0, 2, 8).double()
    logits = size * (2 * targets - 1)  # sure, and right: the loss is e^−size
    actual = learner.bce_with_logits(logits, targets, reduction="none")
    assert_matches(actual, torch.log1p(torch.exp(-size)), "the loss", relative=True, rtol=1e-12)


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_pos_weight_multiplies_the_positive_term(learner, draw, reduction):
    logits, targets, pos_weight = draw.normal(6, 3), draw.uniform(6, 3), draw.uniform(3, low=0.3, high=4)
    expected = torchs(logits, targets, pos_weight=pos_weight, reduction=reduction)
    actual = learner.bce_with_logits(logits, targets, pos_weight=pos_weight, reduction=reduction)
    assert_matches(actual, expected, "the loss", terms=18)


@pytest.mark.builds_on("test_pos_weight_multiplies_the_positive_term")
def test_far_from_zero_with_pos_weight(learner, draw):
    logits = draw.uniform(8, 2, low=100, high=900) * (draw.integers(0, 2, 8, 2) * 2 - 1)
    targets, pos_weight = draw.integers(0, 2, 8, 2).double(), draw.uniform(2, low=0.3, high=4)
    expected = torchs(logits, targets, pos_weight=pos_weight, reduction="none")
    actual = learner.bce_with_logits(logits, targets, pos_weight=pos_weight, reduction="none")
    assert_matches(actual, expected, "the loss")


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(9,), (5, 3), (2, 3, 4)])
def test_the_gradient_matches_autograd(learner, draw, shape, reduction):
    logits, targets = batch(draw, *shape)
    grad_output, expected = case(draw, logits, targets, reduction=reduction)
    actual = learner.bce_with_logits_backward(grad_output, logits, targets, reduction=reduction)
    assert_matches(actual, expected, "grad_logits")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_gradient_with_pos_weight_and_soft_targets(learner, draw, reduction):
    logits, targets, pos_weight = draw.normal(6, 3), draw.uniform(6, 3), draw.uniform(3, low=0.3, high=4)
    grad_output, expected = case(draw, logits, targets, pos_weight=pos_weight, reduction=reduction)
    actual = learner.bce_with_logits_backward(grad_output, logits, targets, pos_weight=pos_weight, reduction=reduction)
    assert_matches(actual, expected, "grad_logits")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_far_from_zero_the_gradient_is_finite(learner, draw):
    logits = draw.uniform(12, low=100, high=1000) * (draw.integers(0, 2, 12) * 2 - 1)
    targets = draw.integers(0, 2, 12).double()
    targets[:2], logits[:2] = torch.tensor([0.0, 1.0]), torch.tensor([300.0, -300.0])  # two that are sure and wrong
    grad_output, expected = case(draw, logits, targets)
    assert_matches(learner.bce_with_logits_backward(grad_output, logits, targets), expected, "grad_logits")


@pytest.mark.builds_on(
    "test_pos_weight_multiplies_the_positive_term", "test_the_gradient_with_pos_weight_and_soft_targets"
)
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    logits, targets = batch(draw, 5, 3, dtype=torch.float32)
    pos_weight = draw.uniform(3, low=0.3, high=4, dtype=torch.float32)
    actual = learner.bce_with_logits(strided(logits), strided(targets), pos_weight=strided(pos_weight))
    assert_matches(actual, torchs(logits, targets, pos_weight=pos_weight), "the loss", terms=15)
    assert_inputs_unchanged(learner)
    grad_output, expected = case(draw, logits, targets, pos_weight=pos_weight, reduction="none")
    actual = learner.bce_with_logits_backward(
        strided(grad_output), strided(logits), strided(targets), pos_weight=strided(pos_weight), reduction="none"
    )
    assert_matches(actual, expected, "grad_logits")
    assert_inputs_unchanged(learner)
