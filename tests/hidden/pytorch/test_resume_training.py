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
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr / self.count**0.5 * v)

    def state_dict(self):
        return {"velocities": [v.clone() for v in self.velocities], "count": self.count}

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
    """The losses of a run that nobody interrupts."""
    net, optimizer = started(seed)
    return solution.train(net, optimizer, batches(x, y), 0, steps), finished(net)


def interrupted(solution, x, y, seed, steps, at):
    """The losses of one that is saved, thrown away and resumed, when others have drawn random numbers meanwhile."""
    net, optimizer = started(seed)
    losses = solution.train(net, optimizer, batches(x, y), 0, at)
    kept = solution.checkpoint(net, optimizer, at)
    solution.train(net, optimizer, batches(x, y), at, at + 2)  # what happens after that must not matter
    file = io.BytesIO()
    torch.save(kept, file)
    file.seek(0)
    saved = torch.load(file, weights_only=True)
    net, optimizer = started(seed + 1)
    torch.rand(17)
    at = solution.resume(net, optimizer, saved)
    return losses + solution.train(net, optimizer, batches(x, y), at, steps), finished(net)


def finished(net):
    """All parameters and buffers, in order."""
    return [value.detach().clone() for value in net.state_dict().values()]


def evaluated(solution, x, y, seed, times):
    """The loss in evaluation, asked for several times, and what the network is like afterwards."""
    net, optimizer = started(seed)
    solution.train(net, optimizer, batches(x, y), 0, 3)
    was_training, before = net.training, finished(net)
    return [solution.evaluate(net, x, y) for _ in range(times)], was_training == net.training, before, finished(net)


def reference_run(x, y, seed, steps):
    (net, optimizer), losses, pairs = started(seed), [], batches(x, y)
    for step in range(steps):
        inputs, targets = pairs[step % len(pairs)]
        loss = ((net(inputs).squeeze(1) - targets) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return net, losses


def data(draw):
    return draw.normal(12, 3), draw.normal(12)


def test_the_training_loop(learner, draw):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, losses = reference_run(x, y, seed, 7)
    assert_matches(
        learner.run(straight, x, y, seed, 7), (losses, finished(net)), ("the losses", "the network"), terms=100
    )


@pytest.mark.builds_on("test_the_training_loop")
@pytest.mark.parametrize("at", [1, 4, 5])
def test_a_resumed_run_goes_on_as_if_nothing_had_happened(learner, draw, at):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, losses = reference_run(x, y, seed, 9)
    actual = learner.run(interrupted, x, y, seed, 9, at)
    assert_matches(actual, (losses, finished(net)), ("the losses", "the network"), terms=100)


@pytest.mark.builds_on("test_the_training_loop")
def test_evaluation_is_the_same_each_time_and_leaves_the_network_as_it_was(learner, draw):
    x, y = data(draw)
    seed = draw.integer(0, 1000)
    net, _ = reference_run(x, y, seed, 3)
    net.eval()
    with torch.no_grad():
        loss = ((net(x).squeeze(1) - y) ** 2).mean().item()
    expected = ([loss] * 3, True, finished(net), finished(net))
    names = ("the losses", "still in training mode", "the network before", "the network after")
    assert_matches(learner.run(evaluated, x, y, seed, 3), expected, names, terms=100)
