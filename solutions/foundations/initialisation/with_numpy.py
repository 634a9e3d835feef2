"""numpy, and the variances rather than the deviations."""

import numpy as np
import torch
from torch import Tensor


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """See the stub."""
    try:
        n_out, n_in, *kernel = shape
    except ValueError:
        raise ValueError("no fans without two axes") from None
    size = int(np.prod(kernel)) if kernel else 1
    return n_in * size, n_out * size


def gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """See the stub."""
    squares = {"relu": 2.0, "leaky_relu": 2 / (1 + negative_slope * negative_slope), "tanh": 25 / 9}
    return float(np.sqrt(squares.get(nonlinearity, 1.0)))


def xavier_std(shape: tuple[int, ...], nonlinearity: str = "linear") -> float:
    """See the stub."""
    return float(np.sqrt(gain(nonlinearity) ** 2 / np.mean(fans(shape))))


def he_std(shape: tuple[int, ...], mode: str = "fan_in", negative_slope: float = 0.0) -> float:
    """See the stub."""
    fan = fans(shape)[("fan_in", "fan_out").index(mode)]
    return float(np.sqrt(2 / (1 + negative_slope**2) / fan))


def lecun_std(shape: tuple[int, ...]) -> float:
    """See the stub."""
    return float(fans(shape)[0] ** -0.5)


def scale_normal(normal: Tensor, std: float) -> Tensor:
    """See the stub."""
    return torch.mul(normal, std)


def scale_uniform(uniform: Tensor, std: float) -> Tensor:
    """See the stub."""
    return (uniform - 0.5) * float(np.sqrt(12) * std)


def orthogonal(normal: Tensor, scale: float = 1.0) -> Tensor:
    """See the stub."""
    rows = normal.reshape(normal.shape[0], -1).numpy().astype(np.float64)
    tall = rows.T if rows.shape[0] < rows.shape[1] else rows
    found: list[np.ndarray] = []
    for column in tall.T:  # Gram and Schmidt, twice for the last digits
        for _ in range(2):
            for other in found:
                column = column - other * (other @ column)
        found.append(column / np.linalg.norm(column))
    q = np.stack(found, axis=0 if rows.shape[0] < rows.shape[1] else 1)
    return torch.from_numpy(scale * q).reshape(normal.shape).to(normal.dtype)


def output_bias(targets: Tensor, kind: str) -> Tensor:
    """See the stub."""
    ones = targets.double().sum(dim=0).numpy()
    zeros = len(targets) - ones
    if kind not in ("softmax", "sigmoid", "regression"):
        raise ValueError(kind)
    answers = {"softmax": lambda: np.log(ones) - np.log(len(targets)), "sigmoid": lambda: np.log(ones) - np.log(zeros)}
    found = answers[kind]() if kind in answers else ones / len(targets)
    return torch.from_numpy(found).to(targets.dtype)


def hidden_bias(size: int, kind: str) -> Tensor:
    """See the stub."""
    values = {"zeros": [0.0], "relu": [0.01], "lstm": [0.0, 1.0, 0.0, 0.0]}
    if kind not in values:
        raise ValueError(kind)
    return torch.from_numpy(np.repeat(np.array(values[kind], dtype=np.float32), size))


def signal_sizes(weights: list[Tensor], x: Tensor) -> list[float]:
    """See the stub."""
    signal, sizes = x.numpy(), []
    for weight in weights:
        signal = np.maximum(signal @ weight.numpy().T, 0)
        sizes.append(float(np.sqrt(np.square(signal).mean())))
    return sizes
