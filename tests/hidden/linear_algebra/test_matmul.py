"""Products against `@`; shapes against the shape that torch.matmul really gives."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


@pytest.mark.parametrize("k", [2, 3, 7])
def test_the_dot_product_of_two_vectors(learner, draw, k):
    a, b = draw.normal(k), draw.normal(k)
    assert_matches(learner.dot(a, b), a @ b, "the dot product", terms=k)


@pytest.mark.builds_on("test_the_dot_product_of_two_vectors")
@pytest.mark.parametrize("k", [1, 0])
def test_the_dot_product_of_one_number_each_and_of_none(learner, draw, k):
    a, b = draw.normal(k), draw.normal(k)
    assert_matches(learner.dot(a, b), a @ b, "the dot product")


@pytest.mark.parametrize("m, k", [(2, 3), (5, 2), (3, 7)])
def test_a_matrix_times_a_vector(learner, draw, m, k):
    a, x = draw.normal(m, k), draw.normal(k)
    assert_matches(learner.matvec(a, x), a @ x, "the product", terms=k)


@pytest.mark.builds_on("test_a_matrix_times_a_vector")
@pytest.mark.parametrize("m, k", [(1, 4), (4, 1), (1, 1), (0, 3), (3, 0)])
def test_a_matrix_with_one_row_or_column_or_none_times_a_vector(learner, draw, m, k):
    a, x = draw.normal(m, k), draw.normal(k)
    assert_matches(learner.matvec(a, x), a @ x, "the product", terms=4)


@pytest.mark.builds_on("test_the_dot_product_of_two_vectors", "test_a_matrix_times_a_vector")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.int64, torch.int32])
def test_products_with_vectors_keep_the_dtype_and_leave_inputs_alone(learner, draw, dtype):
    a, x = draw.normal(3, 4, std=4.0).to(dtype), draw.normal(4, std=4.0).to(dtype)
    assert_matches(learner.dot(strided(a)[1], strided(x)), a[1] @ x, "the dot product", terms=4)
    assert_inputs_unchanged(learner)
    assert_matches(learner.matvec(strided(a), strided(x)), a @ x, "the product", terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_products_with_vectors_keep_the_dtype_and_leave_inputs_alone")
def test_vectors_of_whole_numbers_keep_every_digit(learner, draw):
    a, x = draw.integers(2**28, 2**29, 3, 4), draw.integers(2**28, 2**29, 4)
    assert_matches(learner.dot(a[0], x), a[0] @ x, "the dot product")
    assert_matches(learner.matvec(a, x), a @ x, "the product")


@pytest.mark.parametrize("a, b", [((3,), (4,)), ((4,), (3,)), ((1,), (3,)), ((3,), (1,)), ((0,), (3,))])
def test_vectors_of_different_lengths_raise_value_error(learner, draw, a, b):
    assert_raises(ValueError, learner.dot, draw.normal(*a), draw.normal(*b))


@pytest.mark.parametrize("a, b", [((2, 3), (2, 3)), ((1, 3), (3,)), ((3,), (3, 1)), ((), (3,)), ((), ())])
def test_what_is_not_a_vector_has_no_dot_product(learner, draw, a, b):
    assert_raises(ValueError, learner.dot, draw.normal(*a), draw.normal(*b))


@pytest.mark.parametrize(
    "a, x",
    [((2, 3), (2,)), ((2, 3), (1,)), ((2, 1), (3,)), ((3,), (3,)), ((2, 3), (3, 1)), ((4, 2, 3), (3,)), ((), ())],
)
def test_a_vector_that_does_not_fit_the_matrix_raises_value_error(learner, draw, a, x):
    assert_raises(ValueError, learner.matvec, draw.normal(*a), draw.normal(*x))


@pytest.mark.parametrize("m, k, n", [(2, 3, 4), (5, 2, 3), (3, 7, 2)])
def test_the_product_of_two_matrices(learner, draw, m, k, n):
    a, b = draw.normal(m, k), draw.normal(k, n)
    assert_matches(learner.matmul(a, b), a @ b, "the product", terms=k)


@pytest.mark.builds_on("test_the_product_of_two_matrices")
@pytest.mark.parametrize("m, k, n", [(1, 4, 3), (4, 1, 3), (3, 4, 1), (1, 1, 1), (1, 5, 1)])
def test_sizes_of_one(learner, draw, m, k, n):
    a, b = draw.normal(m, k), draw.normal(k, n)
    assert_matches(learner.matmul(a, b), a @ b, "the product", terms=k)


@pytest.mark.builds_on("test_the_product_of_two_matrices")
@pytest.mark.parametrize("m, k, n", [(2, 0, 3), (0, 2, 3), (2, 3, 0)])
def test_sizes_of_zero(learner, m, k, n):
    a, b = torch.zeros(m, k, dtype=torch.float64), torch.zeros(k, n, dtype=torch.float64)
    assert_matches(learner.matmul(a, b), a @ b, "the product")


@pytest.mark.builds_on("test_the_product_of_two_matrices")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.int64, torch.int32])
def test_the_dtype_is_kept(learner, draw, dtype):
    a, b = draw.normal(3, 4, std=4.0).to(dtype), draw.normal(4, 2, std=4.0).to(dtype)
    assert_matches(learner.matmul(a, b), a @ b, "the product", terms=4)


@pytest.mark.builds_on("test_the_dtype_is_kept")
def test_whole_numbers_keep_every_digit(learner, draw):
    """Products of about 2⁵⁸: int64 holds them exactly, and a detour through float64 does not."""
    a, b = draw.integers(2**28, 2**29, 3, 4), draw.integers(2**28, 2**29, 4, 2)
    assert_matches(learner.matmul(a, b), a @ b, "the product")


@pytest.mark.builds_on("test_the_product_of_two_matrices")
@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_tiny_and_large_elements(learner, draw, size):
    a, b = draw.normal(3, 4, std=size), draw.normal(4, 2, std=size)
    assert_matches(learner.matmul(a, b), a @ b, "the product", terms=4)


@pytest.mark.builds_on("test_the_product_of_two_matrices")
def test_matrices_that_are_not_contiguous(learner, draw):
    a, b = draw.normal(3, 5), draw.normal(5, 2)
    assert_matches(learner.matmul(strided(a), strided(b)), a @ b, "the product", terms=5)


@pytest.mark.builds_on("test_the_product_of_two_matrices")
def test_inputs_are_left_as_they_were(learner, draw):
    a, b = draw.normal(3, 5), draw.normal(5, 2)
    assert_matches(learner.matmul(a, b), a @ b, "the product", terms=5)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("a, b", [((2, 3), (2, 3)), ((2, 3), (4, 2)), ((2, 5), (3, 4))])
def test_inner_sizes_that_differ_raise_value_error(learner, draw, a, b):
    assert_raises(ValueError, learner.matmul, draw.normal(*a), draw.normal(*b))


@pytest.mark.parametrize("a, b", [((2, 1), (3, 4)), ((2, 3), (1, 4))])
def test_an_inner_size_of_one_does_not_adapt(learner, draw, a, b):
    assert_raises(ValueError, learner.matmul, draw.normal(*a), draw.normal(*b))


@pytest.mark.parametrize(
    "a, b",
    [
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((1, 2, 3), (3, 2)),
        ((2, 3), (1, 3, 2)),
        ((2, 3), (3, 2, 4)),
        ((), (3, 2)),
        ((), ()),
    ],
)
def test_what_is_not_a_matrix_raises_value_error(learner, draw, a, b):
    assert_raises(ValueError, learner.matmul, draw.normal(*a), draw.normal(*b))


def true_shape(a, b):
    """What torch.matmul gives; None if it refuses."""
    try:
        return tuple(torch.matmul(torch.empty(a, device="meta"), torch.empty(b, device="meta")).shape)
    except RuntimeError:
        return None


def check_shapes(learner, pairs):
    for a, b in pairs:
        expected = true_shape(a, b)
        if expected is None:
            assert_raises(ValueError, learner.product_shape, a, b)
        else:
            assert_matches(learner.product_shape(a, b), expected, f"the shape of {a} times {b}")


def test_shape_of_two_matrices(learner, draw):
    check_shapes(learner, [((draw.integer(2, 9), k), (k, draw.integer(2, 9))) for k in (1, 3, 0)])


@pytest.mark.builds_on("test_shape_of_two_matrices")
def test_shape_when_the_inner_sizes_differ(learner):
    check_shapes(learner, [((2, 3), (2, 3)), ((3,), (4,)), ((2, 3), (2,)), ((3,), (2, 3)), ((5, 2, 3), (5, 2, 3))])


@pytest.mark.builds_on("test_shape_of_two_matrices")
def test_shape_when_an_inner_size_is_one(learner):
    check_shapes(learner, [((2, 1), (3, 4)), ((2, 3), (1, 4)), ((1,), (3,)), ((5, 2, 1), (3, 4)), ((2, 3), (1,))])


@pytest.mark.builds_on("test_shape_of_two_matrices")
def test_shape_with_vectors(learner, draw):
    k, m, n = draw.integer(2, 6), draw.integer(6, 9), draw.integer(9, 12)
    check_shapes(learner, [((k,), (k,)), ((k,), (k, n)), ((m, k), (k,)), ((7, m, k), (k,)), ((k,), (7, k, n))])


@pytest.mark.builds_on("test_shape_of_two_matrices")
def test_shape_with_batches_that_broadcast(learner, draw):
    pairs = [
        ((7, 2, 3), (3, 5)),
        ((2, 3), (7, 3, 5)),
        ((7, 2, 3), (7, 1, 3, 5)),
        ((7, 1, 2, 3), (6, 3, 5)),
        ((1, 2, 3), (7, 3, 5)),
    ]
    pairs += [((4, 7, 2, 3), (4, 1, 3, 5)), ((8, 1, 2, 3), (1, 9, 3, 5)), ((0, 2, 3), (1, 3, 5))]
    check_shapes(learner, pairs)


@pytest.mark.builds_on("test_shape_with_batches_that_broadcast")
def test_shape_with_many_axes(learner, draw):
    check_shapes(
        learner, [((5, 1, 7, 1, 2, 3), (4, 1, 6, 3, 5)), ((3,), (2, 1, 4, 2, 3, 5)), ((2, 1, 4, 2, 5, 3), (3,))]
    )


@pytest.mark.builds_on("test_shape_with_batches_that_broadcast")
def test_shape_when_the_batches_do_not_broadcast(learner):
    check_shapes(
        learner,
        [((2, 4, 3), (3, 3, 5)), ((6, 2, 4, 3), (6, 3, 3, 5)), ((4, 6, 2, 3), (4, 3, 5)), ((0, 4, 3), (2, 3, 5))],
    )


@pytest.mark.builds_on("test_shape_of_two_matrices")
def test_a_factor_without_axes_raises_value_error(learner):
    check_shapes(learner, [((), (3, 4)), ((3, 4), ()), ((), ())])


@pytest.mark.builds_on("test_shape_with_vectors", "test_shape_with_batches_that_broadcast")
def test_shape_of_forty_random_pairs(learner, draw):
    sizes = (1, 2, 2, 3)
    shapes = [tuple(draw.choice(sizes) for _ in range(draw.integer(0, 5))) for _ in range(80)]
    check_shapes(learner, list(zip(shapes[::2], shapes[1::2], strict=True)))


def two_matrices(draw, n):
    return draw.normal(n, n, dtype=torch.float32), draw.normal(n, n, dtype=torch.float32)


def by_torch(a, b):
    return a @ b


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    stopwatch.compare("matmul", by_torch, two_matrices, {"cpu": 12, "cuda": 256}, operations=2, terms=256)
