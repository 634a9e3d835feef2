"""FLOPs from the layer's attributes; one hook for all modules at once."""

from typing import Any

import torch
from torch import Tensor, nn


def count_parameters(net: nn.Module) -> dict[str, int]:
    """See the stub."""
    counts = {"trainable": 0, "frozen": 0, "buffers": 0, "bytes": 0}
    seen: set[int] = set()
    for module in net.modules():
        own = [
            (value, "trainable" if value.requires_grad else "frozen")
            for value in module._parameters.values()
            if value is not None
        ]
        own += [(value, "buffers") for value in module._buffers.values() if value is not None]
        for value, kind in own:
            if id(value) not in seen:
                seen.add(id(value))
                counts[kind] += value.numel()
                counts["bytes"] += value.numel() * value.dtype.itemsize
    return counts


def outputs(net: nn.Module, x: Tensor) -> list[tuple[nn.Module, Tensor]]:
    """Every call of every module, and what it returned."""
    calls: list[tuple[nn.Module, Tensor]] = []
    handles = [
        module.register_forward_hook(lambda module, inputs, output: calls.append((module, output)))
        for module in net.modules()
    ]
    with torch.no_grad():
        net(x)
    for handle in handles:
        handle.remove()
    return calls


def cost(module: Any, output: Tensor) -> int:
    """FLOPs of one call."""
    if isinstance(module, nn.Linear):
        per_element = 2 * module.in_features
    else:
        kernel_h, kernel_w = module.kernel_size
        per_element = 2 * kernel_h * kernel_w * module.in_channels // module.groups
    return output.numel() * (per_element if module.bias is None else per_element + 1)


def count_flops(net: nn.Module, x: Tensor) -> dict[str, int]:
    """See the stub."""
    calls = outputs(net, x)
    return {
        name: sum(cost(module, output) for module, output in calls if module is counted)
        for name, counted in net.named_modules()
        if isinstance(counted, (nn.Linear, nn.Conv2d))
    }


def activation_bytes(net: nn.Module, x: Tensor) -> int:
    """See the stub."""
    calls = outputs(net, x)
    return sum(o.numel() * o.dtype.itemsize for module, o in calls if not any(True for _ in module.children()))


def training_bytes(trainable: int, frozen: int, optimizer: str, *, mixed: bool = False) -> int:
    """See the stub."""
    state = {"sgd": 0, "momentum": 4, "adam": 8}[optimizer]
    if mixed:
        return trainable * (2 + 2 + 4 + state) + frozen * 2
    return trainable * (4 + 4 + state) + frozen * 4
