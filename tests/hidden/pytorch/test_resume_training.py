"""A run that is broken off and resumed has to go on as the one that wasn't, bit for bit."""

import io

import pytest
import torch

from tutor.testkit import assert_matches

# As text, because it is run twice: here for the reference, and in the worker.
NETWORK = """
class Net(torch.nn.Module):
    '''Two layers, dropout (so that random numbers matter) and batch norm (so that buffers do).'''

    def __init__(self):
        super().__init__()
        self.first, self.norm = torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5)
        self.drop, self.second = torch.nn.Dropout(0.4), torch.nn.Linear(5, 1)

    def forward(self, x):
        return self.second(self.drop(torch.relu(self.norm(self.first(x)))))


class Momentum:
    '''SGD with momentum and a learning rate that falls: an optimizer with state of its own.'''

    def __init__(self, params, lr=0.1, momentum=0.9):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.velocities = [torch.zeros_like(p) for p in self.params]
        self.count = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        self.count += 1
        with torch.no_grad():
            for p, v in zip(self.params, self.velocities):
                if p.grad is None:
                    raise RuntimeError("optimizer.step() finds no gradients. Clear them before backward, not after it.")
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr / self.count**0.5 * v)

    def state_dict(self):
        return {"velocities": self.velocities, "count": self.count}  # the living tensors, as torch's optimizers do

    def load_state_dict(self, state):
        self.velocities = [v.clone() for v in state["velocities"]]
        self.count = state["count"]
"""


def started(seed):
    """A network and its optimizer, as every run begins."""
    torch.manual_seed(seed)
    names = {"torch": torch}
    exec(NETWORK, names)
    net = names["Net"]().double()
    return net, names["Momentum"](net.parameters())


def batches(x, y):
    return list(zip(x.split(4), y.split(4), strict=True))


def straight(solution, x, y, seed, steps):
    """The losses of a run that nobody interrupts; what they are; what is left of the network."""
    net, optimizer = started(seed)
    losses = solution.train(net, optimizer, batches(x, y), 0, steps)
    return losses, [type(loss).__name__ for loss in losses], finished(net)


def after_an_evaluation(solution, x, y, seed, steps):
    """A run on a network that is in evaluation mode, and that has gradients from elsewhere."""
    net, optimizer = started(seed)
    net.eval()
    net(x).sum().backward()
    return solution.train(net, optimizer, batches(x, y), 0, steps), finished(net)


def interrupted(solution, x, y, seed, steps, at):
    """The losses of one that is saved, thrown away and resumed, when others have drawn random numbers meanwhile."""
    net, optimizer = started(seed)
    losses = solution.train(net, optimizer, batches(x, y), 0, at)
    kept = solution.checkpoint(net, optimizer, at)
    solution.train(net, optimizer, batches(x, y), at, at + 2)  # what happens after that must not matter
    saved = through_a_file(kept)
    net, optimizer = started(seed + 1)
    torch.rand(17)
    at = solution.resume(net, optimizer, saved)
    return losses + solution.train(net, optimizer, batches(x, y), at, steps), finished(net)


def through_a_file(kept):
    """A checkpoint saved and loaded again."""
    file = io.BytesIO()
    torch.save(kept, file)
    file.seek(0)
    try:
        return torch.load(file, weights_only=True)
    except Exception as error:
        kinds = "tensors, numbers, strings, lists and dicts"
        raise ValueError(f"torch.load(weights_only=True) refuses your checkpoint; it takes {kinds}.") from error


def finished(net):
    """All parameters and buffers."""
    return {name: value.detach().clone() for name, value in net.state_dict().items()}


def evaluated(solution, x, y, seed, times):
    """The loss in evaluation, asked for several times, and what the network is like afterwards."""
    net, optimizer = started(seed)
    solution.train(net, optimizer, batches(x, y), 0, 3)
    net.train()
    before, losses = finished(net), [solution.evaluate(net, x, y) for _ in range(times)]
    return losses, net.training, before, finished(net)


def how_evaluated(solution, x, y, seed):
    """The kind of number, the mode after evaluating in evaluation mode, and whether a graph was built."""
    net, _ = started(seed)
    graphs = []
    net.eval().register_forward_hook(lambda module, inputs, output: graphs.append(output.requires_grad))
    loss = solution.evaluate(net, x, y)
    return type(loss).__name__, net.training, any(graphs)


def reference_run(x, y, seed, steps):
    net, optimizer = started(seed)
    return net, reference_steps(net, optimizer, x, y, steps)


def reference_steps(net, optimizer, x, y, steps):
    losses, pairs = [], batches(x, y)
    for step in range(steps):
        inputs, targets = pairs[step % len(pairs)]
        loss = ((net(inputs).squeeze(1) - targets) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def data(draw):
    return draw.normal(12, 3), draw.normal(12)


def test_the_training_loop(learner, draw):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, losses = reference_run(x, y, seed, 7)
    expected = (losses, ["float"] * 7, finished(net))
    names = ("the loss", "the kind of the losses", "the network")
    assert_matches(learner.run(straight, x, y, seed, 7), expected, names, terms=100)


@pytest.mark.builds_on("test_the_training_loop")
def test_training_sets_the_mode_and_clears_what_others_left(learner, draw):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, optimizer = started(seed)
    net.eval()(x)  # which changes nothing
    losses = reference_steps(net.train(), optimizer, x, y, 4)
    actual = learner.run(after_an_evaluation, x, y, seed, 4)
    assert_matches(actual, (losses, finished(net)), ("the loss", "the network"), terms=100)


@pytest.mark.builds_on("test_the_training_loop")
@pytest.mark.parametrize("at", [1, 4, 5])
def test_a_resumed_run_goes_on_as_if_nothing_had_happened(learner, draw, at):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, losses = reference_run(x, y, seed, 9)
    actual = learner.run(interrupted, x, y, seed, 9, at)
    assert_matches(actual, (losses, finished(net)), ("the loss", "the network"), terms=100)


@pytest.mark.builds_on("test_the_training_loop")
def test_evaluation_is_the_same_each_time_and_leaves_the_network_as_it_was(learner, draw):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, _ = reference_run(x, y, seed, 3)
    net.eval()
    with torch.no_grad():
        loss = ((net(x).squeeze(1) - y) ** 2).mean().item()
    expected = ([loss] * 3, True, finished(net), finished(net))
    names = ("the loss", "net.training afterwards", "the network before", "the network after")
    assert_matches(learner.run(evaluated, x, y, seed, 3), expected, names, terms=100)


def test_evaluation_builds_no_graph_and_stays_in_evaluation_mode(learner, draw):
    x, y = data(draw)
    names = ("the kind of the loss", "net.training afterwards", "requires_grad of the output")
    actual = learner.run(how_evaluated, x, y, draw.integer(0, 1000))
    assert_matches(actual, ("float", False, False), names)
