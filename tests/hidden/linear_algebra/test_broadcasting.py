"""Shapes against torch.broadcast_shapes, gradients against what autograd sums up when it broadcasts."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

PAIRS = [
    ((3, 4), (4,)),
    ((3, 4), (3, 1)),
    ((5, 1, 4), (3, 1)),
    ((2, 3), (2, 3)),
    ((1,), (4, 2)),
    ((), (2, 3)),
    ((6, 1), (1, 5)),
    ((2, 1, 3, 1), (4, 1, 5)),
    ((2, 1, 3), (2, 3)),  # aligned at the left these fit as well, but give something else
]


@pytest.mark.parametrize("a, b", PAIRS)
def test_the_common_shape(learner, a, b):
    assert_matches(learner.broadcast_shape(a, b), tuple(torch.broadcast_shapes(a, b)), f"the shape of {a} and {b}")
    assert_matches(learner.broadcast_shape(b, a), tuple(torch.broadcast_shapes(a, b)), f"the shape of {b} and {a}")


@pytest.mark.builds_on("test_the_common_shape")
def test_shapes_drawn_at_random(learner, draw):
    for _ in range(8):
        full = draw.integers(2, 6, draw.integer(1, 5)).tolist()
        one, other = ([draw.choice([1, size]) for size in full[draw.integer(0, len(full)) :]] for _ in range(2))
        expected = tuple(torch.broadcast_shapes(tuple(one), tuple(other)))
        assert_matches(learner.broadcast_shape(tuple(one), tuple(other)), expected, f"the shape of {one} and {other}")


@pytest.mark.builds_on("test_the_common_shape")
def test_sizes_of_zero_broadcast_as_well(learner):
    assert_matches(learner.broadcast_shape((0, 3), (1, 3)), (0, 3), "the shape of (0, 3) and (1, 3)")
    assert_matches(learner.broadcast_shape((1,), (0,)), (0,), "the shape of (1,) and (0,)")


@pytest.mark.builds_on("test_the_common_shape")
@pytest.mark.parametrize("a, b", [((3,), (4,)), ((2, 3), (2,)), ((2, 1, 3), (3, 2)), ((0,), (3,))])
def test_shapes_that_do_not_fit_are_refused(learner, a, b):
    assert_raises(ValueError, learner.broadcast_shape, a, b)


@pytest.mark.parametrize(
    "shape, to", [((4,), (3, 4)), ((3, 1), (3, 4)), ((5, 1, 4), (5, 3, 4)), ((1,), (2, 3)), ((), (2, 3))]
)
def test_the_gradient_of_a_broadcast_tensor(learner, draw, shape, to):
    expand = reference(lambda x: x.expand(to), draw.normal(*shape))
    grad_output = draw.like(expand.output)
    assert_matches(learner.unbroadcast(grad_output, shape), expand.gradients(grad_output)[0], "the gradient", terms=12)


@pytest.mark.builds_on("test_the_gradient_of_a_broadcast_tensor")
@pytest.mark.parametrize(
    "shape, to", [((2, 1, 3, 1), (6, 2, 4, 3, 5)), ((1, 1), (3, 4)), ((3, 1), (2, 3, 1)), ((2, 3), (2, 3))]
)
def test_several_axes_and_none(learner, draw, shape, to):
    expand = reference(lambda x: x.expand(to), draw.normal(*shape))
    grad_output = draw.like(expand.output)
    assert_matches(learner.unbroadcast(grad_output, shape), expand.gradients(grad_output)[0], "the gradient", terms=120)


@pytest.mark.builds_on("test_the_gradient_of_a_broadcast_tensor")
@pytest.mark.parametrize(
    "a, b", [((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 1, 5), (3, 1)), ((), (2, 3)), ((4, 3), (4, 3))]
)
def test_the_gradients_of_a_product(learner, draw, a, b):
    x, y = draw.normal(*a), draw.normal(*b)
    product = reference(torch.mul, x, y)
    grad_output = draw.like(product.output)
    actual = learner.multiply_backward(grad_output, x, y)
    assert_matches(actual, product.gradients(grad_output), ("grad_a", "grad_b"), terms=12)


@pytest.mark.builds_on("test_the_gradients_of_a_product")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, y = draw.normal(3, 4, dtype=torch.float32), draw.normal(4, dtype=torch.float32)
    product = reference(torch.mul, x, y)
    grad_output = draw.like(product.output)
    actual = learner.multiply_backward(strided(grad_output), strided(x), strided(y))
    assert_matches(actual, product.gradients(grad_output), ("grad_a", "grad_b"), terms=12)
    assert_inputs_unchanged(learner)
    assert_matches(
        learner.unbroadcast(strided(grad_output), (1, 4)), grad_output.sum(0, keepdim=True), "the gradient", terms=3
    )
    assert_inputs_unchanged(learner)
