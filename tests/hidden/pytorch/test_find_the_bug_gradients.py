"""What each function should do, written with autograd.grad, which adds up nothing and keeps no .grad."""

import pytest
import torch

from tutor.testkit import assert_matches


def network(state):
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
    net.load_state_dict(state)
    return net


def descent(net, lr):
    """Plain gradient descent with the two methods of an optimizer."""

    class Descent:
        def step(self):
            with torch.no_grad():
                for parameter in net.parameters():
                    if parameter.grad is not None:
                        parameter -= lr * parameter.grad

        def zero_grad(self):
            net.zero_grad()

    return Descent()


def state_of(draw):
    return {
        "0.weight": draw.normal(4, 3),
        "0.bias": draw.normal(4),
        "2.weight": draw.normal(1, 4),
        "2.bias": draw.normal(1),
    }


def batch(draw, n):
    return draw.normal(n, 3), draw.normal(n, 1)


def values(net):
    return [parameter.detach().clone() for parameter in net.parameters()]


def leave_gradients(net):
    """Those of an earlier step, which nobody has cleared."""
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 0.7)


def error(net, inputs, targets):
    return ((net(inputs) - targets) ** 2).mean()


def gradients_of(net, loss):
    return list(torch.autograd.grad(loss, list(net.parameters())))


def training(solution, state, batches, lr, with_gradients):
    net = network(state)
    if with_gradients:
        leave_gradients(net)
    losses = solution.train(net, descent(net, lr), batches)
    return losses, values(net)


@pytest.mark.parametrize("count, with_gradients", [(2, False), (5, False), (3, True)])
def test_train_takes_each_step_on_its_own_batch(learner, draw, count, with_gradients):
    state, batches, lr = state_of(draw), [batch(draw, 4 + n % 2) for n in range(count)], 0.1
    net, losses = network(state), []
    for inputs, targets in batches:
        loss = error(net, inputs, targets)
        found = gradients_of(net, loss)
        losses.append(loss.item())
        with torch.no_grad():
            for parameter, gradient in zip(net.parameters(), found, strict=True):
                parameter -= lr * gradient
    actual = learner.run(training, state, batches, lr, with_gradients)
    assert_matches(actual, (losses, values(net)), ("the losses", "the parameters"), terms=100)


def accumulated(solution, state, pieces):
    net = network(state)
    leave_gradients(net)
    solution.accumulate(net, pieces)
    return [parameter.grad for parameter in net.parameters()]


@pytest.mark.parametrize("sizes", [(4, 2, 5), (3, 3), (1, 6)])
def test_accumulate_leaves_the_gradient_of_the_mean_over_all_samples(learner, draw, sizes):
    state, pieces = state_of(draw), [batch(draw, size) for size in sizes]
    net = network(state)
    inputs, targets = torch.cat([x for x, _ in pieces]), torch.cat([y for _, y in pieces])
    expected = gradients_of(net, error(net, inputs, targets))
    assert_matches(learner.run(accumulated, state, pieces), expected, "the gradients", terms=100)


def clipped(solution, state, inputs, targets, limits, lr):
    net = network(state)
    leave_gradients(net)
    for limit in limits:
        solution.clipped_step(net, descent(net, lr), inputs, targets, limit)
    return values(net)


@pytest.mark.parametrize("shares", [(0.25,), (0.5, 100.0, 0.3)])
def test_clipped_step_scales_the_gradient_of_this_batch(learner, draw, shares):
    state, (inputs, targets), lr = state_of(draw), batch(draw, 6), 0.05
    net = network(state)
    first = gradients_of(net, error(net, inputs, targets))
    length = torch.stack([gradient.square().sum() for gradient in first]).sum().sqrt().item()
    limits = [share * length for share in shares]
    for limit in limits:
        found = gradients_of(net, error(net, inputs, targets))
        norm = torch.stack([gradient.square().sum() for gradient in found]).sum().sqrt()
        with torch.no_grad():
            for parameter, gradient in zip(net.parameters(), found, strict=True):
                parameter -= lr * gradient * min(1.0, limit / norm.item())
    actual = learner.run(clipped, state, inputs, targets, limits, lr)
    assert_matches(actual, values(net), "the parameters", terms=100)


def temporal(solution, state, x, reward, y, discount):
    net = network(state)
    loss = solution.td_loss(net, x, reward, y, discount)
    loss.backward()
    return loss.detach(), [parameter.grad for parameter in net.parameters()]


@pytest.mark.parametrize("discount", [0.5, 0.99])
def test_td_loss_pulls_the_value_towards_the_target(learner, draw, discount):
    state, x, reward, y = state_of(draw), draw.normal(5, 3), draw.normal(5), draw.normal(5, 3)
    net = network(state)
    target = (reward + discount * network(state)(y).squeeze(1)).detach()
    loss = ((target - net(x).squeeze(1)) ** 2).mean()
    expected = (loss.detach(), gradients_of(net, loss))
    actual = learner.run(temporal, state, x, reward, y, discount)
    assert_matches(actual, expected, ("the loss", "the gradients"), terms=100)


def several(solution, state, inputs, targets, weights):
    net = network(state)
    loss = solution.several_losses(net, inputs, targets, weights)
    loss.backward()
    return loss.detach(), [parameter.grad for parameter in net.parameters()]


@pytest.mark.parametrize("count", [1, 3])
def test_several_losses_reach_the_parameters(learner, draw, count):
    state, inputs = state_of(draw), draw.normal(6, 3)
    targets, weights = [draw.normal(6, 1) for _ in range(count)], draw.uniform(count, low=0.5, high=2.0).tolist()
    net = network(state)
    loss = torch.stack([w * error(net, inputs, target) for w, target in zip(weights, targets, strict=True)]).sum()
    expected = (loss.detach(), gradients_of(net, loss))
    actual = learner.run(several, state, inputs, targets, weights)
    assert_matches(actual, expected, ("the loss", "the gradients"), terms=100)
