"""Products and sums against einsum; transposed maps and gradients against autograd, which applies transposes."""

from itertools import pairwise

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

GRADS = ("grad_x", "grad_a", "grad_y")
BATCHES = [(), (4,), (2, 3)]


def bilinear(x, a, y):
    return torch.einsum("...i,ij,...j->...", x, a, y)


def crop(x, start, length):
    return x[..., start : start + length]


def repeat(x, times):
    return torch.cat([x] * times, dim=-1)


def difference(x):
    return x[..., 1:] - x[..., :-1]


@pytest.mark.parametrize("shape", [(2, 3), (4, 2, 3), (2, 5, 3, 4), (1, 3)])
def test_the_last_two_axes_change_places(learner, draw, shape):
    a = draw.normal(*shape)
    assert_matches(learner.transpose(a), a.transpose(-2, -1), "the transpose")


@pytest.mark.builds_on("test_the_last_two_axes_change_places")
def test_the_transpose_of_whole_numbers(learner, draw):
    a = draw.integers(-9, 10, 2, 3, 4)
    assert_matches(learner.transpose(a), a.transpose(-2, -1), "the transpose")


@pytest.mark.parametrize("shape", [(3, 3), (4, 2, 2), (2, 3, 4, 4)])
def test_a_symmetric_and_an_antisymmetric_part(learner, draw, shape):
    a = draw.normal(*shape)
    turned = a.transpose(-2, -1)
    assert_matches(learner.split(a), ((a + turned) / 2, (a - turned) / 2), ("symmetric", "antisymmetric"))


@pytest.mark.parametrize("batch", BATCHES)
def test_outer_products(learner, draw, batch):
    u, v = draw.normal(*batch, 3), draw.normal(*batch, 5)
    assert_matches(learner.outer(u, v), torch.einsum("...i,...j->...ij", u, v), "the outer product")


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_product_of_square_matrices_from_their_transposes(learner, draw, k):
    matrices = [draw.normal(3, 3) for _ in range(k)]
    expected = torch.linalg.multi_dot(matrices)
    assert_matches(learner.product_from_transposes([a.T for a in matrices]), expected, "the product", terms=30)


@pytest.mark.parametrize("sizes", [(2, 3, 4), (3, 5, 2, 4), (4, 1, 3)])
def test_a_product_of_matrices_of_any_shape_from_their_transposes(learner, draw, sizes):
    matrices = [draw.normal(m, n) for m, n in pairwise(sizes)]
    expected = torch.linalg.multi_dot(matrices)
    factors = [a.T.contiguous() for a in matrices]
    assert_matches(learner.product_from_transposes(factors), expected, "the product", terms=30)
    assert_inputs_unchanged(learner)


def test_a_product_of_one_matrix_from_its_transpose(learner, draw):
    a = draw.normal(2, 3)
    assert_matches(learner.product_from_transposes([a.T]), a, "the product")


@pytest.mark.parametrize("batch", BATCHES)
def test_solving_with_the_transpose_of_a_known_inverse(learner, draw, batch):
    a, b = 0.5 * draw.normal(5, 5) + 4 * torch.eye(5).double(), draw.normal(*batch, 5)
    expected = torch.linalg.solve(a.T, b.unsqueeze(-1)).squeeze(-1)
    assert_matches(learner.solve_transposed(torch.linalg.inv(a), b), expected, "x", terms=50)


@pytest.mark.parametrize("batch", BATCHES)
def test_the_bilinear_form(learner, draw, batch):
    x, a, y = draw.normal(*batch, 3), draw.normal(3, 5), draw.normal(*batch, 5)
    assert_matches(learner.bilinear(x, a, y), bilinear(x, a, y), "the form", terms=15)


@pytest.mark.parametrize("batch", BATCHES)
def test_the_gradients_of_the_bilinear_form_match_autograd(learner, draw, batch):
    x, a, y = draw.normal(*batch, 3), draw.normal(3, 5), draw.normal(*batch, 5)
    form = reference(bilinear, x, a, y)
    grad_output = draw.like(form.output)
    actual = learner.bilinear_backward(grad_output, x, a, y)
    assert_matches(actual, form.gradients(grad_output), GRADS, terms=15)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("start, length, size", [(2, 3, 7), (0, 2, 5), (4, 2, 6), (0, 3, 3)])
def test_the_transpose_of_a_crop(learner, draw, batch, start, length, size):
    y = draw.normal(*batch, length)
    (expected,) = reference(crop, draw.normal(*batch, size), start=start, length=length).gradients(y)
    assert_matches(learner.crop_transposed(y, start, size), expected, "Mᵀ · y")


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("n, times", [(3, 2), (2, 5), (1, 4), (4, 1)])
def test_the_transpose_of_a_repetition(learner, draw, batch, n, times):
    y = draw.normal(*batch, n * times)
    (expected,) = reference(repeat, draw.normal(*batch, n), times=times).gradients(y)
    assert_matches(learner.repeat_transposed(y, times), expected, "Mᵀ · y", terms=times)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("n", [5, 3, 2])
def test_the_transpose_of_the_differences(learner, draw, batch, n):
    y = draw.normal(*batch, n - 1)
    (expected,) = reference(difference, draw.normal(*batch, n)).gradients(y)
    assert_matches(learner.difference_transposed(y), expected, "Mᵀ · y", terms=2)


@pytest.mark.builds_on(
    "test_a_symmetric_and_an_antisymmetric_part",
    "test_outer_products",
    "test_solving_with_the_transpose_of_a_known_inverse",
    "test_the_gradients_of_the_bilinear_form_match_autograd",
    "test_the_transpose_of_a_crop",
    "test_the_transpose_of_a_repetition",
    "test_the_transpose_of_the_differences",
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_inputs_are_left_as_they_were(learner, draw, dtype):
    square, a, x, y, g = (strided(draw.normal(*shape, dtype=dtype)) for shape in [(4, 4), (3, 4), (2, 3), (2, 4), (2,)])
    halves = (square + square.T) / 2, (square - square.T) / 2
    form = reference(bilinear, x, a, y)
    for call, expected, names in [
        (lambda: learner.split(square), halves, ("symmetric", "antisymmetric")),
        (lambda: learner.outer(x, y), torch.einsum("bi,bj->bij", x, y), "the outer product"),
        (lambda: learner.solve_transposed(square, y), y @ square, "x"),
        (lambda: learner.bilinear(x, a, y), form.output, "the form"),
        (lambda: learner.bilinear_backward(g, x, a, y), form.gradients(g), GRADS),
        (lambda: learner.crop_transposed(x, 1, 5), torch.nn.functional.pad(x, (1, 1)), "Mᵀ · y"),
        (lambda: learner.repeat_transposed(y, 2), y[:, :2] + y[:, 2:], "Mᵀ · y"),
        (
            lambda: learner.difference_transposed(y),
            reference(difference, y[:, [0, 1, 2, 3, 3]]).gradients(y)[0],
            "Mᵀ y",
        ),
    ]:
        assert_matches(call(), expected, names, terms=15)
        assert_inputs_unchanged(learner)
