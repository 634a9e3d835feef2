"""Against torch.nn.functional.cross_entropy with its label_smoothing, kl_div, and autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SIZES = [(5, 3), (3, 7), (1, 4), (6, 2)]
SMOOTHING = [0.1, 0.4]


def problem(draw, n=5, classes=4, std=2.0, offset=0.0, dtype=torch.float64):
    return draw.normal(n, classes, std=std, dtype=dtype) + offset, draw.integers(0, classes, n)


def distribution(targets, classes, smoothing):
    uniform = torch.full((len(targets), classes), 1 / classes, dtype=torch.float64)
    return torch.lerp(F.one_hot(targets, classes).double(), uniform, smoothing)


@pytest.mark.parametrize("n, classes", SIZES)
@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_smoothed_targets(learner, draw, n, classes, smoothing):
    _, targets = problem(draw, n, classes)
    result = learner.smooth_targets(targets, classes, smoothing=smoothing)
    assert_matches(result, distribution(targets, classes, smoothing), "the targets")


@pytest.mark.builds_on("test_smoothed_targets")
@pytest.mark.parametrize("smoothing", [0.0, 1.0])
def test_no_smoothing_is_one_hot_and_all_of_it_is_uniform(learner, draw, smoothing):
    _, targets = problem(draw, 5, 4)
    result = learner.smooth_targets(targets, 4, smoothing=smoothing)
    assert_matches(result, distribution(targets, 4, smoothing), "the targets")


@pytest.mark.builds_on("test_smoothed_targets")
def test_classes_that_no_sample_has_get_their_share(learner, draw):
    targets = draw.integers(0, 2, 5)
    result = learner.smooth_targets(targets, 6, smoothing=0.3)
    assert_matches(result, distribution(targets, 6, 0.3), "the targets")


def check_loss(learner, logits, targets, smoothing):
    expected = F.cross_entropy(logits, targets, label_smoothing=smoothing)
    result = learner.smoothed_cross_entropy(logits, targets, smoothing=smoothing)
    assert_matches(result, expected, "the loss", terms=40)


@pytest.mark.parametrize("n, classes", SIZES)
@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_the_loss_matches_torch(learner, draw, n, classes, smoothing):
    check_loss(learner, *problem(draw, n, classes), smoothing)


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("smoothing", [0.0, 1.0])
def test_the_loss_with_no_smoothing_and_with_nothing_else(learner, draw, smoothing):
    check_loss(learner, *problem(draw), smoothing)


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("offset", [1e4, -1e4, 0.0])
def test_the_loss_of_large_logits(learner, draw, dtype, offset):
    """The smallest probability underflows to 0; its logarithm must not, for here it counts."""
    check_loss(learner, *problem(draw, std=1e4, offset=offset, dtype=dtype), 0.2)


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_the_loss_leaves_its_inputs_as_they_were(learner, draw):
    logits, targets = problem(draw, dtype=torch.float32)
    check_loss(learner, strided(logits), strided(targets), 0.2)
    assert_inputs_unchanged(learner)


def check_gradient(learner, draw, logits, targets, smoothing):
    loss = reference(lambda logits: F.cross_entropy(logits, targets, label_smoothing=smoothing), logits)
    grad_output = draw.like(loss.output)
    (expected,) = loss.gradients(grad_output)
    result = learner.smoothed_cross_entropy_backward(grad_output, logits, targets, smoothing=smoothing)
    assert_matches(result, expected, "grad_logits", terms=10)


@pytest.mark.parametrize("n, classes", SIZES)
@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_the_gradient_matches_autograd(learner, draw, n, classes, smoothing):
    check_gradient(learner, draw, *problem(draw, n, classes), smoothing)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("smoothing", [0.0, 1.0])
def test_the_gradient_with_no_smoothing_and_with_nothing_else(learner, draw, smoothing):
    check_gradient(learner, draw, *problem(draw), smoothing)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_gradient_at_large_logits(learner, draw, dtype):
    check_gradient(learner, draw, *problem(draw, std=1e4, dtype=dtype), 0.2)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
def test_the_gradient_leaves_its_inputs_as_they_were(learner, draw):
    logits, targets = problem(draw, dtype=torch.float32)
    check_gradient(learner, draw, strided(logits), strided(targets), 0.2)
    assert_inputs_unchanged(learner)


def distilled(logits, teacher, targets, temperature, alpha):
    own, wanted = F.log_softmax(logits / temperature, 1), F.log_softmax(teacher / temperature, 1)
    apart = F.kl_div(own, wanted, log_target=True, reduction="batchmean")
    return alpha * temperature**2 * apart + (1 - alpha) * F.cross_entropy(logits, targets)


def check_distillation(learner, draw, n=5, classes=4, temperature=2.5, alpha=0.7, std=2.0, dtype=torch.float64):
    logits, targets = problem(draw, n, classes, std=std, dtype=dtype)
    teacher = strided(draw.normal(n, classes, std=std, dtype=dtype))
    expected = distilled(logits, teacher, targets, temperature, alpha)
    result = learner.distillation_loss(logits, teacher, targets, temperature=temperature, alpha=alpha)
    assert_matches(result, expected, "the loss", terms=40)
    assert_inputs_unchanged(learner)


def check_distilled_gradient(learner, draw, n=5, classes=4, temperature=2.5, alpha=0.7, std=2.0, dtype=torch.float64):
    logits, targets = problem(draw, n, classes, std=std, dtype=dtype)
    teacher = strided(draw.normal(n, classes, std=std, dtype=dtype))
    loss = reference(lambda logits: distilled(logits, teacher, targets, temperature, alpha), logits)
    grad_output = draw.like(loss.output)
    (expected,) = loss.gradients(grad_output)
    how = {"temperature": temperature, "alpha": alpha}
    result = learner.distillation_loss_backward(grad_output, logits, teacher, targets, **how)
    assert_matches(result, expected, "grad_logits", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("n, classes", SIZES)
@pytest.mark.parametrize("temperature", [0.6, 3.0])
def test_learning_from_a_teacher(learner, draw, n, classes, temperature):
    check_distillation(learner, draw, n, classes, temperature)


@pytest.mark.builds_on("test_learning_from_a_teacher")
@pytest.mark.parametrize("alpha", [0.0, 0.2, 1.0])
def test_the_teacher_alone_and_the_labels_alone(learner, draw, alpha):
    check_distillation(learner, draw, alpha=alpha)


@pytest.mark.builds_on("test_learning_from_a_teacher")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_learning_from_a_teacher_with_large_logits(learner, draw, dtype):
    check_distillation(learner, draw, std=1e4, dtype=dtype)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("n, classes", SIZES)
@pytest.mark.parametrize("temperature", [0.6, 3.0])
def test_the_gradient_from_a_teacher(learner, draw, n, classes, temperature):
    check_distilled_gradient(learner, draw, n, classes, temperature)


@pytest.mark.builds_on("test_the_gradient_from_a_teacher")
@pytest.mark.parametrize("alpha", [0.0, 0.2, 1.0])
def test_the_gradient_from_the_teacher_alone_and_the_labels_alone(learner, draw, alpha):
    check_distilled_gradient(learner, draw, alpha=alpha)


@pytest.mark.builds_on("test_the_gradient_from_a_teacher")
def test_the_gradient_from_a_teacher_in_float32(learner, draw):
    check_distilled_gradient(learner, draw, dtype=torch.float32)
