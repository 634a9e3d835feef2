"""The network gets random parameters and is compared, layer by layer, with torch; counts with those of the paper."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

LAYERS = ("c1", "s2", "c3", "s4", "c5", "f6", "output")


def squashed(a):
    return 1.7159 * torch.tanh(2 * a / 3)


def pooled(x, weight, bias):
    return squashed(weight[:, None, None] * F.avg_pool2d(x, 2) + bias[:, None, None])


def test_the_squashing_function(learner, draw):
    for shape in ((7,), (2, 3, 4)):
        a = draw.normal(*shape, std=2)
        assert_matches(learner.squash(a), squashed(a), "the output")
        assert_inputs_unchanged(learner)


def run_subsampling(solution, weight, bias, x):
    layer = solution.Subsampling(len(weight)).double()
    fresh = {name: value.detach().clone() for name, value in layer.named_parameters()}
    layer.load_state_dict({"weight": weight, "bias": bias})
    return fresh, layer(x).detach()


@pytest.mark.builds_on("test_the_squashing_function")
@pytest.mark.parametrize("shape", [(2, 3, 4, 6), (1, 5, 2, 8)])
def test_subsampling_with_parameters(learner, draw, shape):
    x, weight, bias = draw.normal(*shape), draw.normal(shape[1]), draw.normal(shape[1])
    ones = torch.ones(shape[1], dtype=torch.float64)
    expected = {"weight": ones, "bias": torch.zeros_like(ones)}, pooled(x, weight, bias)
    names = ("the first parameters", "the output")
    assert_matches(learner.run(run_subsampling, weight, bias, strided(x)), expected, names, terms=4)
    assert_inputs_unchanged(learner)


def paper_table():
    """Copied from table I of the paper; a row for each map of S2, a column for each of C3."""
    rows = [
        "X---XXX--XXXX-XX",
        "XX---XXX--XXXX-X",
        "XXX---XXX--X-XXX",
        "-XXX--XXXX--X-XX",
        "--XXX--XXXX-XX-X",
        "---XXX--XXXX-XXX",
    ]
    return torch.tensor([[mark == "X" for mark in row] for row in rows]).T


def test_the_table_of_connections(learner):
    assert_matches(learner.c3_table(), paper_table().contiguous(), "the table")


def run_table(solution, table, kernel, state, x, grad_output):
    layer = solution.TableConv2d(table, kernel).double()
    learned = dict(sorted((name, list(value.shape)) for name, value in layer.named_parameters()))
    buffers = {name: list(value.shape) for name, value in layer.named_buffers()}
    fresh = layer.weight.detach().clone()
    layer.load_state_dict(state, strict=False)
    out = layer(x)
    (out * grad_output).sum().backward()
    return learned, buffers, fresh, out.detach(), layer.weight.grad, layer.bias.grad


def check_table(learner, draw, table, kernel, n=2):
    (c_out, c_in), x = table.shape, draw.normal(n, table.shape[1], 7, 8)
    weight, bias = draw.normal(c_out, c_in, kernel, kernel), draw.normal(c_out)
    leaves = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    out = F.conv2d(x, leaves[0] * table[:, :, None, None], leaves[1])
    grad_output = draw.like(out.detach())
    grads = torch.autograd.grad((out * grad_output).sum(), leaves)
    learned, buffers = {"bias": [c_out], "weight": [c_out, c_in, kernel, kernel]}, {"table": [c_out, c_in]}
    result = learner.run(run_table, table, kernel, {"weight": weight, "bias": bias}, x, grad_output)
    fresh = result[2] if isinstance(result, tuple) and len(result) == 6 else None
    # What the first weights are isn't asked for, only where there are none.
    inside = isinstance(fresh, torch.Tensor) and fresh.shape == weight.shape and bool((fresh[table] != 0).all())
    first = torch.where(table[:, :, None, None], fresh if inside else weight, 0.0)
    expected = (learned, buffers, first, out.detach(), *grads)
    what = ("the parameters' shapes", "the buffers' shapes", "the first weights", "the output")
    names = (*what, "the weights' gradient", "the bias's gradient")
    assert_matches(result, expected, names, terms=200)


def test_a_convolution_with_a_table(learner, draw):
    check_table(learner, draw, draw.uniform(5, 4) < 0.6, 3)


@pytest.mark.builds_on("test_a_convolution_with_a_table")
def test_a_convolution_with_the_paper_s_table(learner, draw):
    check_table(learner, draw, paper_table(), 5)


def parameters(draw, dtype=torch.float64):
    """Random, and small enough that no layer saturates."""

    def layer(*shape, std):
        return draw.normal(*shape, std=std, dtype=dtype), draw.normal(shape[0], std=0.3, dtype=dtype)

    return {
        "c1": layer(6, 1, 5, 5, std=0.2),
        "s2": layer(6, std=1.0),
        "c3": layer(16, 6, 5, 5, std=0.1),
        "s4": layer(16, std=1.0),
        "c5": layer(120, 16, 5, 5, std=0.05),
        "f6": layer(84, 120, std=0.1),
        "output": layer(10, 84, std=0.1),
    }


def named(p, layer):
    return zip(("weight", "bias"), p[layer], strict=True)


def stages_by_torch(p, x):
    c1 = squashed(F.conv2d(x, *p["c1"]))
    s2 = pooled(c1, *p["s2"])
    weight, bias = p["c3"]
    c3 = squashed(F.conv2d(s2, weight * paper_table()[:, :, None, None], bias))
    s4 = pooled(c3, *p["s4"])
    c5 = squashed(F.conv2d(s4, *p["c5"]))
    f6 = squashed(F.linear(c5.flatten(1), *p["f6"]))
    return [c1, s2, c3, s4, c5, f6, F.linear(f6, *p["output"])]


def run_network(solution, p, x):
    network = solution.LeNet5().to(x.dtype)
    state = network.state_dict()
    loaded = {f"{layer}.{name}": value for layer in p for name, value in named(p, layer)}
    network.load_state_dict({**loaded, "c3.table": state["c3.table"]})
    return network.stages(x), network(x).detach()


def shapes_in(solution):
    return {name: list(value.shape) for name, value in sorted(solution.LeNet5().state_dict().items())}


def test_the_names_and_shapes_of_the_parameters(learner, draw):
    p = parameters(draw)
    shapes = {f"{layer}.{name}": list(value.shape) for layer in p for name, value in named(p, layer)}
    shapes["c3.table"] = [16, 6]
    assert_matches(learner.run(shapes_in), dict(sorted(shapes.items())), "the state_dict's shapes")


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
def test_every_layer_of_the_network(learner, draw, dtype):
    p, x = parameters(draw, dtype), draw.normal(2, 1, 32, 32, dtype=dtype)
    expected = stages_by_torch(p, x)
    stages, out = learner.run(run_network, p, x)
    right = isinstance(stages, tuple | list) and len(stages) == len(LAYERS)
    actual = (*(stages if right else [stages] * len(LAYERS)), out)
    # Rounding adds up over seven layers.
    assert_matches(actual, (*expected, expected[-1]), (*LAYERS, "what forward returns"), terms=3000)
    assert_inputs_unchanged(learner)


PAPER = {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48120, "f6": 10164, "output": 850}


def count_network(solution):
    return solution.parameters_by_layer(solution.LeNet5())


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
def test_the_counts_of_the_paper(learner):
    assert_matches(learner.run(count_network), PAPER, "the parameters by layer")


def count_another(solution, sizes, table):
    first, second, kernel = sizes
    model = nn.Sequential()
    model.add_module("conv", nn.Conv2d(first, len(table[0]), kernel, bias=False))
    model.add_module("norm", nn.BatchNorm2d(len(table[0])))
    model.add_module("relu", nn.ReLU())
    model.add_module("table", solution.TableConv2d(table, kernel))
    model.add_module("nested", nn.Sequential(nn.Linear(first, second), solution.TableConv2d(table, 2)))
    return solution.parameters_by_layer(model)


@pytest.mark.builds_on("test_a_convolution_with_a_table")
def test_the_counts_of_another_network(learner, draw):
    first, second, kernel = draw.integer(2, 9), draw.integer(2, 9), draw.integer(3, 6)
    table = draw.uniform(7, 4) < 0.5
    connected = int(table.sum())
    expected = {
        "conv": first * 4 * kernel**2,
        "norm": 8,
        "relu": 0,
        "table": connected * kernel**2 + 7,
        "nested": first * second + second + connected * 4 + 7,
    }
    result = learner.run(count_another, (first, second, kernel), table)
    assert_matches(result, expected, "the parameters by layer")
