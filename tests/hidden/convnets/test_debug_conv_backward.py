"""Every repaired function against autograd; each fault alone has a test in which it shows."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference

GRADS = ("grad_x", "grad_weight")


def test_the_relative_error(learner, draw):
    pairs = []
    for scale in (1.0, 1e-9, 1e6):
        expected = scale * draw.normal(3, 4)
        pairs += [(expected + scale * draw.normal(3, 4, std=0.01), expected), (3 * expected, expected)]
    pairs += [(torch.zeros(2, 3, dtype=torch.float64), draw.normal(2, 3)), (draw.normal(5), torch.zeros(5).double())]
    answers = [learner.relative_error(*pair) for pair in pairs]
    for (actual, expected), answer in zip(pairs, answers, strict=True):
        right = (actual - expected).abs().max() / max(actual.abs().max(), expected.abs().max())
        assert_matches(answer, float(right), f"the error of a gradient of size {float(expected.abs().max()):.2g}")
    assert_matches(learner.relative_error(torch.zeros(2, 3), torch.zeros(2, 3)), 0.0, "the error of zeros for zeros")


def test_where_the_fault_is(learner, draw):
    questions = []
    for number in range(24):
        length, good = draw.integer(2, 9), 10 ** float(draw.uniform(low=-16, high=-6.5))
        errors = [good * float(draw.uniform()) for _ in range(length)]
        fault = draw.integer(-1, length)
        for layer in range(fault + 1):  # everything from the fault on, towards the input
            errors[layer] = draw.choice([0.5, 1e-3, 2.0, 1e-5, math.nan, math.inf])
        if number % 3 == 0 and fault > 0:
            errors[draw.integer(0, fault)] = 1e-9  # a ReLU may let nothing wrong pass
        questions.append((errors, fault))
    answers = [learner.locate(errors) for errors, _ in questions]
    for (errors, fault), answer in zip(questions, answers, strict=True):
        told = ", ".join(f"{error:.0e}" for error in errors)
        assert_matches(answer, fault, f"The faulty layer of [{told}]")


def relu_conv(x, weight):
    return F.conv2d(F.relu(x), weight)


def check(learner, draw, name, function, *inputs, names=GRADS, **parameters):
    layer = reference(function, *inputs, **parameters)
    grad_output = draw.like(layer.output)
    actual = getattr(learner, name)(grad_output, *inputs, **parameters)
    assert_matches(actual, layer.gradients(grad_output), names, terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("size", [(6, 7), (5, 4)])
def test_a_convolution_behind_a_relu(learner, draw, size):
    check(learner, draw, "relu_conv_backward", relu_conv, draw.normal(2, 3, *size), draw.normal(4, 3, 3, 2))


@pytest.mark.parametrize("stride, padding", [(1, 1), (2, 1), (2, 2)])
def test_a_convolution_with_stride_and_padding(learner, draw, stride, padding):
    args = draw.normal(2, 3, 7, 8), draw.normal(4, 3, 3, 4)
    check(learner, draw, "strided_conv_backward", F.conv2d, *args, stride=stride, padding=padding)


def test_windows_that_overlap(learner, draw):
    args = draw.normal(2, 3, 7, 8), draw.normal(4, 3, 3, 4)
    check(learner, draw, "strided_conv_backward", F.conv2d, *args, stride=2, padding=0)


def test_padding_around_windows_that_do_not_overlap(learner, draw):
    args = draw.normal(2, 3, 7, 8), draw.normal(4, 3, 2, 3)
    check(learner, draw, "strided_conv_backward", F.conv2d, *args, stride=3, padding=1)


def conv_pool(x, weight):
    return F.max_pool2d(F.conv2d(x, weight), 2)


@pytest.mark.parametrize("size", [(6, 9), (7, 6)])
def test_a_pool_behind_a_convolution(learner, draw, size):
    check(learner, draw, "conv_pool_backward", conv_pool, draw.normal(2, 3, *size), draw.normal(4, 3, 3, 2))


@pytest.mark.parametrize("size", [(6, 7), (5, 4)])
def test_a_loss_behind_a_convolution(learner, draw, size):
    x, weight, targets = draw.normal(3, 2, *size), draw.normal(5, 2, 3, 2), draw.integers(0, 5, 3)
    leaves = x.clone().requires_grad_(), weight.clone().requires_grad_()
    loss = F.cross_entropy(F.conv2d(*leaves).mean(dim=(2, 3)), targets)
    actual = learner.conv_mean_loss_backward(x, weight, targets)
    assert_matches(actual, torch.autograd.grad(loss, leaves), GRADS, terms=200)
    assert_inputs_unchanged(learner)


def two_convs(x, first, second):
    return F.conv2d(F.relu(F.conv2d(x, first)), second)


@pytest.mark.parametrize("size", [(7, 8), (6, 5)])
def test_two_convolutions(learner, draw, size):
    args = draw.normal(2, 3, *size), draw.normal(3, 3, 3, 2), draw.normal(4, 3, 2, 3)
    check(learner, draw, "two_convs_backward", two_convs, *args, names=("grad_x", "grad_first", "grad_second"))
