"""Weights are frozen and `backward` fills the image's .grad; the pass ends at the layer; boxes by size and jump."""

import math

import torch
from torch import Tensor, nn

Layer = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


class _Arrived(Exception):
    """Carries the maps out of the forward pass; what lies behind the layer isn't computed."""

    def __init__(self, maps: Tensor) -> None:
        super().__init__()
        self.maps = maps


def _stop(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
    raise _Arrived(output)


def _maps(net: nn.Module, name: str, images: Tensor) -> Tensor:
    was = {module: module.training for module in net.modules()}
    learns = {parameter: parameter.requires_grad for parameter in net.parameters()}
    layer = dict(net.named_modules())[name]
    hook = layer.register_forward_hook(_stop)
    try:
        for module in was:
            module.training = False
        net.requires_grad_(False)
        net(images)
    except _Arrived as arrived:
        return arrived.maps
    finally:
        hook.remove()
        for module, training in was.items():
            module.training = training
        for parameter, flag in learns.items():
            parameter.requires_grad_(flag)
    raise RuntimeError(f"{name} was not called")


def feature_maps(net: nn.Module, name: str, images: Tensor) -> Tensor:
    """See the stub."""
    return _maps(net, name, images.detach()).detach()


def strongest(maps: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n, channels, height, width = maps.shape
    spots = [(image, row, column) for image in range(n) for row in range(height) for column in range(width)]
    places = []
    for channel in range(channels):
        numbers = maps[:, channel].tolist()
        places.append(sorted(spots, key=lambda spot: -numbers[spot[0]][spot[1]][spot[2]])[:k])
    found = torch.tensor(places, dtype=torch.int64)
    return maps[found[..., 0], torch.arange(channels)[:, None], found[..., 1], found[..., 2]], found


def _reach(axis: int, layers: list[Layer], index: int, end: int) -> tuple[int, int]:
    size, jump, start = 1, 1, 0
    for layer in layers:
        kernel, stride, padding = (pair[axis] for pair in layer)
        size, start, jump = size + (kernel - 1) * jump, start - padding * jump, jump * stride
    seen = range(start + index * jump, start + index * jump + size)
    inside = [pixel for pixel in seen if 0 <= pixel < end]
    return inside[0], inside[-1] + 1


def input_box(layers: list[Layer], row: int, column: int, height: int, width: int) -> tuple[int, int, int, int]:
    """See the stub."""
    return *_reach(0, layers, row, height), *_reach(1, layers, column, width)


def activation_gradient(
    net: nn.Module, name: str, channel: int, images: Tensor, penalty: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    leaf = nn.Parameter(images.detach().clone())
    maps = _maps(net, name, leaf)[:, channel].flatten(1)
    objective = maps.sum(dim=1) / maps.shape[1] - penalty / 2 * (leaf * leaf).flatten(1).sum(dim=1)
    objective.sum().backward()
    return objective.detach(), leaf.grad


def maximise(
    net: nn.Module, name: str, channel: int, start: Tensor, *, steps: int, rate: float, penalty: float
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    ends, histories = [], []
    for image in start.split(1):
        history = []
        for step in range(steps + 1):
            objective, slope = activation_gradient(net, name, channel, image, penalty)
            history.append(objective)
            length = math.sqrt(slope.square().sum().item())
            if step < steps and length > 0:
                image = image + slope * (rate / length)
        ends.append(image.detach().clone())
        histories.append(torch.stack(history))
    return torch.cat(ends), torch.cat(histories, dim=1)
