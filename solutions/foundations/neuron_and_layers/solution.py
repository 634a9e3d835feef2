"""Counting: one number for each connection that has a weight of its own, and one for each bias."""

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


def parameters_of_mlp(sizes: list[int], bias: bool = True) -> int:
    """See the stub."""
    return sum((before + bias) * after for before, after in pairwise(sizes))


def widest(inputs: int, outputs: int, hidden_layers: int, budget: int) -> int:
    """See the stub."""
    width = 1
    while parameters_of_mlp([inputs, *[width] * hidden_layers, outputs]) <= budget:
        width += 1
    return width - 1


def cost_of_layer(layer: dict[str, Any]) -> tuple[int, int]:
    """See the stub."""
    if layer["kind"] == "dense":
        weights = layer["inputs"] * layer["outputs"]
        return weights + layer["outputs"], weights
    if layer["kind"] == "conv":
        weights = layer["channels_in"] * layer["channels_out"] * layer["kernel"] ** 2
        positions = (layer["height"] - layer["kernel"] + 1) * (layer["width"] - layer["kernel"] + 1)
        return weights + layer["channels_out"], weights * positions
    if layer["kind"] == "recurrent":
        weights = layer["hidden"] * (layer["inputs"] + layer["hidden"])
        return weights + layer["hidden"], weights * layer["steps"]
    raise ValueError(f"unknown kind of layer {layer['kind']!r}")


def conv_as_dense(kernel: Tensor, size: int) -> Tensor:
    """See the stub."""
    rows = size - len(kernel) + 1
    matrix = kernel.new_zeros(rows, size)
    for i in range(rows):
        matrix[i, i : i + len(kernel)] = kernel
    return matrix


def choose_network(task: dict[str, Any]) -> str:
    """See the stub."""
    if task["make"]:
        return "generative"
    if not task["order"]:
        return "dense"
    length, reach = task["length"], task["reach"]
    if reach is not None and (length is None or reach < length):
        return "convolutional"
    return "recurrent" if length is None else "dense"


def fold_bias(weight: Tensor, bias: Tensor) -> Tensor:
    """See the stub."""
    return torch.cat([weight, bias.unsqueeze(1)], dim=1)


def boundary_distance(w: list[float], b: float) -> float:
    """See the stub."""
    return -b / math.hypot(*w)


def integrate_and_fire(
    current: Tensor, *, tau: float = 20.0, threshold: float = 1.0, dt: float = 1.0
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    v, voltages, spikes = 0.0, [], []
    for number in current.tolist():
        v = v + dt / tau * (number - v)
        fires = v >= threshold
        if fires:
            v = 0.0
        voltages.append(v)
        spikes.append(int(fires))
    return torch.tensor(voltages, dtype=current.dtype), torch.tensor(spikes)


def firing_rate(current: float, *, tau: float = 20.0, threshold: float = 1.0) -> float:
    """See the stub."""
    if current <= threshold:
        return 0.0
    return 1 / (tau * math.log(current / (current - threshold)))
