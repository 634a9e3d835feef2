"""Blocks get random parameters and are compared with torch's functions; the gradient by hand with autograd."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

PROJECTED = [(3, 5, 1), (4, 4, 2), (3, 6, 2), (5, 2, 3)]


def told(value):
    return f"{value[0]} to {value[1]} channels, stride {value[2]}" if isinstance(value, tuple) else str(value)


def shapes_of(c_in, c_out, stride):
    """What a block's state_dict has to contain."""

    def norm(name):
        return {f"{name}.{what}": [c_out] for what in ("weight", "bias", "running_mean", "running_var")} | {
            f"{name}.num_batches_tracked": []
        }

    shapes = {"conv1.weight": [c_out, c_in, 3, 3], "conv2.weight": [c_out, c_out, 3, 3]}
    shapes |= norm("bn1") | norm("bn2")
    if stride != 1 or c_in != c_out:
        shapes |= {"shortcut.0.weight": [c_out, c_in, 1, 1]} | norm("shortcut.1")
    return dict(sorted(shapes.items()))


def random_state(draw, shapes, dtype=torch.float64):
    state = {}
    for name, shape in shapes.items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(3)
        elif name.endswith("running_var"):
            state[name] = draw.uniform(*shape, low=0.5, high=2.0, dtype=dtype)
        else:
            state[name] = draw.normal(*shape, dtype=dtype)
    return state


def by_torch(state, x, stride, training, prefix=""):
    def norm(name, x):
        mean, var, weight, bias = (
            state[f"{prefix}{name}.{what}"] for what in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean.clone(), var.clone(), weight, bias, training)

    out = F.relu(norm("bn1", F.conv2d(x, state[f"{prefix}conv1.weight"], stride=stride, padding=1)))
    out = norm("bn2", F.conv2d(out, state[f"{prefix}conv2.weight"], padding=1))
    projection = state.get(f"{prefix}shortcut.0.weight")
    short = x if projection is None else norm("shortcut.1", F.conv2d(x, projection, stride=stride))
    return F.relu(out + short)


def shapes_in(solution, sizes):
    block = solution.ResidualBlock(sizes[0], sizes[1], stride=sizes[2])
    return dict(sorted((name, list(value.shape)) for name, value in block.state_dict().items()))


@pytest.mark.parametrize("sizes", [(4, 4, 1), *PROJECTED], ids=told)
def test_the_names_and_shapes_of_the_parameters(learner, sizes):
    assert_matches(learner.run(shapes_in, sizes), shapes_of(*sizes), "the state_dict's shapes")


def output_of(solution, sizes, state, x, training):
    block = solution.ResidualBlock(sizes[0], sizes[1], stride=sizes[2]).to(x.dtype)
    block.load_state_dict(state)
    return block.train(training)(x).detach()


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
@pytest.mark.parametrize("training", [False, True], ids=["evaluating", "training"])
@pytest.mark.parametrize("sizes", [(4, 4, 1), *PROJECTED], ids=told)
def test_the_output_matches_torch(learner, draw, sizes, training):
    state, x = random_state(draw, shapes_of(*sizes)), draw.normal(3, sizes[0], 7, 8)
    expected = by_torch(state, x, sizes[2], training)
    actual = learner.run(output_of, sizes, state, x, training)
    assert_matches(actual, expected, "the output", terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_output_matches_torch")
def test_float32_and_other_layouts(learner, draw):
    sizes = (3, 6, 2)
    state, x = random_state(draw, shapes_of(*sizes), torch.float32), draw.normal(2, 3, 6, 5, dtype=torch.float32)
    expected = by_torch(state, x, 2, False)
    assert_matches(learner.run(output_of, sizes, state, strided(x), False), expected, "the output", terms=200)


def fresh(solution, sizes, zero_init):
    block = solution.ResidualBlock(sizes[0], sizes[1], stride=sizes[2], zero_init=zero_init)
    return {name: value.detach() for name, value in block.named_parameters()}


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
@pytest.mark.parametrize("zero_init", [False, True], ids=["ones", "zero_init"])
def test_the_first_norms(learner, zero_init):
    result = learner.run(fresh, (3, 5, 2), zero_init)
    norms = {name: value for name, value in result.items() if isinstance(value, torch.Tensor) and value.dim() == 1}
    expected = {}
    for name in ("bn1", "bn2", "shortcut.1"):
        scale = torch.zeros(5) if zero_init and name == "bn2" else torch.ones(5)
        expected |= {f"{name}.weight": scale, f"{name}.bias": torch.zeros(5)}
    assert_matches(norms, expected, "the norms' parameters")


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
def test_the_first_kernels_have_the_spread_of_he(learner):
    result = learner.run(fresh, (40, 90, 2), False)
    for name, taps in (("conv1.weight", 9), ("conv2.weight", 9), ("shortcut.0.weight", 1)):
        kernel, std = result[name].double(), torch.tensor((2 / (90 * taps)) ** 0.5, dtype=torch.float64)
        assert_matches(kernel.std(), std, f"the standard deviation of {name}", rtol=0.1)
        shifted = kernel.mean() / std + 1
        assert_matches(shifted, torch.ones_like(std), f"1 + mean / standard deviation of {name}", rtol=0.1)
        beyond = ((kernel / std).abs() > 2).double().mean().item()
        assert 0.03 < beyond < 0.065, (
            f"{beyond:.1%} of the numbers in {name} lie more than 2 standard deviations from 0; of normally "
            "distributed ones 4.6 % do, of uniformly distributed ones none."
        )


def shapes_in_stage(solution, sizes, count):
    stage = solution.make_stage(sizes[0], sizes[1], count, stride=sizes[2])
    return len(stage), dict(sorted((name, list(value.shape)) for name, value in stage.state_dict().items()))


STAGES = [((3, 5, 2), 3), ((4, 4, 1), 2), ((4, 4, 2), 2), ((2, 6, 2), 1)]


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
@pytest.mark.parametrize("sizes, count", STAGES, ids=told)
def test_the_blocks_of_a_stage(learner, sizes, count):
    shapes = {}
    for number in range(count):
        here = sizes if number == 0 else (sizes[1], sizes[1], 1)
        shapes |= {f"{number}.{name}": shape for name, shape in shapes_of(*here).items()}
    names = ("the number of blocks", "the state_dict's shapes")
    assert_matches(learner.run(shapes_in_stage, sizes, count), (count, shapes), names)


def stage_output(solution, sizes, count, state, x):
    stage = solution.make_stage(sizes[0], sizes[1], count, stride=sizes[2]).double()
    stage.load_state_dict(state)
    return len(stage), stage.eval()(x).detach()


@pytest.mark.builds_on("test_the_output_matches_torch", "test_the_blocks_of_a_stage")
@pytest.mark.parametrize("sizes, count", STAGES, ids=told)
def test_a_stage_of_blocks(learner, draw, sizes, count):
    state, x = {}, draw.normal(2, sizes[0], 9, 8)
    expected = x
    for number in range(count):
        here = sizes if number == 0 else (sizes[1], sizes[1], 1)
        block = random_state(draw, shapes_of(*here))
        state |= {f"{number}.{name}": value for name, value in block.items()}
        expected = by_torch(block, expected, here[2], False)
    actual = learner.run(stage_output, sizes, count, state, x)
    assert_matches(actual, (count, expected), ("the number of blocks", "the output"), terms=1000)


def deep_by_torch(x, *weights, skip):
    for weight in weights:
        x = torch.tanh(F.linear(x, weight)) + (x if skip else 0)
    return x


def layers(draw, count, width, std=0.6):
    return [draw.normal(width, width, std=std) for _ in range(count)]


@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_many_layers(learner, draw, count, skip):
    x, weights = draw.normal(3, 5), layers(draw, count, 5)
    assert_matches(learner.deep(x, weights, skip=skip), deep_by_torch(x, *weights, skip=skip), "the output", terms=40)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_many_layers")
@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_gradient_through_many_layers(learner, draw, count, skip):
    x, weights = draw.normal(3, 5), layers(draw, count, 5)
    network = reference(deep_by_torch, x, *weights, skip=skip)
    grad_output = draw.like(network.output)
    actual = learner.deep_backward(grad_output, x, weights, skip=skip)
    assert_matches(actual, network.gradients(grad_output)[0], "grad_x", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradient_through_many_layers")
def test_no_layers_pass_the_gradient_on(learner, draw):
    x, grad_output = draw.normal(3, 5), draw.normal(3, 5)
    assert_matches(learner.deep_backward(grad_output, x, [], skip=True), grad_output, "grad_x")
