"""Outputs and gradients beside those of torch's own modules with the same options."""

import pytest
import torch

from tutor.testkit import assert_matches

NAMES = ("the output", "its gradient", "the names in state_dict()")
BY_TORCH = {
    "GELU": torch.nn.GELU,
    "Softplus": torch.nn.Softplus,
    "CrossEntropy": torch.nn.CrossEntropyLoss,
    "BCEWithLogits": torch.nn.BCEWithLogitsLoss,
    "KLDivergence": torch.nn.KLDivLoss,
}


def apply(module, x, rest, g):
    x = x.clone().requires_grad_()
    out = module(x, *rest)
    (out * (g if out.dim() else g.reshape(-1)[0])).sum().backward()
    return out.detach(), x.grad, sorted(module.state_dict())


def of_a_module(solution, name, options, x, rest, g):
    module = getattr(solution, name)(**options)
    if not isinstance(module, torch.nn.Module):
        return f"{name} has to be an nn.Module."
    return apply(module, x, rest, g)


def check(learner, draw, name, x, *rest, **options):
    g = draw.normal(*(rest[0] if rest else x).shape)  # of a scalar loss, its first element is the upstream gradient
    expected = apply(BY_TORCH[name](**options), x, rest, g)
    actual = learner.run(of_a_module, name, options, x, rest, g)
    if isinstance(actual, str):
        raise AssertionError(actual)
    assert_matches(actual, expected, NAMES, terms=30)


@pytest.mark.parametrize("shape", [(7,), (3, 4)])
@pytest.mark.parametrize("options", [{}, {"approximate": "tanh"}])
def test_gelu(learner, draw, shape, options):
    check(learner, draw, "GELU", draw.normal(*shape, std=2.0), **options)


@pytest.mark.parametrize(
    "options", [{}, {"beta": 2.5}, {"beta": 0.4, "threshold": 1.0}, {"beta": 3.0, "threshold": 2.0}]
)
def test_softplus(learner, draw, options):
    check(learner, draw, "Softplus", draw.normal(6, 5, std=3.0), **options)


@pytest.mark.builds_on("test_gelu", "test_softplus")
def test_activations_of_very_large_inputs(learner, draw):
    x = torch.tensor([1000.0, -1000.0, 50.0, -50.0, 0.0, 19.0, 21.0], dtype=torch.float64)
    check(learner, draw, "Softplus", x)
    check(learner, draw, "Softplus", x, beta=2.0, threshold=100.0)
    check(learner, draw, "GELU", x)


def classes(draw, n, c, *axes):
    return draw.normal(n, c, *axes, std=2.0), draw.integers(0, c, n, *axes)


REDUCTIONS = ["mean", "sum", "none"]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("axes", [(), (3,), (2, 3)])
def test_cross_entropy(learner, draw, reduction, axes):
    check(learner, draw, "CrossEntropy", *classes(draw, 5, 4, *axes), reduction=reduction)


@pytest.mark.builds_on("test_cross_entropy")
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_cross_entropy_with_class_weights(learner, draw, reduction):
    weight = draw.uniform(4, low=0.5, high=3.0)
    check(learner, draw, "CrossEntropy", *classes(draw, 7, 4), weight=weight, reduction=reduction)


def ignore(draw, targets, index):
    flat = targets.reshape(-1)
    flat[draw.permutation(len(flat))[: len(flat) // 3]] = index
    flat[int((flat == index).logical_not().nonzero()[0])] = 1  # a target that isn't ignored, whatever index is
    return targets


@pytest.mark.builds_on("test_cross_entropy")
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("index", [-100, -1, 2, 255])
def test_targets_that_are_ignored(learner, draw, reduction, index):
    logits, targets = classes(draw, 6, 4, 3)
    options = {} if index == -100 else {"ignore_index": index}
    check(learner, draw, "CrossEntropy", logits, ignore(draw, targets, index), reduction=reduction, **options)


@pytest.mark.builds_on("test_cross_entropy")
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("label_smoothing", [0.1, 0.6])
def test_label_smoothing(learner, draw, reduction, label_smoothing):
    options = {"reduction": reduction, "label_smoothing": label_smoothing}
    check(learner, draw, "CrossEntropy", *classes(draw, 6, 5), **options)


@pytest.mark.builds_on("test_cross_entropy")
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_weights_and_ignored_targets_and_smoothing_together(learner, draw, reduction, label_smoothing):
    logits, targets = classes(draw, 6, 4, 2)
    weight = draw.uniform(4, low=0.5, high=3.0)
    options = {"weight": weight, "reduction": reduction, "label_smoothing": label_smoothing, "ignore_index": -1}
    check(learner, draw, "CrossEntropy", logits, ignore(draw, targets, -1), **options)


@pytest.mark.builds_on("test_cross_entropy")
def test_cross_entropy_of_very_large_logits(learner, draw):
    logits, targets = classes(draw, 6, 4)
    check(learner, draw, "CrossEntropy", 500 * logits, targets, reduction="none")


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("with_weight", [False, True])
@pytest.mark.parametrize("with_pos_weight", [False, True])
def test_binary_cross_entropy(learner, draw, reduction, with_weight, with_pos_weight):
    options = {"reduction": reduction}
    if with_weight:
        options["weight"] = draw.uniform(5, 1, low=0.5, high=3.0)
    if with_pos_weight:
        options["pos_weight"] = draw.uniform(3, low=0.5, high=4.0)
    check(learner, draw, "BCEWithLogits", draw.normal(5, 3, std=2.0), draw.uniform(5, 3), **options)


@pytest.mark.builds_on("test_binary_cross_entropy")
def test_binary_cross_entropy_of_very_large_logits(learner, draw):
    logits = torch.tensor([1000.0, -1000.0, 1000.0, -1000.0, 40.0, -700.0], dtype=torch.float64)
    targets = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.3, 0.0], dtype=torch.float64)
    check(
        learner, draw, "BCEWithLogits", logits, targets, reduction="none", pos_weight=draw.uniform(1, low=2.0, high=3.0)
    )


@pytest.mark.parametrize("reduction", [*REDUCTIONS, "batchmean"])
@pytest.mark.parametrize("log_target", [False, True])
def test_the_kullback_leibler_divergence(learner, draw, reduction, log_target):
    log_q, log_p = draw.normal(4, 5).log_softmax(1), draw.normal(4, 5).log_softmax(1)
    p = log_p if log_target else log_p.exp()
    check(learner, draw, "KLDivergence", log_q, p, reduction=reduction, log_target=log_target)


@pytest.mark.builds_on("test_the_kullback_leibler_divergence")
def test_probabilities_of_exactly_zero(learner, draw):
    log_q = draw.normal(2, 4).log_softmax(1)
    p = torch.tensor([[0.0, 1.0, 0.0, 0.0], [0.5, 0.0, 0.25, 0.25]], dtype=torch.float64)
    check(learner, draw, "KLDivergence", log_q, p, reduction="none")


def in_double(solution, weight, x, y):
    module = solution.CrossEntropy(weight).double()
    return module.weight, module(x, y)


@pytest.mark.builds_on("test_cross_entropy_with_class_weights")
def test_weights_move_with_the_module(learner, draw):
    logits, targets = classes(draw, 7, 4)
    weight = draw.uniform(4, low=0.5, high=3.0, dtype=torch.float32)
    expected = torch.nn.CrossEntropyLoss(weight.double())(logits, targets)
    actual = learner.run(in_double, weight, logits, targets)
    assert_matches(actual, (weight.double(), expected), ("the buffer weight after .double()", "the loss"), terms=30)
