"""Against torch's relu and multi_margin_loss with autograd; there are always samples that violate the margin."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

REDUCTIONS = ["mean", "sum", "none"]


def torch_hinge(scores, labels, margin=1.0, p=1, reduction="mean"):
    losses = torch.relu(margin - labels * scores) ** p
    return losses if reduction == "none" else getattr(losses, reduction)()


def binary(draw, *shape, dtype=torch.float64):
    """Scores and labels; the first two samples are one that counts and one that doesn't."""
    labels = draw.integers(0, 2, *shape) * 2 - 1
    scores = draw.normal(*shape, std=1.5, dtype=dtype)
    labels.view(-1)[:2] = torch.tensor([1, -1])
    scores.view(-1)[:2] = torch.tensor([-0.4, -9.0], dtype=dtype)
    return scores, labels.to(dtype)


def classes(draw, n, c, dtype=torch.float64):
    """Scores and right classes; the first sample is wrong."""
    scores, targets = draw.normal(n, c, std=1.5, dtype=dtype), draw.integers(0, c, n)
    scores[0, targets[0]] -= 4
    return scores, targets


def upstream(draw, like):
    return draw.uniform(*like.shape, low=0.5, high=2.0, dtype=like.dtype)


def case(draw, torchs, scores, targets, **parameters):
    loss = reference(lambda s: torchs(s, targets, **parameters), scores)
    grad_output = upstream(draw, loss.output)
    return grad_output, loss.output, loss.gradients(grad_output)[0]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(9,), (4, 3)])
def test_the_binary_loss(learner, draw, shape, reduction):
    scores, labels = binary(draw, *shape)
    expected = torch_hinge(scores, labels, reduction=reduction)
    assert_matches(learner.hinge_loss(scores, labels, reduction=reduction), expected, "the loss", terms=12)


@pytest.mark.builds_on("test_the_binary_loss")
@pytest.mark.parametrize("margin, p", [(2.5, 1), (0.3, 1), (1.0, 2), (1.7, 2), (0.0, 1)])
def test_the_binary_loss_with_other_margins_and_squared(learner, draw, margin, p):
    scores, labels = binary(draw, 11)
    expected = torch_hinge(scores, labels, margin, p)
    assert_matches(learner.hinge_loss(scores, labels, margin=margin, p=p), expected, "the loss", terms=11)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(9,), (4, 3)])
def test_the_gradient_of_the_binary_loss(learner, draw, shape, reduction):
    scores, labels = binary(draw, *shape)
    grad_output, _, expected = case(draw, torch_hinge, scores, labels, reduction=reduction)
    actual = learner.hinge_loss_backward(grad_output, scores, labels, reduction=reduction)
    assert_matches(actual, expected, "grad_scores")


@pytest.mark.builds_on("test_the_gradient_of_the_binary_loss")
@pytest.mark.parametrize("margin, p", [(2.5, 1), (0.3, 1), (1.0, 2), (1.7, 2), (0.0, 1)])
def test_the_gradient_of_the_binary_loss_with_other_margins_and_squared(learner, draw, margin, p):
    scores, labels = binary(draw, 11)
    grad_output, _, expected = case(draw, torch_hinge, scores, labels, margin=margin, p=p)
    actual = learner.hinge_loss_backward(grad_output, scores, labels, margin=margin, p=p)
    assert_matches(actual, expected, "grad_scores")


@pytest.mark.parametrize("p", [1, 2])
def test_exactly_at_the_margin_the_slope_is_zero(learner, draw, p):
    labels = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    scores = labels * torch.tensor([0.5, 0.5, 0.25, 2.0], dtype=torch.float64)  # the first two at the margin
    grad_output, _, expected = case(draw, torch_hinge, scores, labels, margin=0.5, p=p, reduction="none")
    actual = learner.hinge_loss_backward(grad_output, scores, labels, margin=0.5, p=p, reduction="none")
    assert_matches(actual, expected, "grad_scores")


@pytest.mark.builds_on("test_the_binary_loss")
def test_labels_that_are_not_plus_or_minus_one_are_refused(learner, draw):
    scores, labels = binary(draw, 6)
    assert_matches(learner.hinge_loss(scores, labels), torch_hinge(scores, labels), "the loss", terms=6)
    assert_raises(ValueError, learner.hinge_loss, scores, (labels + 1) / 2)
    assert_raises(ValueError, learner.hinge_loss_backward, draw.uniform(), scores, (labels + 1) / 2)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("size", [(6, 4), (3, 7), (5, 2)])
def test_the_loss_of_several_classes(learner, draw, size, reduction):
    scores, targets = classes(draw, *size)
    expected = F.multi_margin_loss(scores, targets, reduction=reduction)
    assert_matches(learner.multi_margin_loss(scores, targets, reduction=reduction), expected, "the loss", terms=30)


@pytest.mark.builds_on("test_the_loss_of_several_classes")
@pytest.mark.parametrize("margin, p", [(2.5, 1), (0.3, 1), (1.0, 2), (1.7, 2)])
def test_the_loss_of_several_classes_with_other_margins_and_squared(learner, draw, margin, p):
    scores, targets = classes(draw, 6, 4)
    expected = F.multi_margin_loss(scores, targets, margin=margin, p=p)
    actual = learner.multi_margin_loss(scores, targets, margin=margin, p=p)
    assert_matches(actual, expected, "the loss", terms=30)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("size", [(6, 4), (3, 7), (5, 2)])
def test_the_gradient_of_several_classes(learner, draw, size, reduction):
    scores, targets = classes(draw, *size)
    grad_output, _, expected = case(draw, F.multi_margin_loss, scores, targets, reduction=reduction)
    actual = learner.multi_margin_loss_backward(grad_output, scores, targets, reduction=reduction)
    assert_matches(actual, expected, "grad_scores", terms=7)


@pytest.mark.builds_on("test_the_gradient_of_several_classes")
@pytest.mark.parametrize("margin, p", [(2.5, 1), (0.3, 1), (1.0, 2), (1.7, 2)])
def test_the_gradient_of_several_classes_with_other_margins_and_squared(learner, draw, margin, p):
    scores, targets = classes(draw, 6, 4)
    grad_output, _, expected = case(draw, F.multi_margin_loss, scores, targets, margin=margin, p=p)
    actual = learner.multi_margin_loss_backward(grad_output, scores, targets, margin=margin, p=p)
    assert_matches(actual, expected, "grad_scores", terms=4)


@pytest.mark.builds_on("test_the_gradient_of_several_classes")
def test_a_class_exactly_at_the_margin_pulls_nothing(learner, draw):
    scores = torch.tensor([[2.0, 1.5, 1.75, -3.0], [0.5, 1.0, 0.5, 4.0]], dtype=torch.float64)
    targets = torch.tensor([0, 1])
    grad_output, _, expected = case(draw, F.multi_margin_loss, scores, targets, margin=0.5)
    actual = learner.multi_margin_loss_backward(grad_output, scores, targets, margin=0.5)
    assert_matches(actual, expected, "grad_scores", terms=4)


CALLS = {
    "hinge_loss": torch_hinge,
    "multi_margin_loss": F.multi_margin_loss,
}


@pytest.mark.builds_on(
    "test_the_binary_loss",
    "test_the_gradient_of_the_binary_loss",
    "test_the_loss_of_several_classes",
    "test_the_gradient_of_several_classes",
)
@pytest.mark.parametrize("name", list(CALLS))
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, name):
    make = (lambda: binary(draw, 5, 3, dtype=torch.float32)) if name == "hinge_loss" else lambda: classes(draw, 5, 3)
    scores, targets = make()
    scores = scores.float()
    grad_output, loss, grad = case(draw, CALLS[name], scores, targets)
    inputs = strided(scores), strided(targets)
    assert_matches(getattr(learner, name)(*inputs), loss, "the loss", terms=15)
    assert_inputs_unchanged(learner)
    assert_matches(getattr(learner, f"{name}_backward")(grad_output, *inputs), grad, "grad_scores", terms=3)
    assert_inputs_unchanged(learner)
