"""Beside torch's layer norm in float64; the kernel also on blocks that are far too wide."""

import pytest
import torch
from torch.nn import functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

NAMES = ("out", "mean", "rstd")


def launch(solution, x, weight, bias, out, rows, cols, eps, block):
    mean, rstd = torch.full((rows,), 7.0), torch.full((rows,), 7.0)
    solution.layernorm_kernel[(rows,)](x, weight, bias, out, mean, rstd, x.stride(0), cols, eps, BLOCK=block)
    return out, mean, rstd


def right(x, weight, bias, eps):
    x, weight, bias = x.double(), weight.double(), bias.double()
    out = F.layer_norm(x, x.shape[-1:], weight, bias, eps)
    rstd = (x.var(-1, correction=0) + eps).rsqrt()
    return out.float(), x.mean(-1).float(), rstd.float()


def case(draw, *shape):
    x = 2 * draw.normal(*shape, dtype=torch.float32) + 3
    return x, draw.normal(shape[-1], dtype=torch.float32), draw.normal(shape[-1], dtype=torch.float32)


@pytest.mark.parametrize(("rows", "cols"), [(3, 8), (5, 16)])
def test_a_row_that_fills_its_block(learner, draw, rows, cols):
    x, weight, bias = case(draw, rows, cols)
    got = learner.run(launch, x, weight, bias, torch.zeros(rows, cols), rows, cols, 1e-5, cols)
    assert_matches(got, right(x, weight, bias, 1e-5), NAMES, terms=8 * cols)


@pytest.mark.parametrize(("rows", "cols", "block"), [(3, 5, 8), (4, 9, 16), (2, 6, 32)])
def test_what_pads_a_block_does_not_count(learner, draw, rows, cols, block):
    x, weight, bias = case(draw, rows, cols)
    y, mean, rstd = right(x, weight, bias, 1e-5)
    behind = (0, 0, 0, block)  # rows that nobody may touch: a store without a mask is seen there
    inputs = [F.pad(x, behind, value=7.0), F.pad(weight, (0, block)), F.pad(bias, (0, block))]
    got = learner.run(launch, *inputs, F.pad(torch.zeros(rows, cols), behind, value=7.0), rows, cols, 1e-5, block)
    expected = F.pad(y, behind, value=7.0), mean, rstd
    assert_matches(got, expected, ("out and what lies behind it", "mean", "rstd"), terms=8 * cols)


def test_what_lies_between_the_rows_stays(learner, draw):
    (x, weight, bias), out = case(draw, 4, 11), draw.normal(4, 11, dtype=torch.float32)
    y, mean, rstd = right(x[:, :6], weight[:6], bias[:6], 1e-5)
    got = learner.run(launch, x, weight, bias, out.clone(), 4, 6, 1e-5, 8)
    names = ("out and what lies between its rows", "mean", "rstd")
    assert_matches(got, (torch.cat([y, out[:, 6:]], dim=1), mean, rstd), names, terms=64)


@pytest.mark.builds_on("test_what_pads_a_block_does_not_count", "test_what_lies_between_the_rows_stays")
@pytest.mark.parametrize("eps", [1e-5, 0.1, 2.0])
@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 10), (2, 100)])
def test_layernorm_of_any_shape(learner, draw, shape, eps):
    x, weight, bias = case(draw, *shape)
    assert_matches(learner.layernorm(x, weight, bias, eps), right(x, weight, bias, eps), NAMES, terms=8 * shape[-1])


@pytest.mark.builds_on("test_layernorm_of_any_shape")
def test_the_variance_survives_a_large_mean(learner, draw):
    x, weight, bias = case(draw, 3, 9)
    x = (x - 3) * 0.5 + 1000
    out, mean, _ = right(x, weight, bias, 1e-5)
    got = learner.layernorm(x, weight, bias)
    assert_matches(got[1], mean, "mean", terms=9)
    assert_matches(got[0], out, "out", terms=9 * 1000)


@pytest.mark.builds_on("test_layernorm_of_any_shape")
def test_inputs_are_left_alone(learner, draw):
    learner.layernorm(*case(draw, 3, 5))
    assert_inputs_unchanged(learner)


def scenario_out(solution, x, weight, bias):
    return solution.layernorm(x, weight, bias)[0]


def plain(x, weight, bias):
    return F.layer_norm(x, x.shape[-1:], weight, bias)


def rows_of_4096(draw, rows):
    return tuple(draw.normal(*shape, dtype=torch.float32) for shape in [(rows, 4096), (4096,), (4096,)])


@pytest.mark.speed(gates=True)
def test_it_is_as_fast_as_memory(learner, stopwatch):
    stopwatch.compare(scenario_out, plain, rows_of_4096, {"cuda": 4096}, limits={"cuda": 1.6}, terms=4096)
