"""One walk through the stages gives all that is asked about sizes; the rest compares."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Trial = dict[str, Any]


def stages(trial: Trial, shape: tuple[int, int, int]) -> Iterator[tuple[int, int, int, int, int]]:
    """Of each stage: the width's factor, the size of what comes in, and of what the convolution makes."""
    _, rows, columns = shape
    for s in range(trial["depth"]):
        made = (rows, columns)
        if trial["down"] == "stride":
            made = ((rows + 1) // 2, (columns + 1) // 2)
        yield 2**s, rows, columns, *made
        rows, columns = made if trial["down"] == "stride" else (rows // 2, columns // 2)


def last_map(trial: Trial, shape: tuple[int, int, int]) -> tuple[int, int]:
    """Rows and columns of what goes into the head."""
    *_, (_, rows, columns, made_rows, made_columns) = stages(trial, shape)
    return (made_rows, made_columns) if trial["down"] == "stride" else (rows // 2, columns // 2)


def build(trial: Trial, shape: tuple[int, int, int], classes: int) -> nn.Sequential:
    """See the stub."""
    modules: list[nn.Module] = []
    channels, kernel = shape[0], trial["kernel"]
    for factor, *_ in stages(trial, shape):
        maps, stride = trial["width"] * factor, 2 if trial["down"] == "stride" else 1
        modules.append(nn.Conv2d(channels, maps, kernel, stride, kernel // 2, bias=not trial["norm"]))
        if trial["norm"]:
            modules.append(nn.BatchNorm2d(maps))
        modules.append(nn.ReLU())
        if trial["down"] == "pool":
            modules.append(nn.MaxPool2d(2))
        channels = maps
    rows, columns = last_map(trial, shape)
    if trial["head"] == "mean":
        modules.append(nn.AdaptiveAvgPool2d(1))
        rows = columns = 1
    return nn.Sequential(*modules, nn.Flatten(), nn.Linear(channels * rows * columns, classes))


def cost(trial: Trial, shape: tuple[int, int, int], classes: int) -> tuple[int, int]:
    """See the stub."""
    parameters = multiply_adds = 0
    channels = shape[0]
    for factor, _, _, rows, columns in stages(trial, shape):
        maps = trial["width"] * factor
        weights = channels * maps * trial["kernel"] ** 2
        parameters += weights + (2 * maps if trial["norm"] else maps)
        multiply_adds += weights * rows * columns
        channels = maps
    rows, columns = last_map(trial, shape) if trial["head"] == "flatten" else (1, 1)
    weights = channels * rows * columns * classes
    return parameters + weights + classes, multiply_adds + weights


def fits(trial: Trial, shape: tuple[int, int, int], sees: int) -> bool:
    """See the stub."""
    field, jump = 1, 1
    for _, rows, columns, _, _ in stages(trial, shape):
        if trial["kernel"] > min(rows, columns):
            return False
        if trial["down"] == "pool" and min(rows, columns) < 2:
            return False
        field += (trial["kernel"] - 1) * jump
        if trial["down"] == "pool":
            field += jump
        jump *= 2
    return field >= sees


def widest(
    trial: Trial, shape: tuple[int, int, int], classes: int, *, parameters: int, multiply_adds: int
) -> int | None:
    """See the stub."""
    width = 0
    while True:
        needed, work = cost(trial | {"width": width + 1}, shape, classes)
        if needed > parameters or work > multiply_adds:
            return width or None
        width += 1


def candidates(
    space: dict[str, list],
    shape: tuple[int, int, int],
    classes: int,
    *,
    sees: int,
    parameters: int,
    multiply_adds: int,
) -> list[Trial]:
    """See the stub."""
    found = []
    for values in itertools.product(*space.values()):
        trial = dict(zip(space, values, strict=True))
        if not fits(trial, shape, sees):
            continue
        width = widest(trial, shape, classes, parameters=parameters, multiply_adds=multiply_adds)
        if width is not None:
            found.append(trial | {"width": width})
    return found


def train(
    net: nn.Sequential, trial: Trial, velocity: list[Tensor], x: Tensor, y: Tensor, epochs: int, g: torch.Generator
) -> None:
    """So many epochs more of SGD with momentum, in place."""
    net.train()
    weights = list(net.parameters())
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=g).split(trial["batch"]):
            grads = torch.autograd.grad(F.cross_entropy(net(x[batch]), y[batch]), weights)
            with torch.no_grad():
                for weight, grad, v in zip(weights, grads, velocity, strict=True):
                    v.mul_(0.9).add_(grad)
                    weight.sub_(trial["lr"] * v)


@torch.no_grad()
def accuracy(net: nn.Sequential, x: Tensor, y: Tensor) -> float:
    """The share of images whose class is the most likely one."""
    net.eval()
    return (net(x).argmax(dim=1) == y).double().mean().item()


def tune(
    trials: list[Trial], x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, *, epochs: int, seed: int
) -> tuple[int, dict[str, Tensor], list[list[tuple[int, float]]]]:
    """See the stub."""
    torch.manual_seed(seed)
    g = torch.Generator().manual_seed(seed)
    shape, classes = tuple(x.shape[1:]), int(y.max()) + 1
    nets = [build(trial, shape, classes) for trial in trials]
    velocities = [[torch.zeros_like(weight) for weight in net.parameters()] for net in nets]
    left, rounds = list(range(len(trials))), []
    while len(left) > 1:
        reached = []
        for k in left:
            train(nets[k], trials[k], velocities[k], x, y, epochs, g)
            reached.append((k, accuracy(nets[k], x_val, y_val)))
        rounds.append(reached)
        ranked = sorted(reached, key=lambda pair: (-pair[1], pair[0]))
        left = sorted(k for k, _ in ranked[: len(left) // 2])
        epochs *= 2
    return left[0], nets[left[0]].state_dict(), rounds
