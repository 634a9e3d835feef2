"""Sizes in closed form, widths by bisection, and torch's own optimizer."""

import itertools
from typing import Any

import torch
from torch import Tensor, nn

Trial = dict[str, Any]


def side(size: int, stage: int, down: str) -> int:
    """Rows (or columns) that come into this stage: halved so often, each time rounded, or once at the end, the same."""
    return size // 2**stage if down == "pool" else -(-size // 2**stage)


def build(trial: Trial, shape: tuple[int, int, int], classes: int) -> nn.Sequential:
    """See the stub."""
    net, c = nn.Sequential(), shape[0]
    k, pooled = trial["kernel"], trial["down"] == "pool"
    for stage in range(trial["depth"]):
        out = trial["width"] << stage
        net.append(nn.Conv2d(c, out, k, stride=1 if pooled else 2, padding=(k - 1) // 2, bias=not trial["norm"]))
        net.extend([nn.BatchNorm2d(out)] * trial["norm"] + [nn.ReLU()] + [nn.MaxPool2d(2)] * pooled)
        c = out
    if trial["head"] == "mean":
        net.append(nn.AdaptiveAvgPool2d(1))
    else:
        c *= side(shape[1], trial["depth"], trial["down"]) * side(shape[2], trial["depth"], trial["down"])
    return net.append(nn.Flatten()).append(nn.Linear(c, classes))


def cost(trial: Trial, shape: tuple[int, int, int], classes: int) -> tuple[int, int]:
    """See the stub."""
    depth, down, norm = trial["depth"], trial["down"], trial["norm"]
    maps = [shape[0], *(trial["width"] * 2**stage for stage in range(depth))]
    weights = [a * b * trial["kernel"] ** 2 for a, b in itertools.pairwise(maps)]
    at = [stage + (down == "stride") for stage in range(depth)]
    places = [side(shape[1], stage, down) * side(shape[2], stage, down) for stage in at]
    features = maps[-1]
    if trial["head"] == "flatten":
        features *= side(shape[1], depth, down) * side(shape[2], depth, down)
    learned = sum(weights) + sum(maps[1:]) * (1 + norm) + (features + 1) * classes
    return learned, sum(w * p for w, p in zip(weights, places, strict=True)) + features * classes


def fits(trial: Trial, shape: tuple[int, int, int], sees: int) -> bool:
    """See the stub."""
    depth, k, pooled = trial["depth"], trial["kernel"], trial["down"] == "pool"
    smallest = min(side(size, depth - 1, trial["down"]) for size in shape[1:])
    field = 1 + (k - 1 + pooled) * (2**depth - 1)
    return smallest >= max(k, 2 * pooled) and field >= sees


def widest(
    trial: Trial, shape: tuple[int, int, int], classes: int, *, parameters: int, multiply_adds: int
) -> int | None:
    """See the stub."""

    def within(width: int) -> bool:
        learned, work = cost({**trial, "width": width}, shape, classes)
        return learned <= parameters and work <= multiply_adds

    low, high = 0, 1
    while within(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if within(middle) else (low, middle)
    return None if low == 0 else low


def candidates(
    space: dict[str, list], shape: tuple[int, int, int], classes: int, *, sees: int, parameters: int, multiply_adds: int
) -> list[Trial]:
    """See the stub."""
    trials: list[Trial] = [{}]
    for name, values in space.items():
        trials = [{**trial, name: value} for trial in trials for value in values]
    trials = [trial for trial in trials if fits(trial, shape, sees)]
    for trial in trials:
        trial["width"] = widest(trial, shape, classes, parameters=parameters, multiply_adds=multiply_adds)
    return [trial for trial in trials if trial["width"]]


def tune(
    trials: list[Trial], x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, *, epochs: int, seed: int
) -> tuple[int, dict[str, Tensor], list[list[tuple[int, float]]]]:
    """See the stub."""
    torch.manual_seed(seed)
    left = {}
    for number, trial in enumerate(trials):
        net = build(trial, (x.shape[1], x.shape[2], x.shape[3]), len(y.unique()))
        left[number] = net, torch.optim.SGD(net.parameters(), lr=trial["lr"], momentum=0.9), trial["batch"]
    rounds = []
    while len(left) > 1:
        scores = {}
        for number, (net, optimizer, size) in left.items():
            net.train()
            for _ in range(epochs):
                order = torch.randperm(len(x))
                for start in range(0, len(x), size):
                    chosen = order[start : start + size]
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(net(x[chosen]), y[chosen]).backward()
                    optimizer.step()
            net.eval()
            with torch.inference_mode():
                scores[number] = int((net(x_val).argmax(1) == y_val).sum()) / len(y_val)
        rounds.append(list(scores.items()))
        while len(left) > max(1, len(scores) // 2):  # out goes the worst, of equals the last
            del left[min(reversed(list(left)), key=lambda number: scores[number])]
        epochs = 2 * epochs
    ((best, (net, _, _)),) = left.items()
    return best, net.state_dict(), rounds
