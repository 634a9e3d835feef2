"""Everything happens on the diagonal; a solve takes it back to the standard basis."""

import torch
from torch import Tensor


def eigen_2x2(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    (p, q), (r, s) = a.tolist()
    middle, discriminant = (p + s) / 2, ((p - s) / 2) ** 2 + q * r
    if discriminant < 0:
        raise ValueError("the eigenvalues are not real")
    if discriminant == 0:
        if q != 0 or r != 0:
            raise ValueError("there is only one direction of eigenvectors")
        return torch.full((2,), middle, dtype=a.dtype), torch.eye(2, dtype=a.dtype)
    root = discriminant**0.5
    values = torch.tensor([middle + root, middle - root], dtype=a.dtype)
    columns = []
    for value in values:
        rows = a - value * torch.eye(2, dtype=a.dtype)
        u, v = max(rows, key=lambda row: row.norm().item())
        columns.append(torch.stack([-v, u]) / torch.stack([u, v]).norm())
    return values, torch.stack(columns, dim=1)


def _assemble(values: Tensor, vectors: Tensor) -> Tensor:
    return torch.linalg.solve(vectors, vectors * values, left=False)


def from_eigen(values: Tensor, vectors: Tensor) -> Tensor:
    """See the stub."""
    return _assemble(values, vectors)


def power(values: Tensor, vectors: Tensor, k: int) -> Tensor:
    """See the stub."""
    if k < 0 and (values == 0).any():
        raise ValueError("a matrix with an eigenvalue 0 has no inverse")
    return _assemble(values**k, vectors)


def exponential(values: Tensor, vectors: Tensor, t: float) -> Tensor:
    """See the stub."""
    return _assemble((t * values).exp(), vectors)


def in_basis(a: Tensor, basis: Tensor) -> Tensor:
    """See the stub."""
    return torch.linalg.solve(basis, a @ basis)


def characteristic_polynomial(values: Tensor) -> Tensor:
    """See the stub."""
    coefficients = values.new_zeros(len(values) + 1)
    coefficients[0] = 1
    for value in values:
        coefficients[1:] = coefficients[1:] - value * coefficients[:-1]
    return coefficients


def trace_and_determinant(polynomial: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n = len(polynomial) - 1
    return -polynomial[1], (-1) ** n * polynomial[-1]


def eigenvalues_after(values: Tensor, operations: list[tuple[str, float]]) -> Tensor:
    """See the stub."""
    for name, c in operations:
        if name == "add":
            values = values + c
        elif name == "scale":
            values = c * values
        elif name == "power":
            values = values**c
        elif name == "exp":
            values = (c * values).exp()
        elif name == "inverse":
            values = 1 / values
    return values.clone()
