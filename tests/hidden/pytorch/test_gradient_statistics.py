"""Statistics beside those of outputs computed layer by layer; at last three deep networks, for a picture."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches

GAINS = (0.4, math.sqrt(2), 3.0)  # of the deep networks: too small, right for ReLU, too large
DEPTH = 12


def dense(weights, inplace):
    """Linear layers with biases, a ReLU after each but the last, of given weights."""
    layers = []
    for weight, bias in weights:
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0]).double()
        linear.load_state_dict({"weight": weight, "bias": bias})
        layers += [linear, torch.nn.ReLU(inplace=inplace)]
    return torch.nn.Sequential(*layers[:-1])


def convolutional(weight, bias, head):
    net = torch.nn.Sequential()
    net.add_module("conv", torch.nn.Conv2d(weight.shape[1], weight.shape[0], 3).double())
    net.add_module("act", torch.nn.ReLU())
    net.add_module(
        "body", torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(head.shape[1], 2, bias=False).double())
    )
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (weight, bias, head), strict=True):
            parameter.copy_(value)
    return net


def dense_weights(draw, sizes):
    return [(draw.normal(o, i), draw.normal(o)) for i, o in itertools.pairwise(sizes)]


def outputs_of(weights, x):
    """By name, computed one layer after the other."""
    found, number = {}, 0
    for weight, bias in weights:
        x = found[str(number)] = F.linear(x, weight, bias)
        if number < 2 * len(weights) - 2:
            x = found[str(number + 1)] = torch.relu(x)
        number += 2
    return found


def statistics(output):
    mean = output.mean()
    return mean.item(), (output - mean).square().mean().sqrt().item(), (output == 0).double().mean().item()


def measured(solution, weights, inplace, x):
    net = dense(weights, inplace)
    return solution.activation_statistics(net, x), sum(len(module._forward_hooks) for module in net.modules())


@pytest.mark.parametrize("inplace", [False, True])
def test_the_mean_deviation_and_zeros_of_each_output(learner, draw, inplace):
    weights, x = dense_weights(draw, [3, 6, 5, 2]), draw.normal(7, 3)
    expected = ({name: statistics(output) for name, output in outputs_of(weights, x).items()}, 0)
    names = ("(mean, deviation, share of zeros)", "hooks left behind")
    assert_matches(learner.run(measured, weights, inplace, x), expected, names, terms=40)


def measured_images(solution, weight, bias, head, x):
    net = convolutional(weight, bias, head)
    return solution.activation_statistics(net, x), solution.dead_units(net, x)


def of_images(draw, dead):
    """A convolution of which some channels are dead, and a bit of everything behind it."""
    weight, bias, x = draw.normal(6, 2, 3, 3), draw.normal(6), draw.normal(3, 2, 5, 6)
    bias[dead] = -1000.0
    conv = F.conv2d(x, weight, bias)
    act = torch.relu(conv)
    head = draw.normal(2, act[0].numel())
    flat = act.flatten(1)
    return (weight, bias, head, x), {"conv": conv, "act": act, "body.0": flat, "body.1": flat @ head.T}


def dead_in(act):
    return torch.tensor([unit for unit in range(act.shape[1]) if not act[:, unit].any()], dtype=torch.int64)


def test_images_and_leaves_inside_of_others(learner, draw):
    inputs, outputs = of_images(draw, [1, 4])
    expected = ({name: statistics(output) for name, output in outputs.items()}, {"act": dead_in(outputs["act"])})
    names = ("(mean, deviation, share of zeros)", "the dead units")
    assert_matches(learner.run(measured_images, *inputs), expected, names, terms=100)


def found_dead(solution, weights, inplace, x):
    return solution.dead_units(dense(weights, inplace), x)


@pytest.mark.parametrize("inplace", [False, True])
def test_units_that_are_dead(learner, draw, inplace):
    weights, x = dense_weights(draw, [3, 7, 6, 2]), draw.normal(9, 3)
    weights[0][1][draw.permutation(7)[:2]] = -1000.0
    weights[1][1][draw.permutation(6)[:3]] = -1000.0
    weights[1][1][draw.permutation(6)[0]] = 1000.0
    outputs = outputs_of(weights, x)
    expected = {name: dead_in(outputs[name]) for name in ("1", "3")}
    assert_matches(learner.run(found_dead, weights, inplace, x), expected, "the dead units")


def norms(solution, weights, x, g, frozen):
    net = dense(weights, False)
    for name in frozen:
        net.get_submodule(name).requires_grad_(False)
    (net(x) * g).sum().backward()
    return solution.gradient_norms(net)


@pytest.mark.parametrize("frozen", [[], ["2"]])
def test_the_norms_of_gradients(learner, draw, frozen):
    weights, x, g = dense_weights(draw, [3, 6, 5, 2]), draw.normal(7, 3), draw.normal(7, 2)
    net = dense(weights, False)
    found = torch.autograd.grad((net(x) * g).sum(), list(net.parameters()))
    expected = {}
    for (name, _), gradient in zip(net.named_parameters(), found, strict=True):
        expected[name] = 0.0 if name.partition(".")[0] in frozen else gradient.square().sum().sqrt().item()
    expected["total"] = math.sqrt(sum(norm**2 for norm in expected.values()))
    assert_matches(learner.run(norms, weights, x, g, frozen), expected, "the norms", terms=100)


def momentum(net, lr):
    """SGD with momentum and zero_grad, step."""
    velocities = [torch.zeros_like(parameter) for parameter in net.parameters()]

    class Momentum:
        def zero_grad(self):
            net.zero_grad()

        def step(self):
            with torch.no_grad():
                for parameter, velocity in zip(net.parameters(), velocities, strict=True):
                    velocity.mul_(0.8).add_(parameter.grad)
                    parameter.sub_(lr * velocity)

    return Momentum()


def monitored(solution, weights, batches, lr):
    net = dense(weights, False)
    return solution.train_monitored(net, momentum(net, lr), F.mse_loss, batches), [p.detach() for p in net.parameters()]


def by_hand(weights, batches, lr):
    """The same run with autograd.grad."""
    net = dense(weights, False)
    named = dict(net.named_parameters())
    watched = [name for name in named if name.endswith("weight")]
    history = {name: [] for name in ("loss", "gradient", *watched)}
    velocities = {name: torch.zeros_like(parameter) for name, parameter in named.items()}
    for x, y in batches:
        loss = F.mse_loss(net(x), y)
        found = dict(zip(named, torch.autograd.grad(loss, list(named.values())), strict=True))
        history["loss"].append(loss.item())
        history["gradient"].append(torch.cat([gradient.flatten() for gradient in found.values()]).norm().item())
        for name, parameter in named.items():
            velocities[name] = 0.8 * velocities[name] + found[name]
            update = lr * velocities[name]
            if name in watched:
                history[name].append((update.norm() / parameter.detach().norm()).item())
            with torch.no_grad():
                parameter -= update
    return history, [parameter.detach() for parameter in net.parameters()]


@pytest.mark.parametrize("steps", [1, 5])
def test_the_record_of_a_training_run(learner, draw, steps):
    weights, lr = dense_weights(draw, [3, 6, 2]), 0.05
    batches = [(draw.normal(5, 3), draw.normal(5, 2)) for _ in range(steps)]
    actual = learner.run(monitored, weights, batches, lr)
    assert_matches(actual, by_hand(weights, batches, lr), ("the record", "the parameters"), terms=1000)


@pytest.mark.parametrize("beta", [0.9, 0.5, 0.0])
def test_a_smoothed_curve(learner, draw, beta):
    values = (2 + draw.normal(30)).tolist()
    expected = []
    for end in range(1, 31):
        weights = beta ** torch.arange(end - 1, -1, -1, dtype=torch.float64)
        expected.append(float((weights * torch.tensor(values[:end], dtype=torch.float64)).sum() / weights.sum()))
    actual = learner.smooth(values, beta)
    length = len(actual) if isinstance(actual, list) else None
    assert_matches(length, 30, "the number of smoothed values (as a list)")
    assert_matches(
        torch.tensor(actual, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64), "the curve", terms=30
    )


@pytest.mark.builds_on("test_a_smoothed_curve")
def test_nothing_to_smooth(learner):
    assert_matches(learner.smooth([], 0.9), [], "the curve of no values")


def three_networks(solution, nets, x, y):
    """Deviations of the activations, norms of the gradients, and some training, with three first weights."""
    found = []
    for weights in nets:
        net = dense(weights, False)
        deviations = [row[1] for name, row in solution.activation_statistics(net, x).items() if int(name) % 2]
        F.mse_loss(net(x), y).backward()
        steepness = [norm for name, norm in solution.gradient_norms(net).items() if name.endswith("weight")]
        record = solution.train_monitored(net, momentum(net, 0.002), F.mse_loss, [(x, y)] * 60)
        found.append((deviations, steepness, solution.smooth(record["loss"], 0.8)))
    return found


@pytest.mark.builds_on(
    "test_the_mean_deviation_and_zeros_of_each_output", "test_the_norms_of_gradients", "test_a_smoothed_curve"
)
@pytest.mark.builds_on("test_the_record_of_a_training_run")
def test_three_deep_networks_of_which_one_is_healthy(learner, draw, album):
    width = 40
    x, y = draw.normal(50, width), draw.normal(50, 1)
    unscaled = [draw.normal(width, width) / width**0.5 for _ in range(DEPTH)] + [draw.normal(1, width) / width**0.5]
    nets = [[(gain * weight, torch.zeros(len(weight), dtype=torch.float64)) for weight in unscaled] for gain in GAINS]
    result = learner.run(three_networks, nets, x, y)
    expected = []
    for weights in nets:
        outputs = outputs_of(weights, x)
        net = dense(weights, False)
        found = torch.autograd.grad(F.mse_loss(net(x), y), [p for p in net.parameters() if p.dim() == 2])
        expected.append(
            ([statistics(outputs[str(n)])[1] for n in range(1, 2 * DEPTH, 2)], [g.norm().item() for g in found])
        )
    firsts = [part[:2] if isinstance(part, tuple) else part for part in result] if isinstance(result, list) else result
    right = [(torch.tensor(a), torch.tensor(b)) for a, b in expected]
    mine = [tuple(torch.tensor(one) for one in part) for part in firsts]
    assert_matches(mine, right, "(deviations, norms) of the networks", rtol=1e-5)
    show(album, result)


def show(album, result):
    what = ("deviation of the activations", "norm of the gradients", "smoothed loss")
    for number, (name, title) in enumerate(zip(("activations", "gradients", "loss"), what, strict=True)):
        with album.figure(f"gradient_statistics_{name}", title, 6, 3.2) as axes:
            for gain, part in zip(GAINS, result, strict=True):
                values = [value if 0 < value < 1e30 else float("nan") for value in part[number]]
                axes.plot(range(1, len(values) + 1), values, marker="." if number < 2 else "", label=f"gain {gain:.2f}")
            axes.set_yscale("log")
            axes.set_xlabel("layer" if number < 2 else "step")
            axes.grid(alpha=0.3)
            axes.legend()
