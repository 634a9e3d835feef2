"""The kernels on grids and blocks of the suite's own, with memory behind the result that has to stay as it was."""

import pytest
import torch
from torch.nn import functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

BEHIND = 40  # elements behind the n, in every buffer


def launch_add(solution, x, y, out, n, block):
    solution.add_kernel[((n + block - 1) // block,)](x, y, out, n, BLOCK=block)
    return out


def launch_silu_mul(solution, gate, x, out, n, block):
    solution.silu_mul_kernel[((n + block - 1) // block,)](gate, x, out, n, BLOCK=block)
    return out


@pytest.mark.parametrize(("n", "block"), [(32, 16), (64, 8), (16, 16)])
def test_every_program_adds_a_block_of_its_own(learner, draw, n, block):
    x, y = draw.normal(n, dtype=torch.float32), draw.normal(n, dtype=torch.float32)
    out = learner.run(launch_add, x, y, torch.full((n,), 7.0), n, block)
    assert_matches(out, x + y, "out")


@pytest.mark.parametrize(("n", "block"), [(37, 16), (5, 16), (1, 8), (33, 32)])
def test_the_last_block_ends_where_the_data_ends(learner, draw, n, block):
    x, y = draw.normal(n + BEHIND, dtype=torch.float32), draw.normal(n + BEHIND, dtype=torch.float32)
    out = draw.normal(n + BEHIND, dtype=torch.float32)
    expected = torch.cat([x[:n] + y[:n], out[n:]])
    assert_matches(learner.run(launch_add, x, y, out.clone(), n, block), expected, "out and what lies behind it")


@pytest.mark.builds_on("test_the_last_block_ends_where_the_data_ends")  # a store without a mask would ruin the heap
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
@pytest.mark.parametrize("shape", [(5, 7, 3), (2000,), (1,), (3, 1024)])
def test_add_takes_any_shape(learner, draw, shape, dtype):
    x, y = draw.normal(*shape).to(dtype), draw.normal(*shape).to(dtype)
    assert_matches(learner.add(x, y), x + y, "out")


@pytest.mark.parametrize(("n", "block"), [(37, 16), (64, 16), (5, 8)])
def test_the_gated_kernel(learner, draw, n, block):
    gate, x = (3 * draw.normal(n + BEHIND, dtype=torch.float32) for _ in range(2))
    out = draw.normal(n + BEHIND, dtype=torch.float32)
    right = F.silu(gate[:n].double()) * x[:n].double()
    expected = torch.cat([right.float(), out[n:]])
    got = learner.run(launch_silu_mul, gate, x, out.clone(), n, block)
    assert_matches(got, expected, "out and what lies behind it", terms=8)


@pytest.mark.builds_on("test_the_gated_kernel")
@pytest.mark.parametrize("shape", [(5, 7, 3), (2000,), (1,)])
def test_silu_mul_takes_any_shape(learner, draw, shape):
    gate, x = (3 * draw.normal(*shape, dtype=torch.float32) for _ in range(2))
    expected = (F.silu(gate.double()) * x.double()).float()
    assert_matches(learner.silu_mul(gate, x), expected, "out", terms=8)


@pytest.mark.builds_on("test_add_takes_any_shape", "test_silu_mul_takes_any_shape")
def test_inputs_are_left_alone(learner, draw):
    learner.add(draw.normal(4, 5, dtype=torch.float32), draw.normal(4, 5, dtype=torch.float32))
    learner.silu_mul(draw.normal(4, 5, dtype=torch.float32), draw.normal(4, 5, dtype=torch.float32))
    assert_inputs_unchanged(learner)


def plain_add(x, y):
    return x + y


def plain_silu_mul(gate, x):
    return F.silu(gate) * x


def two(draw, n):
    return draw.normal(n, dtype=torch.float32), draw.normal(n, dtype=torch.float32)


@pytest.mark.speed(gates=True)
def test_adding_is_as_fast_as_memory(learner, stopwatch):
    stopwatch.compare("add", plain_add, two, {"cuda": 1 << 24}, limits={"cuda": 1.5})


@pytest.mark.speed(gates=True)
def test_one_pass_beats_two(learner, stopwatch):
    stopwatch.compare("silu_mul", plain_silu_mul, two, {"cuda": 1 << 24}, limits={"cuda": 1.3}, terms=8)
