"""With V⁻¹ written out, and plain Python for what is small."""

import math

import torch
from torch import Tensor


def eigen_2x2(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub: column i is a column of a − λ·I for the other eigenvalue, by Cayley–Hamilton."""
    trace, det = (a[0, 0] + a[1, 1]).item(), (a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]).item()
    discriminant = trace**2 - 4 * det
    if discriminant < 0:
        raise ValueError("complex eigenvalues")
    if discriminant == 0:
        if a[0, 1] or a[1, 0]:
            raise ValueError("defective")
        return a.diagonal().clone(), torch.eye(2, dtype=a.dtype)
    high, low = (trace + math.sqrt(discriminant)) / 2, (trace - math.sqrt(discriminant)) / 2
    vectors = torch.zeros_like(a)
    for i, other in enumerate([low, high]):
        rest = a - torch.diag(torch.tensor([other, other], dtype=a.dtype))
        lengths = (rest**2).sum(dim=0).sqrt()
        vectors[:, i] = (rest / lengths)[:, lengths.argmax()]
    return torch.tensor([high, low], dtype=a.dtype), vectors


def from_eigen(values: Tensor, vectors: Tensor) -> Tensor:
    """See the stub."""
    return vectors @ torch.diag(values) @ torch.linalg.inv(vectors)


def power(values: Tensor, vectors: Tensor, k: int) -> Tensor:
    """See the stub."""
    if k < 0 and bool((values == 0).any()):
        raise ValueError("singular")
    return torch.einsum("ij,j,jk->ik", vectors, values.pow(k), torch.linalg.inv(vectors))


def exponential(values: Tensor, vectors: Tensor, t: float) -> Tensor:
    """See the stub."""
    return from_eigen(torch.exp(values * t), vectors)


def in_basis(a: Tensor, basis: Tensor) -> Tensor:
    """See the stub."""
    return torch.linalg.inv(basis) @ a @ basis


def characteristic_polynomial(values: Tensor) -> Tensor:
    """See the stub."""
    polynomial = [1.0]
    for value in values.tolist():
        longer = [*polynomial, 0.0]
        for i, coefficient in enumerate(polynomial):
            longer[i + 1] -= value * coefficient
        polynomial = longer
    return torch.tensor(polynomial, dtype=values.dtype)


def trace_and_determinant(polynomial: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    constant = polynomial[-1]
    return -polynomial[1], constant if len(polynomial) % 2 else -constant


def eigenvalues_after(values: Tensor, operations: list[tuple[str, float]]) -> Tensor:
    """See the stub."""
    rules = {
        "add": lambda x, c: x + c,
        "scale": lambda x, c: x * c,
        "power": lambda x, c: x**c,
        "exp": lambda x, c: math.exp(c * x),
        "inverse": lambda x, c: 1 / x,
    }
    results = []
    for value in values.tolist():
        for name, c in operations:
            value = rules.get(name, lambda x, c: x)(value, c)
        results.append(value)
    return torch.tensor(results, dtype=values.dtype)
