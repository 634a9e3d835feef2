"""Memory that is never given back: four leaks to mend, a way to measure, and a block that keeps next to nothing.

Read the lesson first (`tutor lesson memory_leaks`); `tutor hint` helps when you are stuck. The first four functions run
and keep more in memory than they should (and `truncated` computes something else because of it). Mend them. The last
two are yours to write.
"""

from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn


def evaluate(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """The mean of the batches' mean squared errors. Nothing is kept for a backward pass that will never come."""
    total = 0.0
    for inputs, targets in batches:
        total += F.mse_loss(net(inputs), targets)
    return (total / len(batches)).item()


def train(net: nn.Module, optimizer: Any, batches: list[tuple[Tensor, Tensor]]) -> list[float]:
    """One step for each batch on its mean squared error; the losses from before the steps.

    When a batch is begun, nothing is left of what the one before it has kept for its backward pass.
    """
    losses = []
    for inputs, targets in batches:
        loss = F.mse_loss(net(inputs), targets)
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        optimizer.step()
        losses.append(loss)
    return [loss.item() for loss in losses]


def truncated(cell: nn.Module, chunks: list[tuple[Tensor, Tensor]], hidden: Tensor) -> Tensor:
    """Truncated backpropagation through time: gradients don't go back beyond the beginning of their chunk.

    Args:
        cell: takes an input (N, D) and the hidden state (N, H), and returns the next hidden state.
        chunks: inputs (T, N, D), and a target (N, H) for the hidden state after the chunk's last step.
        hidden: the first hidden state. Each chunk begins with the last one of the chunk before.

    Returns:
        The last hidden state, without a graph. The parameters' .grad have the sum over the chunks of the gradients of
        the mean squared errors, added to what was in them. A chunk's backward pass is done before the next chunk
        begins; nothing is left then of what it kept.
    """
    for inputs, targets in chunks:
        for x in inputs:
            hidden = cell(x, hidden)
        loss = F.mse_loss(hidden, targets)
        loss.backward(retain_graph=True)
    return hidden.detach()


def keep_rows(tables: list[Tensor], n: int) -> list[Tensor]:
    """The first n rows of each table, in as much memory as n rows take. The tables are large and will be dropped."""
    return [table[:n] for table in tables]


def saved_bytes(net: nn.Module, x: Tensor) -> int:
    """How many bytes autograd saves for the backward pass when net(x) is computed, apart from the parameters.

    Args:
        net: any network.
        x: the input.

    Returns:
        The sum of the sizes of all different storages (`tensor.untyped_storage()`, with nbytes() and data_ptr()) in
        which tensors lie that were saved; without those of the network's parameters. A storage in which several lie, or
        that is saved several times, counts once.
    """
    raise NotImplementedError


def checkpoint(block: nn.Module, x: Tensor) -> Tensor:
    """block(x), of which nothing but x is kept: in the backward pass, the block is computed a second time.

    Args:
        block: maps a tensor to a tensor. It may draw random numbers (dropout); the second time it has to draw the same
            ones, and afterwards torch's generator has to go on as if there had been no second time.
        x: may or may not require a gradient.

    Returns:
        The output, in the graph: backward gives x and the block's parameters the same gradients as block(x) would,
        also the parameters if x requires none.
    """
    raise NotImplementedError
