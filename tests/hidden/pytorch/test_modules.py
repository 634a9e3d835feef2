"""State by its names, outputs and gradients beside the same formulas with plain tensors."""

import itertools

import pytest
import torch

from tutor.testkit import assert_matches, reference

WHAT = ("the names in state_dict()", "the names of the parameters", "the output", "the gradients")


def inner():
    return torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh())


def examine(solution, name, arguments, with_inner, state, x, g):
    """What the module's state is called, what it computes with a given state, and the gradients."""
    net = getattr(solution, name)(*([inner()] if with_inner else []), *arguments).double()
    names = sorted(net.state_dict())
    parameters = sorted(name for name, _ in net.named_parameters())
    if names != sorted(state):
        return names, parameters, None, None
    net.load_state_dict(state)
    out = net(x.requires_grad_())
    (out * g).sum().backward()
    return names, parameters, out.detach(), {"x": x.grad} | {name: p.grad for name, p in net.named_parameters()}


def check(learner, draw, name, by_torch, x, state, *arguments, buffers=(), with_inner=False):
    """`by_torch(x, *tensors)`: the same, from the state's tensors in order."""
    forward = reference(by_torch, x, *state.values())
    g = draw.like(forward.output)
    gradients = dict(zip(["x", *state], forward.gradients(g), strict=True))
    parameters = sorted(set(state) - set(buffers))
    wanted = {key: value for key, value in gradients.items() if key not in buffers}
    actual = learner.run(examine, name, arguments, with_inner, state, x, g)
    assert_matches(actual, (sorted(state), parameters, forward.output, wanted), WHAT, terms=100)


def mlp(x, *tensors):
    for weight, bias in zip(tensors[:-2:2], tensors[1:-2:2], strict=True):
        x = torch.tanh(torch.nn.functional.linear(x, weight, bias))
    return torch.nn.functional.linear(x, *tensors[-2:])


@pytest.mark.parametrize("sizes", [[3, 2], [3, 5, 2], [4, 6, 5, 3]])
def test_an_mlp(learner, draw, sizes):
    state = {}
    for number, (i, o) in enumerate(itertools.pairwise(sizes)):
        state |= {f"layers.{number}.weight": draw.normal(o, i), f"layers.{number}.bias": draw.normal(o)}
    check(learner, draw, "MLP", mlp, draw.normal(7, sizes[0]), state, sizes)


def first_values(solution, seed):
    torch.manual_seed(seed)
    net = solution.MLP([3, 5, 2])
    tied = solution.TiedAutoencoder(4, 3)
    residual, standard = solution.Residual(torch.nn.Identity(), 0.25), solution.Standardise(2)
    return [dict(module.state_dict()) for module in (net, tied, residual, standard)]


@pytest.mark.builds_on("test_an_mlp")
def test_the_first_values(learner, draw):
    seed = draw.integer(0, 1000)
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(3, 5), torch.nn.Linear(5, 2), torch.nn.Linear(4, 3)]
    weights = [(layer.weight.detach(), layer.bias.detach()) for layer in layers]
    of_mlp = {f"layers.{n}.{kind}": weights[n][k] for n in (0, 1) for k, kind in enumerate(("weight", "bias"))}
    tied = {"encoder.weight": weights[2][0], "encoder.bias": weights[2][1], "decoder_bias": torch.zeros(4)}
    expected = [of_mlp, tied, {"gain": torch.tensor(0.25)}, {"mean": torch.zeros(2), "std": torch.ones(2)}]
    assert_matches(
        learner.run(first_values, seed), expected, "the first states of MLP, TiedAutoencoder, Residual, Standardise"
    )


def residual(x, gain, weight, bias):
    return x + gain * torch.tanh(torch.nn.functional.linear(x, weight, bias))


def test_a_residual_around_any_module(learner, draw):
    state = {"gain": draw.normal(), "inner.0.weight": draw.normal(3, 3), "inner.0.bias": draw.normal(3)}
    check(learner, draw, "Residual", residual, draw.normal(5, 3), state, with_inner=True)


def tied(x, weight, bias, decoder_bias):
    return torch.relu(x @ weight.T + bias) @ weight + decoder_bias


def test_an_autoencoder_with_one_matrix(learner, draw):
    state = {"encoder.weight": draw.normal(3, 5), "encoder.bias": draw.normal(3), "decoder_bias": draw.normal(5)}
    check(learner, draw, "TiedAutoencoder", tied, draw.normal(7, 5), state, 5, 3)


def standardise(batches, mean, std, momentum, eps, modes):
    outputs, states = [], []
    for x, training in zip(batches, modes, strict=True):
        if training:
            mean = (1 - momentum) * mean + momentum * x.mean(0)
            std = (1 - momentum) * std + momentum * ((x - x.mean(0)) ** 2).mean(0).sqrt()
        outputs.append((x - mean) / (std + eps))
        states.append({"mean": mean, "std": std})
    return outputs, states


def through_standardise(solution, batches, state, modes, gs, keywords):
    """Outputs and states batch after batch, names, gradients of the batches, and whether a graph is left."""
    net = solution.Standardise(batches[0].shape[1], **keywords).double()
    names, parameters = sorted(net.state_dict()), [name for name, _ in net.named_parameters()]
    if names != sorted(state) or parameters:
        return names, parameters, None, None, None
    net.load_state_dict(state)
    outputs, states, gradients = [], [], []
    for x, training, g in zip(batches, modes, gs, strict=True):
        out = net.train(training)(x.requires_grad_())
        (out * g).sum().backward()
        outputs.append(out.detach())
        states.append({name: value.clone() for name, value in net.state_dict().items()})
        gradients.append(x.grad)
    return names, parameters, outputs, states, gradients


@pytest.mark.parametrize("modes", [(False,), (True,), (True, True, False, True)])
@pytest.mark.parametrize("keywords", [{}, {"momentum": 0.3, "eps": 0.01}])
def test_statistics_that_follow_the_data(learner, draw, modes, keywords):
    momentum, eps = keywords.get("momentum", 0.1), keywords.get("eps", 1e-5)
    batches = [draw.normal(6, 3, std=2.0) + 1.5 for _ in modes]
    state = {"mean": draw.normal(3), "std": draw.uniform(3, low=0.5, high=2.0)}
    outputs, states = standardise(batches, state["mean"], state["std"], momentum, eps, modes)
    gs = [draw.normal(6, 3) for _ in modes]
    gradients = [g / (now["std"] + eps) for g, now in zip(gs, states, strict=True)]
    what = (
        "the names in state_dict()",
        "the parameters",
        "the outputs",
        "mean and std after each",
        "the gradients of x",
    )
    actual = learner.run(through_standardise, batches, state, modes, gs, keywords)
    assert_matches(actual, (["mean", "std"], [], outputs, states, gradients), what, terms=50)


def whole(solution, x):
    """Modules inside modules: what the state is called, and whether one call reaches everything."""
    net = torch.nn.Sequential(
        solution.Residual(solution.Standardise(3)), solution.Residual(solution.MLP([3, 4, 3])), solution.MLP([3, 2])
    ).double()
    kinds = sorted({str(value.dtype) for value in net.state_dict().values()})
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net.eval()(x)
    quiet = all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    return sorted(before), [name for name, _ in net.named_parameters()], kinds, quiet


@pytest.mark.builds_on("test_an_mlp", "test_a_residual_around_any_module", "test_statistics_that_follow_the_data")
def test_modules_inside_modules(learner, draw):
    layers = [f"1.inner.layers.{n}.{kind}" for n in (0, 1) for kind in ("weight", "bias")]
    last = ["2.layers.0.weight", "2.layers.0.bias"]
    parameters = ["0.gain", "1.gain", *layers, *last]
    names = sorted([*parameters, "0.inner.mean", "0.inner.std"])
    what = (
        "the names in state_dict()",
        "the names of the parameters",
        "the dtypes after .double()",
        "eval() keeps the state",
    )
    assert_matches(learner.run(whole, draw.normal(4, 3)), (names, parameters, ["torch.float64"], True), what)


# As text, because it is made in the worker: modules with one fault or none in each attribute.
FAULTY = """
class Block(torch.nn.Module):
    def __init__(self, faulty):
        super().__init__()
        kept = torch.nn.Linear(2, 2)
        self.kept = kept
        self.copies = [kept, 3, 'text', torch.zeros(2)]     # registered under another name, or nothing that learns
        if faulty:
            self.layers = [torch.nn.Linear(2, 2), kept, torch.nn.Tanh()]
            self.heads = {'left': torch.nn.Linear(2, 3), 7: kept.weight, 'size': 4}
            self.pair = (torch.nn.Parameter(torch.zeros(2)), torch.ones(3))
            self.scale = torch.ones(2, requires_grad=True)
            self.shift = torch.ones(2)


class Net(torch.nn.Module):
    def __init__(self, where):
        super().__init__()
        self.body = torch.nn.Sequential(Block('body.0' in where), torch.nn.ModuleList([Block('body.1.0' in where)]))
        self.names = ['a', 'b']
        if 'net' in where:
            self.blocks = [Block(False), Block(False)]
            self.temperature = torch.tensor(1.0, requires_grad=True)
"""
FOUND = ["heads['left']", "layers[0]", "layers[2]", "pair[0]", "scale"]


def search(solution, where):
    names = {"torch": torch}
    exec(FAULTY, names)
    return solution.find_unregistered(names["Net"](where))


@pytest.mark.parametrize("where", [["net"], ["body.0"], ["body.1.0"], ["net", "body.0", "body.1.0"]])
def test_what_is_not_registered_is_found(learner, where):
    expected = ["blocks[0]", "blocks[1]", "temperature"] if "net" in where else []
    expected += [f"{name}.{place}" for name in where if name != "net" for place in FOUND]
    assert_matches(learner.run(search, where), sorted(expected), "what is not registered")


@pytest.mark.builds_on("test_what_is_not_registered_is_found")
def test_a_network_in_which_everything_is_registered(learner):
    assert_matches(learner.run(search, []), [], "what is not registered")
