"""Values against torch's own functions, gradients against autograd; indices always repeat."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

# shape of x, dim, shape of index: never longer than x, save along dim
CASES = [
    ((5, 4), 1, (3, 6)),
    ((4, 6), 0, (7, 3)),
    ((3, 5, 4), 1, (2, 7, 3)),
    ((3, 4, 5), -1, (2, 3, 8)),
    ((6,), 0, (9,)),
]


def indices(draw, shape, dim, index_shape):
    """Random places along dim, of which at least two are the same."""
    index = draw.integers(0, shape[dim], *index_shape)
    index.select(dim, 0).copy_(index.select(dim, 1))
    return index


def gather_case(draw, shape, dim, index_shape, dtype=torch.float64):
    x = draw.normal(*shape, dtype=dtype)
    return x, dim, indices(draw, shape, dim, index_shape)


@pytest.mark.parametrize("shape, dim, index_shape", CASES)
def test_gather_matches_torch(learner, draw, shape, dim, index_shape):
    x, dim, index = gather_case(draw, shape, dim, index_shape)
    assert_matches(learner.gather(x, dim, index), torch.gather(x, dim, index), "the gathered tensor")


@pytest.mark.builds_on("test_gather_matches_torch")
def test_gather_reads_inputs_of_any_layout_and_leaves_them_alone(learner, draw):
    x, dim, index = gather_case(draw, (3, 5, 4), 1, (2, 7, 3))
    actual = learner.gather(strided(x), dim, strided(index))
    assert_matches(actual, torch.gather(x, dim, index), "the gathered tensor")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32])
def test_gather_keeps_the_dtype(learner, draw, dtype):
    x = draw.integers(-50, 50, 5, 4).to(dtype)
    index = indices(draw, (5, 4), 1, (3, 6))
    assert_matches(learner.gather(x, 1, index), torch.gather(x, 1, index), "the gathered tensor")


@pytest.mark.parametrize("shape, dim, index_shape", CASES)
def test_the_gradient_of_gather_adds_up_where_an_element_was_read_twice(learner, draw, shape, dim, index_shape):
    x, dim, index = gather_case(draw, shape, dim, index_shape)
    gather = reference(torch.gather, x, dim, index)
    grad_output = draw.like(gather.output)
    (expected,) = gather.gradients(grad_output)
    assert_matches(learner.gather_backward(grad_output, x, dim, index), expected, "grad_x", terms=10)


@pytest.mark.builds_on("test_the_gradient_of_gather_adds_up_where_an_element_was_read_twice")
def test_the_gradient_of_gather_for_float32_and_any_layout(learner, draw):
    x, dim, index = gather_case(draw, (4, 6), 0, (7, 3), dtype=torch.float32)
    gather = reference(torch.gather, x, dim, index)
    grad_output = draw.like(gather.output)
    actual = learner.gather_backward(strided(grad_output), strided(x), dim, strided(index))
    assert_matches(actual, gather.gradients(grad_output)[0], "grad_x", terms=10)
    assert_inputs_unchanged(learner)


def scatter_case(draw, shape, dim, index_shape, dtype=torch.float64):
    x, src = draw.normal(*shape, dtype=dtype), draw.normal(*index_shape, dtype=dtype)
    return x, dim, indices(draw, shape, dim, index_shape), src


@pytest.mark.parametrize("shape, dim, index_shape", CASES)
def test_scatter_add_matches_torch(learner, draw, shape, dim, index_shape):
    x, dim, index, src = scatter_case(draw, shape, dim, index_shape)
    expected = torch.scatter_add(x, dim, index, src)
    assert_matches(learner.scatter_add(x, dim, index, src), expected, "the result", terms=10)


@pytest.mark.builds_on("test_scatter_add_matches_torch")
def test_scatter_add_makes_a_new_tensor(learner, draw):
    x, dim, index, src = scatter_case(draw, (4, 6), 0, (7, 3), dtype=torch.float32)
    actual = learner.scatter_add(strided(x), dim, strided(index), strided(src))
    assert_matches(actual, torch.scatter_add(x, dim, index, src), "the result", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape, dim, index_shape", CASES)
def test_the_gradients_of_scatter_add(learner, draw, shape, dim, index_shape):
    x, dim, index, src = scatter_case(draw, shape, dim, index_shape)
    scatter = reference(torch.scatter_add, x, dim, index, src)
    grad_output = draw.like(scatter.output)
    actual = learner.scatter_add_backward(grad_output, x, dim, index, src)
    assert_matches(actual, scatter.gradients(grad_output), ("grad_x", "grad_src"), terms=10)
    assert_inputs_unchanged(learner)


def put(table, index, rows, accumulate=False):
    """One row after the other, by masks, so that autograd sees which one is left."""
    for row, place in zip(rows, index.tolist(), strict=True):
        here = (torch.arange(len(table)) == place).unsqueeze(1)
        table = torch.where(here, table + row if accumulate else row, table)
    return table


def put_case(draw):
    index = torch.cat([draw.permutation(6)[:4], torch.zeros(2, dtype=torch.int64)])
    index[4:] = index[:2]  # two rows are written twice
    return draw.normal(6, 3), index[draw.permutation(6)], draw.normal(6, 3)


@pytest.mark.parametrize("accumulate", [False, True])
def test_rows_that_are_put_in_place(learner, draw, accumulate):
    table, index, rows = put_case(draw)
    actual = learner.put_rows(table, index, rows, accumulate=accumulate)
    assert_matches(actual, put(table, index, rows, accumulate), "the table", terms=5)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("accumulate", [False, True])
def test_the_gradients_of_rows_that_are_put_in_place(learner, draw, accumulate):
    table, index, rows = put_case(draw)
    forward = reference(put, table, index, rows, accumulate=accumulate)
    grad_output = draw.like(forward.output)
    actual = learner.put_rows_backward(grad_output, table, index, rows, accumulate=accumulate)
    assert_matches(actual, forward.gradients(grad_output), ("grad_table", "grad_rows"))
    assert_inputs_unchanged(learner)


def put_and_back(solution, grad_output, table, index, rows, accumulate):
    out = solution.put_rows(table, index, rows, accumulate=accumulate)
    return out, *solution.put_rows_backward(grad_output, table, index, rows, accumulate=accumulate)


@pytest.mark.builds_on("test_rows_that_are_put_in_place", "test_the_gradients_of_rows_that_are_put_in_place")
@pytest.mark.parametrize("accumulate", [False, True])
def test_no_rows_to_put(learner, draw, accumulate):
    table, index, rows = draw.normal(4, 3), torch.zeros(0, dtype=torch.int64), draw.normal(0, 3)
    grad_output = draw.like(table)
    actual = learner.run(put_and_back, grad_output, table, index, rows, accumulate)
    assert_matches(actual, (table, grad_output, rows), ("the table", "grad_table", "grad_rows"))


def masked(x, mask):
    return x[mask]


@pytest.mark.parametrize("shape", [(7,), (5, 4), (3, 2, 5)])
def test_the_gradient_of_picking_by_a_mask(learner, draw, shape):
    x = draw.normal(*shape)
    mask = draw.permutation(x.numel()).reshape(shape) < x.numel() // 2
    picked = reference(masked, x, mask)
    grad_output = draw.like(picked.output)
    actual = learner.masked_select_backward(grad_output, x, mask)
    assert_matches(actual, picked.gradients(grad_output)[0], "grad_x")


@pytest.mark.builds_on("test_the_gradient_of_picking_by_a_mask")
def test_a_mask_that_picks_nothing_in_a_float32_tensor(learner, draw):
    x, mask = draw.normal(4, 3, dtype=torch.float32), torch.zeros(4, 3, dtype=torch.bool)
    actual = learner.masked_select_backward(x.new_zeros(0), strided(x), strided(mask))
    assert_matches(actual, torch.zeros_like(x), "grad_x")
    assert_inputs_unchanged(learner)
