"""Four leaks mended; saved tensors counted by their storages; a block that is computed twice instead of being kept."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def evaluate(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """See the stub."""
    total = 0.0
    with torch.no_grad():
        for inputs, targets in batches:
            total += F.mse_loss(net(inputs), targets).item()
    return total / len(batches)


def train(net: nn.Module, optimizer: Any, batches: list[tuple[Tensor, Tensor]]) -> list[float]:
    """See the stub."""
    losses = []
    for inputs, targets in batches:
        loss = F.mse_loss(net(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def truncated(cell: nn.Module, chunks: list[tuple[Tensor, Tensor]], hidden: Tensor) -> Tensor:
    """See the stub."""
    for inputs, targets in chunks:
        hidden = hidden.detach()
        for x in inputs:
            hidden = cell(x, hidden)
        loss = F.mse_loss(hidden, targets)
        loss.backward()
    return hidden.detach()


def keep_rows(tables: list[Tensor], n: int) -> list[Tensor]:
    """See the stub."""
    return [table[:n].clone() for table in tables]


def saved_bytes(net: nn.Module, x: Tensor) -> int:
    """See the stub."""
    known = {parameter.untyped_storage().data_ptr() for parameter in net.parameters()}
    found: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            found[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        output = net(x)  # as long as it lives, no storage is freed and its address used again
    del output
    return sum(found.values())


class _Checkpoint(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, block: nn.Module, x: Tensor, *parameters: Tensor) -> Tensor:
        ctx.block, ctx.parameters, ctx.random = block, parameters, torch.get_rng_state()
        ctx.save_for_backward(x)
        return block(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        (saved,) = ctx.saved_tensors
        x = saved.detach().requires_grad_()
        now = torch.get_rng_state()
        torch.set_rng_state(ctx.random)
        with torch.enable_grad():
            loss = (ctx.block(x) * grad_output).sum()
        torch.set_rng_state(now)
        wanted = [x, *(parameter for parameter in ctx.parameters if parameter.requires_grad)]
        found = iter(torch.autograd.grad(loss, wanted, allow_unused=True))
        grad_x = next(found)
        return None, grad_x, *(next(found) if parameter.requires_grad else None for parameter in ctx.parameters)


def checkpoint(block: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    return _Checkpoint.apply(block, x, *block.parameters())
