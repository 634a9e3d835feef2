"""Made and counted: tensors of the right shapes, a search by halves, tensors that are written into step by step."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor


def parameters_of_mlp(sizes: list[int], bias: bool = True) -> int:
    """See the stub."""
    total = 0
    for layer in range(1, len(sizes)):
        total += sizes[layer] * sizes[layer - 1]
        if bias:
            total += sizes[layer]
    return total


def widest(inputs: int, outputs: int, hidden_layers: int, budget: int) -> int:
    """The parameters are a · w² + b · w + c: solve for w, and step to the right integer."""
    a, b, c = hidden_layers - 1, inputs + hidden_layers + outputs, outputs - budget
    w = -c / b if a == 0 else (-b + math.sqrt(max(0, b * b - 4 * a * c))) / (2 * a)
    width = max(0, math.floor(w) + 1)
    while width > 0 and a * width**2 + b * width + c > 0:
        width -= 1
    return width


def cost_of_layer(layer: dict[str, Any]) -> tuple[int, int]:
    """See the stub."""
    sizes = {key: value for key, value in layer.items() if key != "kind"}
    match layer["kind"]:
        case "dense":
            shapes, times = [(sizes["outputs"], sizes["inputs"])], 1
        case "conv":
            k = sizes["kernel"]
            shapes = [(sizes["channels_out"], sizes["channels_in"], k, k)]
            times = len(range(sizes["height"])[: 1 - k or None]) * len(range(sizes["width"])[: 1 - k or None])
        case "recurrent":
            shapes, times = [(sizes["hidden"], sizes["inputs"]), (sizes["hidden"], sizes["hidden"])], sizes["steps"]
        case other:
            raise ValueError(other)
    weights = sum(math.prod(shape) for shape in shapes)
    return weights + shapes[0][0], weights * times


def conv_as_dense(kernel: Tensor, size: int) -> Tensor:
    """See the stub."""
    diagonals = [torch.diag_embed(number.expand(size), offset=0) for number in kernel]
    shifted = [diagonal.roll(tap, dims=1) for tap, diagonal in enumerate(diagonals)]
    return torch.stack(shifted).sum(dim=0)[: size - len(kernel) + 1]


def choose_network(task: dict[str, Any]) -> str:
    """See the stub."""
    match task:
        case {"make": True}:
            return "generative"
        case {"order": True, "length": None, "reach": reach}:
            return "recurrent" if reach is None else "convolutional"
        case {"order": True, "length": length, "reach": int(reach)} if reach < length:
            return "convolutional"
    return "dense"


def fold_bias(weight: Tensor, bias: Tensor) -> Tensor:
    """See the stub."""
    matrix = weight.new_empty(weight.shape[0], weight.shape[1] + 1)
    matrix[:, :-1], matrix[:, -1] = weight, bias
    return matrix


def boundary_distance(w: list[float], b: float) -> float:
    """See the stub."""
    return float(-b / np.linalg.norm(w))


def integrate_and_fire(
    current: Tensor, *, tau: float = 20.0, threshold: float = 1.0, dt: float = 1.0
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    voltages, spikes = torch.zeros_like(current), torch.zeros(len(current), dtype=torch.int64)
    share, v = dt / tau, 0.0
    for t, inflow in enumerate(current.numpy()):
        v = (1 - share) * v + share * float(inflow)
        if v >= threshold:
            spikes[t], v = 1, 0.0
        voltages[t] = v
    return voltages, spikes


def firing_rate(current: float, *, tau: float = 20.0, threshold: float = 1.0) -> float:
    """See the stub."""
    return 0.0 if current <= threshold else -1 / tau / math.log(1 - threshold / current)
