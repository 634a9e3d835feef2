"""Against torch's adaptive pooling, its linear layer on pooled features, and autograd; ties are made on purpose."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

SHAPES = [(2, 3, 5, 4), (1, 6, 1, 7), (3, 1, 2, 3)]
SIZES = [((6, 8), (3, 2)), ((7, 5), (3, 2)), ((5, 7), (4, 3)), ((9, 4), (1, 3)), ((2, 3), (4, 5))]


def told(value):
    return f"{value[0]} by {value[1]}" if len(value) == 2 else None


def average(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1)


def largest(x):
    return F.adaptive_max_pool2d(x, 1).flatten(1)


def with_ties(draw, *shape):
    """Whole numbers from 0 to 2: in every map the largest is there more than once, mostly."""
    return draw.integers(0, 3, *shape).double()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_mean_of_every_map(learner, draw, shape):
    x = draw.normal(*shape) + 1
    assert_matches(learner.global_avgpool(x), average(x), "the output", terms=20)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_mean_of_every_map")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_mean(learner, draw, shape):
    x = draw.normal(*shape)
    pooled = reference(average, x)
    grad_output = draw.like(pooled.output)
    assert_matches(learner.global_avgpool_backward(grad_output, x), pooled.gradients(grad_output)[0], "grad_x")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_largest_of_every_map(learner, draw, shape):
    x = draw.normal(*shape) - 5
    assert_matches(learner.global_maxpool(x), largest(x), "the output")
    assert_inputs_unchanged(learner)


def check_largest(learner, draw, x):
    pooled = reference(largest, x)
    grad_output = draw.like(pooled.output)
    assert_matches(learner.global_maxpool_backward(grad_output, x), pooled.gradients(grad_output)[0], "grad_x")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_largest_of_every_map")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_of_the_largest(learner, draw, shape):
    check_largest(learner, draw, draw.normal(*shape))


@pytest.mark.builds_on("test_the_gradient_of_the_largest")
def test_the_first_of_several_largest_gets_the_gradient(learner, draw):
    check_largest(learner, draw, with_ties(draw, 3, 4, 5, 6))


@pytest.mark.parametrize("size, output_size", SIZES, ids=told)
def test_the_largest_of_any_number_of_windows(learner, draw, size, output_size):
    x = draw.normal(2, 3, *size) - 5
    expected = F.adaptive_max_pool2d(x, output_size)
    assert_matches(learner.adaptive_maxpool2d(x, output_size), expected, "the output")
    assert_inputs_unchanged(learner)


def check_adaptive(learner, draw, x, output_size):
    pooled = reference(F.adaptive_max_pool2d, x, output_size=output_size)
    grad_output = draw.like(pooled.output)
    actual = learner.adaptive_maxpool2d_backward(grad_output, x)
    assert_matches(actual, pooled.gradients(grad_output)[0], "grad_x", terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_largest_of_any_number_of_windows")
@pytest.mark.parametrize("size, output_size", SIZES, ids=told)
def test_the_gradient_of_any_number_of_windows(learner, draw, size, output_size):
    check_adaptive(learner, draw, draw.normal(2, 3, *size), output_size)


@pytest.mark.builds_on("test_the_gradient_of_any_number_of_windows")
def test_the_first_of_several_largest_in_a_window_gets_the_gradient(learner, draw):
    check_adaptive(learner, draw, with_ties(draw, 3, 4, 7, 8), (3, 2))


CLASSES = ("the logits", "the maps")


def head(features, weight, bias):
    return F.linear(average(features), weight, bias), F.conv2d(features, weight[..., None, None])


@pytest.mark.parametrize("shape, classes", [((2, 5, 4, 3), 7), ((1, 3, 6, 2), 2)])
def test_where_the_evidence_for_a_class_lies(learner, draw, shape, classes):
    args = draw.normal(*shape), draw.normal(classes, shape[1]), draw.normal(classes) + 1
    assert_matches(learner.class_activation(*args), head(*args), CLASSES, terms=60)
    assert_inputs_unchanged(learner)


def test_float32_and_other_layouts(learner, draw):
    x = draw.normal(2, 3, 6, 5, dtype=torch.float32)
    assert_matches(learner.global_avgpool(strided(x)), average(x), "the mean", terms=30)
    assert_matches(learner.global_maxpool(strided(x)), largest(x), "the largest")
    assert_matches(learner.adaptive_maxpool2d(strided(x), (4, 2)), F.adaptive_max_pool2d(x, (4, 2)), "adaptive")
    for name, pool in (("global_avgpool", average), ("global_maxpool", largest)):
        pooled = reference(pool, x)
        g = draw.like(pooled.output)
        actual = getattr(learner, f"{name}_backward")(strided(g), strided(x))
        assert_matches(actual, pooled.gradients(g)[0], f"grad_x of {name}")
    weight, bias = draw.normal(4, 3, dtype=torch.float32), draw.normal(4, dtype=torch.float32)
    assert_matches(learner.class_activation(strided(x), weight, bias), head(x, weight, bias), CLASSES, terms=90)
