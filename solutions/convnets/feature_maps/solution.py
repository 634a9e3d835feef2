"""A context that listens to a layer and tidies up behind itself; the rest asks it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

Layer = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


@contextmanager
def _listening(net: nn.Module, name: str) -> Iterator[list[Tensor]]:
    heard: list[Tensor] = []
    modes = [(module, module.training) for module in net.modules()]
    handle = net.get_submodule(name).register_forward_hook(lambda module, inputs, output: heard.append(output.clone()))
    try:
        net.eval()
        yield heard
    finally:
        handle.remove()
        for module, mode in modes:
            module.training = mode


def feature_maps(net: nn.Module, name: str, images: Tensor) -> Tensor:
    """See the stub."""
    with torch.no_grad(), _listening(net, name) as heard:
        net(images)
    return heard[0]


def strongest(maps: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    height, width = maps.shape[2:]
    flat = maps.transpose(0, 1).flatten(1)
    values, order = flat.sort(dim=1, descending=True, stable=True)
    values, order = values[:, :k], order[:, :k]
    places = [order // (height * width), order // width % height, order % width]
    return values, torch.stack(places, dim=2)


def input_box(layers: list[Layer], row: int, column: int, height: int, width: int) -> tuple[int, int, int, int]:
    """See the stub."""
    first, last = [row, column], [row, column]
    for kernel, stride, padding in reversed(layers):
        for axis in (0, 1):
            first[axis] = first[axis] * stride[axis] - padding[axis]
            last[axis] = last[axis] * stride[axis] - padding[axis] + kernel[axis] - 1
    return max(first[0], 0), min(last[0] + 1, height), max(first[1], 0), min(last[1] + 1, width)


def activation_gradient(
    net: nn.Module, name: str, channel: int, images: Tensor, penalty: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    leaf = images.detach().clone().requires_grad_()
    with _listening(net, name) as heard:
        net(leaf)
    activation = heard[0][:, channel].mean(dim=(1, 2))
    (slope,) = torch.autograd.grad(activation.sum(), leaf)
    size = images.square().sum(dim=(1, 2, 3))
    return activation.detach() - 0.5 * penalty * size, slope - penalty * images


def maximise(
    net: nn.Module, name: str, channel: int, start: Tensor, *, steps: int, rate: float, penalty: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    images, history = start.detach().clone(), []
    for _ in range(steps):
        objective, slope = activation_gradient(net, name, channel, images, penalty)
        history.append(objective)
        length = slope.flatten(1).norm(dim=1)[:, None, None, None]
        images = images + rate * slope / torch.where(length == 0, 1.0, length)
    history.append(activation_gradient(net, name, channel, images, penalty)[0])
    return images, torch.stack(history)
