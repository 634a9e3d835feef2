"""Counts from shapes: those of the parameters, and those that hooks see in one forward pass."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

STATE = {"sgd": 0, "momentum": 1, "adam": 2}  # numbers that the optimizer keeps of each parameter


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def count_parameters(net: nn.Module) -> dict[str, int]:
    """See the stub."""
    parameters = list(net.parameters())
    return {
        "trainable": sum(parameter.numel() for parameter in parameters if parameter.requires_grad),
        "frozen": sum(parameter.numel() for parameter in parameters if not parameter.requires_grad),
        "buffers": sum(buffer.numel() for buffer in net.buffers()),
        "bytes": _bytes([*parameters, *net.buffers()]),
    }


def _watch(net: nn.Module, x: Tensor, chosen: dict[str, nn.Module], note: Callable[[str, Any, Tensor], None]) -> None:
    """Call the network once; `note` sees the name, module and output of each call of a chosen module."""
    handles = []
    try:
        for name, module in chosen.items():
            handles.append(
                module.register_forward_hook(lambda module, inputs, output, name=name: note(name, module, output))
            )
        with torch.no_grad():
            net(x)
    finally:
        for handle in handles:
            handle.remove()


def count_flops(net: nn.Module, x: Tensor) -> dict[str, int]:
    """See the stub."""
    chosen = {name: module for name, module in net.named_modules() if isinstance(module, nn.Linear | nn.Conv2d)}
    flops = dict.fromkeys(chosen, 0)

    def note(name: str, module: Any, output: Tensor) -> None:
        terms = module.weight[0].numel()
        flops[name] += output.numel() * (2 * terms + (module.bias is not None))

    _watch(net, x, chosen, note)
    return flops


def activation_bytes(net: nn.Module, x: Tensor) -> int:
    """See the stub."""
    leaves = {name: module for name, module in net.named_modules() if not list(module.children())}
    sizes: list[int] = []
    _watch(net, x, leaves, lambda name, module, output: sizes.append(_bytes([output])))
    return sum(sizes)


def training_bytes(trainable: int, frozen: int, optimizer: str, *, mixed: bool = False) -> int:
    """See the stub."""
    weight = gradient = 2 if mixed else 4
    copy = 4 if mixed else 0
    return trainable * (weight + gradient + copy + 4 * STATE[optimizer]) + frozen * weight
