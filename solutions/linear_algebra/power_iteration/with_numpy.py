"""In numpy, and deflation the other way: what was found is taken out of the vector, not of the matrix."""

import numpy as np
import torch
from torch import Tensor


def rayleigh_quotient(a: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    matrix, vector = a.numpy(), v.numpy()
    return torch.tensor((vector @ matrix @ vector) / (vector**2).sum(), dtype=a.dtype)


def iterate(matrix: np.ndarray, vector: np.ndarray, steps: int, found: list[np.ndarray]) -> np.ndarray:
    """Power iteration at right angles to the directions that were found."""
    for step in range(steps + 1):
        vector = matrix @ vector if step else vector
        for other in found:
            vector = vector - (other @ vector) * other
        if not vector.any():
            raise ValueError("zero vector")
        vector = vector / np.sqrt((vector**2).sum())
    return vector


def power_iteration(a: Tensor, start: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    vector = torch.from_numpy(iterate(a.numpy(), start.numpy(), steps, []))
    return rayleigh_quotient(a, vector), vector


def top_eigenpairs(a: Tensor, starts: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    found: list[np.ndarray] = []
    for start in starts.numpy():
        found.append(iterate(a.numpy(), start, steps, found))
    vectors = torch.from_numpy(np.stack(found, 1))
    return torch.stack([rayleigh_quotient(a, v) for v in vectors.T]), vectors


def after_layers(values: Tensor, vectors: Tensor, x: Tensor, depth: int) -> Tensor:
    """See the stub."""
    out = torch.zeros_like(x)
    for value, v in zip(values, vectors.unbind(1), strict=True):
        out = out + value**depth * (v * x).sum() * v
    return out
