"""A module beside torch's own, on the same batches; folding against both layers; shares by the error function."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

STATE = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def a_state(draw, channels, batches=4, dtype=torch.float64):
    values = (
        draw.uniform(channels, low=0.5, high=2.0, dtype=dtype),
        draw.normal(channels, dtype=dtype),
        draw.normal(channels, dtype=dtype),
        draw.uniform(channels, low=0.5, high=2.0, dtype=dtype),
        torch.tensor(batches),
    )
    return dict(zip(STATE, values, strict=True))


def parts_of(solution, channels):
    layer = solution.BatchNorm2d(channels)
    return {name: p.detach() for name, p in layer.named_parameters()}, dict(layer.named_buffers())


def test_the_parameters_and_buffers_at_first(learner):
    fresh = nn.BatchNorm2d(5)
    expected = {name: p.detach() for name, p in fresh.named_parameters()}, dict(fresh.named_buffers())
    assert_matches(learner.run(parts_of, 5), expected, ("the parameters", "the buffers"))


def run_layer(solution, state, x, options, training):
    layer = solution.BatchNorm2d(x.shape[1], **options).to(x.dtype)
    layer.load_state_dict(state)
    out = layer.train(training)(x)
    return out.detach(), {name: value.detach() for name, value in layer.state_dict().items()}


def by_torch(state, x, options, training):
    layer = nn.BatchNorm2d(x.shape[1], **options).to(x.dtype)
    layer.load_state_dict(state)
    return layer.train(training)(x).detach(), {name: value.detach() for name, value in layer.state_dict().items()}


def check(learner, state, x, options, training):
    expected = by_torch(state, x.clone(), options, training)
    actual = learner.run(run_layer, state, x, options, training)
    assert_matches(actual, expected, ("the output", "the state afterwards"), terms=120)
    assert_inputs_unchanged(learner)


SHAPES = [(4, 3, 5, 6), (2, 5, 1, 3), (1, 2, 4, 3)]


@pytest.mark.builds_on("test_the_parameters_and_buffers_at_first")
@pytest.mark.parametrize("shape", SHAPES)
def test_in_training(learner, draw, shape):
    check(learner, a_state(draw, shape[1]), 3 * draw.normal(*shape) + 2, {}, True)


@pytest.mark.builds_on("test_the_parameters_and_buffers_at_first")
@pytest.mark.parametrize("shape", SHAPES)
def test_in_evaluation(learner, draw, shape):
    check(learner, a_state(draw, shape[1]), 3 * draw.normal(*shape) + 2, {}, False)


@pytest.mark.builds_on("test_in_training", "test_in_evaluation")
@pytest.mark.parametrize("options", [{"momentum": 0.3}, {"eps": 0.2}, {"eps": 0.01, "momentum": 0.9}], ids=str)
def test_another_momentum_and_eps(learner, draw, options):
    for training in (True, False):
        check(learner, a_state(draw, 3), 3 * draw.normal(3, 3, 4, 5) + 2, options, training)


@pytest.mark.builds_on("test_in_training")
def test_no_momentum_is_the_average_of_all_batches(learner, draw):
    for batches in (0, 1, 6):
        check(learner, a_state(draw, 3, batches), 3 * draw.normal(2, 3, 4, 5) + 2, {"momentum": None}, True)


@pytest.mark.builds_on("test_in_training")
def test_float32_and_other_layouts(learner, draw):
    state, x = a_state(draw, 3, dtype=torch.float32), draw.normal(2, 3, 4, 5, dtype=torch.float32)
    expected = by_torch(state, x, {}, True)
    actual = learner.run(run_layer, state, strided(x), {}, True)
    assert_matches(actual, expected, ("the output", "the state afterwards"), terms=40)


def two_steps(solution, state, batches, upstream):
    layer = solution.BatchNorm2d(batches[0].shape[1]).double()
    layer.load_state_dict(state)
    return steps_of(layer, batches, upstream)


def steps_of(layer, batches, upstream):
    """Two passes there and back, each through a batch that wants a gradient, as a convolution's output does."""
    found = []
    for x, grad_output in zip(batches, upstream, strict=True):
        x = x.clone().requires_grad_()
        (layer(x) * grad_output).sum().backward()
        found.append(x.grad)
    kept = layer.running_mean.requires_grad or layer.running_var.requires_grad
    statistics = layer.running_mean.detach(), layer.running_var.detach()
    return found, layer.weight.grad, layer.bias.grad, *statistics, bool(kept)


@pytest.mark.builds_on("test_in_training")
def test_two_batches_with_gradients(learner, draw):
    state, batches = a_state(draw, 3), [draw.normal(2, 3, 4, 5) + 1 for _ in range(2)]
    upstream = [draw.like(x) for x in batches]
    layer = nn.BatchNorm2d(3).double()
    layer.load_state_dict(state)
    grads = ("the batches' gradients", "the scale's gradient", "the shift's gradient")
    names = (*grads, "running_mean", "running_var", "whether the running statistics want gradients")
    expected = steps_of(layer, batches, upstream)
    assert_matches(learner.run(two_steps, state, batches, upstream), expected, names, terms=200)


FOLDED = ("the weight", "the bias")


def folding_case(draw, with_bias):
    weight, bias = draw.normal(4, 3, 3, 2), draw.normal(4) if with_bias else None
    state = a_state(draw, 4)
    return weight, bias, state["weight"] * draw.choice([-1.0, 1.0]), *(state[name] for name in STATE[1:4])


@pytest.mark.parametrize("with_bias", [True, False], ids=["with a bias", "without a bias"])
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_one_convolution_for_two_layers(learner, draw, with_bias, eps):
    weight, bias, gamma, beta, mean, var = folding_case(draw, with_bias)
    result = learner.fold_conv(weight, bias, gamma, beta, mean, var, eps=eps)
    assert_inputs_unchanged(learner)
    # Which kernel and bias there have to be shows in the answers to single pixels, and to nothing.
    pixels = torch.eye(18, dtype=torch.float64).reshape(18, 3, 3, 2)

    def both(x):
        return F.batch_norm(F.conv2d(x, weight, bias), mean, var, gamma, beta, False, 0.0, eps)[:, :, 0, 0]

    nothing = both(torch.zeros(1, 3, 3, 2, dtype=torch.float64))[0]
    expected = ((both(pixels) - nothing).T.reshape(4, 3, 3, 2), nothing)
    assert_matches(result, expected, FOLDED, terms=20)


def shares(gamma, beta):
    at = beta / gamma.abs()
    bell = torch.exp(-(at**2) / 2) / (2 * torch.pi) ** 0.5
    return torch.special.ndtr(at), beta * torch.special.ndtr(at) + gamma.abs() * bell


def scales(draw, sign):
    return sign * draw.uniform(9, low=0.2, high=2.0), draw.normal(9)


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["positive scales", "negative scales"])
def test_the_share_that_a_relu_lets_through(learner, draw, sign):
    gamma, beta = scales(draw, sign)
    assert_matches(learner.relu_share(gamma, beta), shares(gamma, beta)[0], "the share")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_share_that_a_relu_lets_through")
@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["positive scales", "negative scales"])
def test_the_mean_behind_a_relu(learner, draw, sign):
    gamma, beta = scales(draw, sign)
    assert_matches(learner.relu_mean(gamma, beta), shares(gamma, beta)[1], "the mean")
    assert_inputs_unchanged(learner)


def test_the_statistics_of_each_step(learner, draw):
    for steps in (6, 9):
        longest = steps if steps == 6 else steps - 2  # in the second batch, nobody is there at the last two steps
        x, lengths = draw.normal(5, steps, 3) + 2, draw.integers(1, longest + 1, 5)
        lengths[draw.integer(0, 5)] = longest
        counts, means, variances = [], [], []
        for step in range(steps):
            there = x[lengths > step, step]
            counts.append(len(there))
            none = torch.zeros(3, dtype=x.dtype)
            means.append(there.mean(dim=0) if len(there) else none)
            variances.append(there.var(dim=0, correction=0) if len(there) else none)
        expected = (torch.tensor(counts), torch.stack(means), torch.stack(variances))
        result = learner.step_statistics(x, lengths)
        assert_matches(result, expected, ("the counts", "the means", "the variances"), terms=10)
        assert_inputs_unchanged(learner)


def rule(task):
    if task["network"] != "convolutional":
        return (
            "layer",
            "sequences differ in length and steps in their statistics, so each sample is normalised by itself",
        )
    if task["remove_contrast"]:
        return "instance", "each image's own contrast has to go, channel by channel"
    if task["batch_per_device"] >= 16:
        return "batch", "there are enough images for good statistics"
    return "group", "so few images make noisy statistics; groups of channels don't need the others"


def test_which_norm_fits(learner, draw):
    tasks = []
    for number in range(48):
        network = ("convolutional", "convolutional", "recurrent", "transformer")[number % 4]
        size = draw.choice([1, 2, 4, 8, 12, 15, 16, 17, 24, 32, 64, 256])
        task = {"network": network, "batch_per_device": size, "remove_contrast": draw.integer(0, 3) == 0}
        tasks.append({**task, "devices": draw.choice([1, 4, 8])})
    tasks = [tasks[number] for number in draw.permutation(48).tolist()]
    answers = [learner.choose_norm(task) for task in tasks]
    for task, answer in zip(tasks, answers, strict=True):
        right, why = rule(task)
        assert_matches(answer, right, f"For {task} ({why}) the norm")
