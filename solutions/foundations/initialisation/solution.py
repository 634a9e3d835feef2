"""The formulas, and a loop."""

import math

import torch
from torch import Tensor


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """See the stub."""
    if len(shape) < 2:
        raise ValueError(f"a weight has at least two axes, and {shape} has {len(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """See the stub."""
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + negative_slope**2))
    return {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}[nonlinearity]


def xavier_std(shape: tuple[int, ...], nonlinearity: str = "linear") -> float:
    """See the stub."""
    return gain(nonlinearity) * math.sqrt(2 / sum(fans(shape)))


def he_std(shape: tuple[int, ...], mode: str = "fan_in", negative_slope: float = 0.0) -> float:
    """See the stub."""
    fan_in, fan_out = fans(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return gain("leaky_relu", negative_slope) / math.sqrt(fan)


def lecun_std(shape: tuple[int, ...]) -> float:
    """See the stub."""
    return 1 / math.sqrt(fans(shape)[0])


def scale_normal(normal: Tensor, std: float) -> Tensor:
    """See the stub."""
    return normal * std


def scale_uniform(uniform: Tensor, std: float) -> Tensor:
    """See the stub."""
    bound = math.sqrt(3) * std
    return (2 * uniform - 1) * bound


def orthogonal(normal: Tensor, scale: float = 1.0) -> Tensor:
    """See the stub."""
    matrix = normal.flatten(1)
    wide = matrix.shape[1] > matrix.shape[0]
    q, r = torch.linalg.qr(matrix.T if wide else matrix)
    q = q * r.diagonal().sign()
    return (scale * (q.T if wide else q)).reshape(normal.shape)


def output_bias(targets: Tensor, kind: str) -> Tensor:
    """See the stub."""
    mean = targets.mean(dim=0)
    if kind == "softmax":
        return mean.log()
    if kind == "sigmoid":
        return (mean / (1 - mean)).log()
    if kind == "regression":
        return mean
    raise ValueError(f"no output {kind!r}")


def hidden_bias(size: int, kind: str) -> Tensor:
    """See the stub."""
    if kind not in ("zeros", "relu", "lstm"):
        raise ValueError(f"no layer {kind!r}")
    if kind == "lstm":
        bias = torch.zeros(4, size)
        bias[1] = 1
        return bias.flatten()
    return torch.full((size,), 0.01 if kind == "relu" else 0.0)


def signal_sizes(weights: list[Tensor], x: Tensor) -> list[float]:
    """See the stub."""
    sizes = []
    for weight in weights:
        x = torch.relu(x @ weight.T)
        sizes.append((x**2).mean().sqrt().item())
    return sizes
