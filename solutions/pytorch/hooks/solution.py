"""Handles are collected, and removed in a finally."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def capture_activations(net: nn.Module, names: list[str], x: Tensor) -> dict[str, list[Tensor]]:
    """See the stub."""
    modules = {name: net.get_submodule(name) for name in names}
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    handles = []

    def keep(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
            found[name].append(output.detach().clone())

        return hook

    try:
        for name, module in modules.items():
            handles.append(module.register_forward_hook(keep(name)))
        with torch.no_grad():
            net(x)
    finally:
        for handle in handles:
            handle.remove()
    return found


def capture_gradients(net: nn.Module, names: list[str], x: Tensor, upstream: Tensor) -> dict[str, list[Tensor | None]]:
    """See the stub."""
    modules = {name: net.get_submodule(name) for name in names}
    found: dict[str, list[Tensor | None]] = {name: [] for name in names}
    handles = []

    def keep(name: str) -> Callable[..., None]:
        def forward_hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
            gradients = found[name]
            place = len(gradients)
            gradients.append(None)

            def gradient_hook(gradient: Tensor) -> None:
                gradients[place] = gradient.detach().clone()

            if output.requires_grad:
                handles.append(output.register_hook(gradient_hook))

        return forward_hook

    try:
        for name, module in modules.items():
            handles.append(module.register_forward_hook(keep(name)))
        (net(x) * upstream).sum().backward()
    finally:
        for handle in handles:
            handle.remove()
    return found


def run_with(net: nn.Module, name: str, change: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    handle = net.get_submodule(name).register_forward_hook(lambda module, inputs, output: change(output))
    try:
        return net(x)
    finally:
        handle.remove()


def mask_gradient(parameter: nn.Parameter, mask: Tensor) -> Any:
    """See the stub."""
    return parameter.register_hook(lambda gradient: gradient * mask)
