"""Hooks for the activations, .grad for the gradients, copies from before the step for the updates."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def _outputs(net: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """What each module without submodules returned."""
    found: dict[str, Tensor] = {}
    handles = []
    for name, module in net.named_modules():
        if not list(module.children()):
            handles.append(
                module.register_forward_hook(lambda m, i, output, name=name: found.update({name: output.clone()}))
            )
    try:
        with torch.no_grad():
            net(x)
    finally:
        for handle in handles:
            handle.remove()
    return found


def activation_statistics(net: nn.Module, x: Tensor) -> dict[str, tuple[float, float, float]]:
    """See the stub."""
    return {
        name: (output.mean().item(), output.std(correction=0).item(), (output == 0).double().mean().item())
        for name, output in _outputs(net, x).items()
    }


def dead_units(net: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """See the stub."""
    modules = dict(net.named_modules())
    dead = {}
    for name, output in _outputs(net, x).items():
        if isinstance(modules[name], nn.ReLU):
            silent = (output == 0).transpose(0, 1).flatten(1).all(dim=1)
            dead[name] = silent.nonzero().squeeze(1)
    return dead


def gradient_norms(net: nn.Module) -> dict[str, float]:
    """See the stub."""
    norms = {
        name: 0.0 if parameter.grad is None else parameter.grad.square().sum().sqrt().item()
        for name, parameter in net.named_parameters()
    }
    return norms | {"total": sum(norm**2 for norm in norms.values()) ** 0.5}


def train_monitored(
    net: nn.Module, optimizer: Any, loss_function: Callable[..., Tensor], batches: list[tuple[Tensor, Tensor]]
) -> dict[str, list[float]]:
    """See the stub."""
    watched = {name: parameter for name, parameter in net.named_parameters() if parameter.dim() >= 2}
    history: dict[str, list[float]] = {name: [] for name in ("loss", "gradient", *watched)}
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = loss_function(net(inputs), targets)
        loss.backward()
        before = {name: parameter.detach().clone() for name, parameter in watched.items()}
        history["loss"].append(loss.item())
        history["gradient"].append(gradient_norms(net)["total"])
        optimizer.step()
        for name, parameter in watched.items():
            update = (parameter.detach() - before[name]).norm()
            history[name].append((update / before[name].norm()).item())
    return history


def smooth(values: list[float], beta: float) -> list[float]:
    """See the stub."""
    smoothed, average = [], 0.0
    for step, value in zip(itertools.count(1), values, strict=False):
        average = beta * average + (1 - beta) * value
        smoothed.append(average / (1 - beta**step))
    return smoothed
