"""Beside torch in float64; the kernel also on tiles, strides and margins of the suite's own."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def launch(solution, a, b, c, m, n, k, blocks):
    bm, bn, bk = blocks
    grid = ((m + bm - 1) // bm, (n + bn - 1) // bn)
    strides = (*a.stride(), *b.stride(), *c.stride())
    solution.matmul_kernel[grid](a, b, c, m, n, k, *strides, BLOCK_M=bm, BLOCK_N=bn, BLOCK_K=bk)
    return c


def pair(draw, m, n, k, dtype=torch.float32):
    return draw.normal(m, k).to(dtype), draw.normal(k, n).to(dtype)


def right(a, b):
    return (a.double() @ b.double()).to(a.dtype)


@pytest.mark.parametrize("sizes", [(16, 16, 16), (32, 16, 16), (16, 48, 16)])
def test_every_program_makes_a_tile_of_its_own(learner, draw, sizes):
    m, n, k = sizes
    a, b = pair(draw, m, n, k)
    got = learner.run(launch, a, b, torch.zeros(m, n), m, n, k, (16, 16, 16))
    assert_matches(got, right(a, b), "C", terms=k)


@pytest.mark.parametrize("k", [32, 64])
def test_the_sum_runs_over_all_of_k(learner, draw, k):
    a, b = pair(draw, 16, 32, k)
    got = learner.run(launch, a, b, torch.zeros(16, 32), 16, 32, k, (16, 16, 16))
    assert_matches(got, right(a, b), "C", terms=k)


@pytest.mark.parametrize("sizes", [(5, 16, 16), (16, 7, 16), (16, 16, 9), (21, 37, 40), (1, 1, 1)])
@pytest.mark.parametrize("blocks", [(16, 16, 16), (32, 16, 64)])
def test_sizes_that_no_tile_divides(learner, draw, sizes, blocks):
    m, n, k = sizes
    margins = [
        draw.normal(*shape, dtype=torch.float32) for shape in [(m + 40, k + 64), (k + 64, n + 40), (m + 40, n + 40)]
    ]
    a, b, c = margins
    expected = c.clone()
    expected[:m, :n] = right(a[:m, :k], b[:k, :n])
    got = learner.run(launch, a, b, c.clone(), m, n, k, blocks)
    assert_matches(got, expected, "C and what lies around it", terms=k)


@pytest.mark.builds_on("test_sizes_that_no_tile_divides")  # a store without a mask would ruin the heap
@pytest.mark.parametrize("which", ["a", "b", "c"])
def test_any_matrix_may_lie_transposed(learner, draw, which):
    m, n, k = 18, 20, 24
    a, b = pair(draw, m, n, k)
    c = torch.zeros(m, n)
    expected = right(a, b)
    a, b, c = (tensor.T.contiguous().T if name == which else tensor for name, tensor in (("a", a), ("b", b), ("c", c)))
    assert_matches(learner.run(launch, a, b, c, m, n, k, (16, 32, 16)), expected, "C", terms=k)


@pytest.mark.builds_on("test_sizes_that_no_tile_divides")
@pytest.mark.parametrize("sizes", [(3, 5, 7), (65, 20, 33), (100, 70, 50)])
def test_matmul_of_any_size(learner, draw, sizes):
    a, b = pair(draw, *sizes)
    assert_matches(learner.matmul(a, b), right(a, b), "the result", terms=sizes[2])


@pytest.mark.builds_on("test_matmul_of_any_size")
def test_matmul_of_transposed_matrices(learner, draw):
    a, b = draw.normal(7, 5, dtype=torch.float32).T, draw.normal(6, 7, dtype=torch.float32).T
    assert_matches(learner.matmul(a, b), right(a, b), "the result", terms=7)


@pytest.mark.builds_on("test_the_sum_runs_over_all_of_k")
def test_half_precision_is_summed_in_float32(learner, draw):
    k = 160
    a, b = (0.02 * draw.uniform(3, k) + 0.31).half(), (0.02 * draw.uniform(k, 2) + 0.31).half()
    a[:, 0], b[0], a[:, -1], b[-1] = 64, 64, -64, 64  # between them half precision loses what is smaller than 2
    got = learner.run(launch, a, b, torch.zeros(3, 2, dtype=torch.float16), 3, 2, k, (16, 16, 16))
    assert_matches(got, right(a, b), "C")


@pytest.mark.builds_on("test_matmul_of_any_size")
def test_inputs_are_left_alone(learner, draw):
    learner.matmul(*pair(draw, 4, 5, 6))
    assert_inputs_unchanged(learner)


def plain(a, b):
    return a @ b


def halves(draw, size):
    return tuple(draw.normal(size, size, dtype=torch.float32).half() for _ in range(2))


@pytest.mark.speed(gates=True)
def test_it_comes_near_torch_s_own(learner, stopwatch):
    stopwatch.compare("matmul", plain, halves, {"cuda": 2048}, limits={"cuda": 6.0}, terms=2048)
