"""The normal equations, Horner's scheme, plain Python for the rest."""

import itertools

import numpy as np
import torch
from torch import Tensor


def features(x: Tensor, degree: int) -> Tensor:
    """See the stub."""
    return torch.from_numpy(np.vander(x.numpy(), degree + 1, increasing=True).copy())


def fit_polynomial(x: Tensor, y: Tensor, degree: int, *, ridge: float = 0.0) -> Tensor:
    """See the stub."""
    a = features(x, degree)
    matrix = a.T @ a + ridge * torch.eye(degree + 1, dtype=x.dtype)
    matrix[0, 0] -= ridge
    return torch.linalg.solve(matrix, a.T @ y)


def _value(w: Tensor, x: Tensor) -> Tensor:
    result = torch.zeros_like(x)
    for factor in w.flip(0):
        result = result * x + factor
    return result


def errors_by_degree(
    x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, degrees: list[int], *, ridge: float = 0.0
) -> tuple[Tensor, Tensor, int]:
    """See the stub."""
    models = [fit_polynomial(x, y, degree, ridge=ridge) for degree in degrees]
    training = torch.stack([((_value(w, x) - y) ** 2).sum() / len(x) for w in models])
    validation = torch.stack([((_value(w, x_val) - y_val) ** 2).sum() / len(x_val) for w in models])
    return training, validation, min(zip(validation.tolist(), degrees, strict=True))[1]


def bias_and_variance(predictions: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    bias = ((sum(predictions) / len(predictions) - truth) ** 2).mean()
    return bias, ((predictions - truth) ** 2).mean() - bias


def diagnose(train: list[float], val: list[float], target: float) -> str:
    """See the stub."""
    late = [float(np.mean(curve[-3:])) for curve in (train, val)]
    risen, gap = late[1] / min(val) > 1.1, late[1] / late[0] > 1.5
    return "underfit" if late[0] > target else "overfit" if risen or gap else "fine"


def mlp_parameters(inputs: int, width: int, depth: int, outputs: int) -> int:
    """See the stub."""
    return sum((a + 1) * b for a, b in itertools.pairwise([inputs, *[width] * depth, outputs]))


def widest(inputs: int, depth: int, outputs: int, budget: int) -> int:
    """See the stub."""
    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        if mlp_parameters(inputs, middle, depth, outputs) <= budget:
            low = middle
        else:
            high = middle
    return low
