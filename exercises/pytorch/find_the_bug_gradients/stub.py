"""Find the bug: five functions that run, return numbers, and are wrong. Each has one fault that concerns gradients.

Read the lesson first (`tutor lesson find_the_bug_gradients`); `tutor hint` helps when you are stuck. The docstrings say
what the functions should do. Mend them; a line or two is enough for each. In all of them the network's outputs have the
targets' shape, (N, 1), except where something else is said.
"""

from typing import Any

import torch
from torch import Tensor, nn


def train(net: nn.Module, optimizer: Any, batches: list[tuple[Tensor, Tensor]]) -> list[float]:
    """One step of plain gradient descent for each batch, on the gradient of that batch's mean squared error alone.

    Args:
        net: the network. Gradients that it may have at the beginning don't count.
        optimizer: has `step()` and `zero_grad()`.
        batches: inputs and targets.

    Returns:
        The loss of each batch, before its step.
    """
    losses = []
    for inputs, targets in batches:
        loss = ((net(inputs) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accumulate(net: nn.Module, pieces: list[tuple[Tensor, Tensor]]) -> None:
    """Leave in the parameters' `.grad` the gradient of the mean squared error over ALL samples of a large batch.

    The batch doesn't fit into memory, so it comes in pieces, of which some are smaller than others.

    Args:
        net: the network. Gradients that it may have at the beginning don't count.
        pieces: inputs and targets.
    """
    net.zero_grad()
    for inputs, targets in pieces:
        loss = ((net(inputs) - targets) ** 2).mean()
        loss.backward()


def clipped_step(net: nn.Module, optimizer: Any, inputs: Tensor, targets: Tensor, limit: float) -> None:
    """One step on the mean squared error of this batch; its gradient is scaled down to norm `limit` if it is longer.

    Args:
        net: the network. It has gradients at the beginning, of the step before; they don't count.
        optimizer: has `step()` and `zero_grad()`.
        inputs, targets: the batch.
        limit: for the norm of all gradients together.
    """
    norm = torch.stack([parameter.grad.square().sum() for parameter in net.parameters()]).sum().sqrt()
    if norm > limit:
        for parameter in net.parameters():
            parameter.grad *= limit / norm
    optimizer.zero_grad()
    loss = ((net(inputs) - targets) ** 2).mean()
    loss.backward()
    optimizer.step()


def td_loss(net: nn.Module, state: Tensor, reward: Tensor, next_state: Tensor, discount: float) -> Tensor:
    """The squared error of temporal-difference learning: net(state) should become reward + discount · net(next_state).

    That sum is a target, a number like the targets of any regression: only net(state) is pulled towards it.

    Args:
        net: estimates the value of a state, (N, D) → (N, 1).
        state, next_state: shape (N, D).
        reward: shape (N,).
        discount: between 0 and 1.

    Returns:
        The mean over the samples, 0-dimensional, with its graph.
    """
    value = net(state).squeeze(1)
    next_value = net(next_state).squeeze(1)
    return ((reward + discount * next_value - value) ** 2).mean()


def several_losses(net: nn.Module, inputs: Tensor, targets: list[Tensor], weights: list[float]) -> Tensor:
    """The weighted sum of mean squared errors, one for each of several targets of the same output.

    Args:
        net: the network.
        inputs: shape (N, D).
        targets: at least one, in the shape of net(inputs).
        weights: one for each target.

    Returns:
        The sum, 0-dimensional; its backward() gives the network's parameters their gradients.
    """
    output = net(inputs)
    parts = []
    for target, weight in zip(targets, weights, strict=True):
        parts.append(weight * ((output - target) ** 2).mean())
    return torch.tensor(parts, dtype=inputs.dtype, requires_grad=True).sum()
