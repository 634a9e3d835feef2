"""The loss from sets of pixels, its gradient by autograd; overlaps and weights counted pixel by pixel."""

import collections

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def masks_for(draw, *shape, dtype=torch.float64):
    """Probabilities and a target; in each class the true pixels are between a tenth and nine tenths."""
    share = draw.uniform(shape[0], shape[1], 1, 1, low=0.1, high=0.9)
    return draw.uniform(*shape).to(dtype), (draw.uniform(*shape) < share).to(dtype)


def by_torch(probs, targets, eps=1.0, per_sample=True):
    """The definition; flattened, so that one row is what shares a coefficient."""
    p, t = probs.flatten(2), targets.flatten(2)
    if not per_sample:
        p, t = p.transpose(0, 1).flatten(1), t.transpose(0, 1).flatten(1)
    d = (2 * torch.einsum("...i,...i->...", p, t) + eps) / (p.sum(-1) + t.sum(-1) + eps)
    return (1 - d).mean()


def check_loss(learner, probs, targets, **parameters):
    expected = by_torch(probs, targets, **parameters)
    assert_matches(learner.dice_loss(probs, targets, **parameters), expected, "the loss", terms=100)


def check_gradient(learner, draw, probs, targets, **parameters):
    def loss(p):
        return by_torch(p, targets, **parameters)

    torch_side = reference(loss, probs)
    grad_output = draw.uniform(low=0.5, high=3.0).to(probs.dtype) * draw.choice([-1, 1])
    (expected,) = torch_side.gradients(grad_output)
    actual = learner.dice_loss_backward(grad_output, probs, targets, **parameters)
    assert_matches(actual, expected, "grad_probs", terms=100)


@pytest.mark.parametrize("shape", [(1, 1, 5, 7), (1, 1, 8, 3)])
def test_the_loss_of_one_mask(learner, draw, shape):
    check_loss(learner, *masks_for(draw, *shape))


@pytest.mark.builds_on("test_the_loss_of_one_mask")
@pytest.mark.parametrize("eps", [0.001, 0.7, 5.0])
def test_the_loss_with_another_eps(learner, draw, eps):
    check_loss(learner, *masks_for(draw, 1, 1, 4, 6), eps=eps)


@pytest.mark.builds_on("test_the_loss_of_one_mask")
@pytest.mark.parametrize("shape", [(3, 4, 5, 6), (2, 1, 7, 4), (1, 5, 3, 4)])
def test_the_loss_of_samples_and_classes(learner, draw, shape):
    check_loss(learner, *masks_for(draw, *shape))


@pytest.mark.builds_on("test_the_loss_of_samples_and_classes")
@pytest.mark.parametrize("shape", [(3, 4, 5, 6), (5, 2, 3, 4)])
def test_the_loss_with_sums_over_the_batch(learner, draw, shape):
    check_loss(learner, *masks_for(draw, *shape), per_sample=False, eps=0.5)


@pytest.mark.builds_on("test_the_loss_of_samples_and_classes")
def test_the_loss_where_a_class_is_nowhere_true(learner, draw):
    probs, targets = masks_for(draw, 2, 3, 5, 4)
    targets[0, 1], targets[1, 2], probs[1, 2] = 0, 0, 0
    check_loss(learner, probs, targets)
    check_loss(learner, probs, targets, per_sample=False, eps=0.1)


@pytest.mark.builds_on("test_the_loss_of_one_mask")
def test_a_mask_that_is_wholly_right_costs_nothing(learner, draw):
    _, targets = masks_for(draw, 2, 3, 4, 5)
    zero = torch.zeros((), dtype=torch.float64)
    assert_matches(learner.dice_loss(targets, targets) + 1, zero + 1, "the loss + 1")


@pytest.mark.parametrize("shape", [(1, 1, 5, 7), (1, 1, 8, 3)])
def test_the_gradient_of_one_mask(learner, draw, shape):
    check_gradient(learner, draw, *masks_for(draw, *shape))


@pytest.mark.builds_on("test_the_gradient_of_one_mask")
@pytest.mark.parametrize("eps", [0.001, 0.7, 5.0])
def test_the_gradient_with_another_eps(learner, draw, eps):
    check_gradient(learner, draw, *masks_for(draw, 1, 1, 4, 6), eps=eps)


@pytest.mark.builds_on("test_the_gradient_of_one_mask")
@pytest.mark.parametrize("shape", [(3, 4, 5, 6), (2, 1, 7, 4), (1, 5, 3, 4)])
def test_the_gradient_of_samples_and_classes(learner, draw, shape):
    check_gradient(learner, draw, *masks_for(draw, *shape))


@pytest.mark.builds_on("test_the_gradient_of_samples_and_classes")
@pytest.mark.parametrize("shape", [(3, 4, 5, 6), (5, 2, 3, 4)])
def test_the_gradient_with_sums_over_the_batch(learner, draw, shape):
    check_gradient(learner, draw, *masks_for(draw, *shape), per_sample=False, eps=0.5)


@pytest.mark.builds_on("test_the_gradient_of_samples_and_classes")
def test_the_gradient_where_a_class_is_nowhere_true(learner, draw):
    probs, targets = masks_for(draw, 2, 3, 5, 4)
    targets[0, 1], targets[1, 2], probs[1, 2] = 0, 0, 0
    check_gradient(learner, draw, probs, targets)
    check_gradient(learner, draw, probs, targets, per_sample=False, eps=0.1)


@pytest.mark.builds_on("test_the_loss_of_samples_and_classes", "test_the_gradient_of_samples_and_classes")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    probs, targets = masks_for(draw, 2, 3, 6, 5, dtype=torch.float32)
    check_loss(learner, strided(probs), strided(targets))
    assert_inputs_unchanged(learner)
    check_gradient(learner, draw, strided(probs), strided(targets))
    assert_inputs_unchanged(learner)


def counted(predicted, target, classes, ignore=255):
    pairs = collections.Counter(zip(predicted.flatten().tolist(), target.flatten().tolist(), strict=True))
    either, both = [0] * classes, [0] * classes
    for (mine, true), number in pairs.items():
        if true == ignore:
            continue
        for label in {mine, true}:
            either[label] += number
        if mine == true:
            both[mine] += number
    return torch.tensor(both), torch.tensor(either)


def labels_for(draw, classes, *shape):
    """Two label maps that agree in about half of the pixels."""
    target = draw.integers(0, classes, *shape)
    return torch.where(draw.uniform(*shape) < 0.5, target, draw.integers(0, classes, *shape)), target


@pytest.mark.parametrize("classes, shape", [(3, (2, 6, 7)), (6, (1, 5, 8)), (2, (4, 3, 5))])
def test_the_overlaps_of_label_maps(learner, draw, classes, shape):
    predicted, target = labels_for(draw, classes, *shape)
    expected = counted(predicted, target, classes)
    actual = learner.mask_overlaps(strided(predicted), strided(target), classes)
    assert_matches(actual, expected, ("intersection", "union"))
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_overlaps_of_label_maps")
@pytest.mark.parametrize("ignore", [255, -1])
def test_pixels_to_be_ignored_count_nowhere(learner, draw, ignore):
    predicted, target = labels_for(draw, 4, 2, 9, 8)
    target = torch.where(draw.uniform(2, 9, 8) < 0.3, ignore, target)
    actual = learner.mask_overlaps(predicted, target, 4, ignore)
    assert_matches(actual, counted(predicted, target, 4, ignore), ("intersection", "union"))


@pytest.mark.builds_on("test_the_overlaps_of_label_maps")
def test_classes_that_do_not_occur_have_no_overlap(learner, draw):
    predicted, target = labels_for(draw, 3, 2, 5, 6)
    predicted, target = predicted + 2, target + 1
    assert_matches(
        learner.mask_overlaps(predicted, target, 7), counted(predicted, target, 7), ("intersection", "union")
    )


@pytest.mark.parametrize("unions", [[40, 7, 19], [0, 12, 5, 0, 30], [9], [0, 0]])
def test_the_mean_over_classes_that_occur(learner, draw, unions):
    intersections = [draw.integer(0, union + 1) for union in unions]
    shares = [i / u for i, u in zip(intersections, unions, strict=True) if u]
    expected = sum(shares) / len(shares) if shares else 0.0
    actual = learner.mean_iou(torch.tensor(intersections), torch.tensor(unions))
    assert_matches(actual, expected, "the mean")
    assert_inputs_unchanged(learner)


def weights_of(target, classes):
    counts = collections.Counter(target.flatten().tolist())
    pixels = target.numel()
    return torch.tensor(
        [pixels / (len(counts) * counts[c]) if counts[c] else 0.0 for c in range(classes)], dtype=torch.float64
    )


@pytest.mark.parametrize("classes, shape", [(3, (2, 7, 9)), (5, (40,)), (2, (3, 4, 5))])
def test_rare_classes_get_large_weights(learner, draw, classes, shape):
    target = (draw.uniform(*shape) ** 2 * classes).long()
    target.view(-1)[:classes] = torch.arange(classes)
    assert_matches(learner.balanced_weights(strided(target), classes), weights_of(target, classes), "the weights")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_rare_classes_get_large_weights")
def test_classes_that_do_not_occur_get_no_weight(learner, draw):
    target = 1 + 2 * draw.integers(0, 2, 3, 8, 5)
    target[0, 0, :2] = torch.tensor([1, 3])
    assert_matches(learner.balanced_weights(target, 6), weights_of(target, 6), "the weights")
