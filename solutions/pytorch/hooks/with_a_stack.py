"""An ExitStack removes the hooks; gradients come from autograd.grad at the captured outputs."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor, nn


def outputs(
    net: nn.Module, names: list[str], x: Tensor
) -> tuple[Tensor, dict[str, list[Tensor]], dict[str, list[Tensor]]]:
    """The result, every output of the named modules, and a copy of each as it was."""
    all_modules = dict(net.named_modules())
    missing = [name for name in names if name not in all_modules]
    if missing:
        raise AttributeError(missing)
    alive: dict[str, list[Tensor]] = {name: [] for name in names}
    copies: dict[str, list[Tensor]] = {name: [] for name in names}

    def hook(module: nn.Module, inputs: Any, output: Tensor, *, name: str) -> None:
        alive[name] += [output]
        copies[name] += [output.detach().clone()]

    with ExitStack() as stack:
        for name in names:
            handle = all_modules[name].register_forward_hook(
                lambda module, inputs, output, name=name: hook(module, inputs, output, name=name)
            )
            stack.callback(handle.remove)
        return net(x), alive, copies


def capture_activations(net: nn.Module, names: list[str], x: Tensor) -> dict[str, list[Tensor]]:
    """See the stub."""
    return outputs(net, names, x)[2]


def capture_gradients(net: nn.Module, names: list[str], x: Tensor, upstream: Tensor) -> dict[str, list[Tensor | None]]:
    """See the stub."""
    out, alive, _ = outputs(net, names, x)
    for tensors in alive.values():
        for tensor in tensors:
            if tensor.requires_grad:
                tensor.retain_grad()
    torch.autograd.backward((out * upstream).sum())
    return {name: [tensor.grad if tensor.requires_grad else None for tensor in alive[name]] for name in names}


def run_with(net: nn.Module, name: str, change: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    with ExitStack() as stack:
        handle = dict(net.named_modules())[name].register_forward_hook(lambda *three: change(three[2]))
        stack.callback(handle.remove)
        return net(x)


def mask_gradient(parameter: nn.Parameter, mask: Tensor) -> Any:
    """See the stub."""
    return parameter.register_hook(lambda gradient: torch.where(mask.bool(), gradient, torch.zeros_like(gradient)))
