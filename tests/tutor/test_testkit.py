"""What a suite tells a learner: comparisons and their messages, inputs, references."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches, central_difference, reference, strided, tolerance
from tutor.testkit.compare import Mismatch
from tutor.testkit.draw import Draw


def complaint(actual, expected, *args, **kwargs) -> str:
    with pytest.raises(Mismatch) as error:
        assert_matches(actual, expected, *args, **kwargs)
    return str(error.value)


X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64)


@pytest.mark.parametrize(
    "actual, says",
    [
        (None, "None (is there a return?)"),
        (X.T, "wrong shape"),
        (X[None], "wrong shape"),
        (X.float(), "wrong dtype"),
        (X.numpy(), "has to be a tensor of shape (2, 3); yours is a numpy array of shape (2, 3)"),
        (X.tolist(), "yours is a list"),
        (X + torch.tensor([0, 0, 1e-9]), "2 of 6 elements differ"),
        (X.clone().fill_(float("nan")), "6 are NaN or infinite"),
        (X * 2, "all 6 elements differ"),
        (X + torch.tensor([[0.0, 0, 0], [0, 0, 7]]), "at [1, 2]: yours 13, expected 6"),
    ],
)
def test_a_wrong_tensor_is_described(actual, says):
    assert says in complaint(actual, X)


def test_shape_comes_before_dtype_and_dtype_before_values():
    assert "shape" in complaint(X.float().T * 3, X)
    assert "dtype" in complaint(X.float() * 3, X)


def test_broadcasting_never_hides_a_wrong_shape():
    assert "shape" in complaint(torch.ones(1, 3), torch.ones(2, 3))
    assert "shape" in complaint(torch.tensor(1.0), torch.ones(1))


def test_nan_is_never_right():
    nan = torch.tensor([float("nan"), 1.0])
    assert "NaN" in complaint(nan, nan)


def test_infinities_are_right_where_they_belong():
    inf = torch.tensor([float("-inf"), 1.0, float("inf")])
    assert_matches(inf.clone(), inf)
    assert "infinite" in complaint(-inf, inf)


def test_the_parts_of_a_result_are_named():
    text = complaint((X, X + 1, X), (X, X, X), ("grad_x", "grad_weight", "grad_bias"))
    assert text.startswith("grad_weight") and "grad_x, grad_bias are right" in text
    assert "(grad_x, grad_w)" in complaint(X, (X, X), ("grad_x", "grad_w"))
    assert "has 1" in complaint((X,), (X, X), ("grad_x", "grad_w"))


@pytest.mark.parametrize(
    "actual, expected",
    [
        (2, True),
        (True, 1),
        (1.0, 1),
        ("a", "b"),
        (3, 2),
        (None, 1.0),
        (True, 1.0),
        ([1, 2], [1, 2, 3]),
        ({}, {"a": 1}),
    ],
)
def test_plain_values_are_compared_with_their_types(actual, expected):
    complaint(actual, expected)


def test_numbers_may_be_tensors_arrays_or_floats():
    for value in (0.5, torch.tensor(0.5), np.float32(0.5), np.array(0.5)):
        assert_matches(value, 0.5)
    complaint(0.5 + 1e-9, 0.5)
    complaint(float("nan"), 0.5)
    assert_matches(math.inf, math.inf)
    for value in (1.0, -math.inf, math.nan):
        complaint(value, math.inf)


def test_a_tolerance_is_rounding_and_no_more():
    assert tolerance(torch.float64) < 1e-11 and tolerance(torch.float32) < 1e-4
    assert tolerance(torch.float64, 100) == pytest.approx(10 * tolerance(torch.float64))
    noise = torch.randn(50, 400, dtype=torch.float64)
    assert_matches(noise.flip(1).sum(1), noise.sum(1), terms=400)
    complaint(noise.sum(1) * (1 + 1e-8), noise.sum(1), terms=400)


def test_relative_comparison_sees_tiny_values():
    tiny = torch.tensor([1.0, 1e-30], dtype=torch.float64)
    zeroed = torch.tensor([1.0, 0.0], dtype=torch.float64)
    assert_matches(zeroed, tiny)
    complaint(zeroed, tiny, relative=True)


def test_draws_repeat_with_the_seed_and_differ_without():
    assert torch.equal(Draw(3).normal(4, 2), Draw(3).normal(4, 2))
    assert not torch.equal(Draw(3).normal(4, 2), Draw(4).normal(4, 2))
    integers = Draw(1).integers(-2, 3, 500)
    assert integers.min() == -2 and integers.max() == 2


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (1, 1)])
def test_strided_keeps_the_values_and_loses_the_layout(shape):
    x = torch.randn(shape)
    assert torch.equal(strided(x), x)
    assert not strided(x).is_contiguous() or x.numel() == 1


def test_reference_gradients_are_autograds():
    x, w = torch.randn(4, 3, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    linear = reference(F.linear, x, w)
    g = torch.randn(4, 5, dtype=torch.float64)
    grad_x, grad_w = linear.gradients(g)
    assert_matches((grad_x, grad_w), (g @ w, g.T @ x), ("grad_x", "grad_w"))
    assert not x.requires_grad and x.grad is None


def test_central_difference_is_a_gradient():
    x = torch.randn(2, 3, dtype=torch.float64)
    assert_matches(central_difference(lambda z: (z**3).sum(), x), 3 * x**2, rtol=1e-7)


def test_two_numbers_that_differ_are_shown_to_differ():
    with pytest.raises(Mismatch) as caught:
        assert_matches(
            torch.tensor(0.1, dtype=torch.float64), torch.tensor(0.1 + 1e-11, dtype=torch.float64), "The loss"
        )
    assert str(caught.value) == "The loss differs.\nyours 0.1, expected 0.10000000001"
    with pytest.raises(Mismatch, match="yours 1, expected 2"):
        assert_matches(torch.tensor(1), torch.tensor(2))


def test_true_is_not_one_wherever_it_stands():
    assert_matches([True, (1, 2)], [True, (1, 2)])
    for actual in ([1, (1, 2)], [True, (1, True)], [True, [1, 2]]):
        with pytest.raises(Mismatch):
            assert_matches(actual, [True, (1, 2)])


def test_a_sum_of_no_terms_is_a_fault_of_the_suite():
    with pytest.raises(ValueError, match="terms"):
        assert_matches(torch.ones(2), torch.ones(2), terms=0)


def test_a_finite_value_where_infinity_is_expected_is_shown():
    with pytest.raises(AssertionError) as caught:
        assert_matches(torch.tensor([1.0, 5.0, 2.0]), torch.tensor([1.0, torch.inf, 2.0]), "the result")
    assert "1 have to be NaN or infinite, the first at [1]: yours 5, expected inf" in "\n".join(
        map(str, caught.value.args)
    )


@pytest.mark.parametrize(
    "name, says",
    [
        ("the gradients", "the gradients have wrong values."),
        ("grad_bias", "grad_bias has wrong values."),
        ("the loss", "the loss has wrong values."),
        ("the losses of the steps", "the losses of the steps have wrong values."),
        ("the names[2]", "the names[2] has wrong values."),
        ("the list of parameters", "the list of parameters has wrong values."),
    ],
)
def test_several_things_have(name, says):
    with pytest.raises(AssertionError) as caught:
        assert_matches(torch.ones(2), torch.zeros(2), name)
    assert str(caught.value).splitlines()[0].lower() == says
