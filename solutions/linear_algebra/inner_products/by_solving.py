"""einsum, Gram matrices and systems, in place of an orthonormal basis."""

import math

import torch
from torch import Tensor


def inner(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("...i,ij,...j->...", x, weight, y)


def angle(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """See the stub: half the angle from the difference and the sum of two vectors of length 1."""
    x = x / inner(x, x, weight).sqrt()[..., None]
    y = y / inner(y, y, weight).sqrt()[..., None]
    return 2 * torch.atan2(inner(x - y, x - y, weight).sqrt(), inner(x + y, x + y, weight).sqrt())


def is_inner_product(weight: Tensor) -> bool:
    """See the stub: by eigenvalues."""
    symmetric = bool((weight == weight.T).all())
    return symmetric and bool((torch.linalg.eigvalsh(weight) > 1e-9 * weight.abs().max()).all())


def orthonormalise(vectors: Tensor, weight: Tensor) -> Tensor:
    """See the stub: with vectorsᵀ · weight · vectors = L · Lᵀ, it is vectors · L⁻ᵀ."""
    lower = torch.linalg.cholesky(vectors.T @ weight @ vectors)
    return torch.linalg.solve(lower, vectors.T).T.contiguous()


def project(v: Tensor, basis: Tensor, weight: Tensor) -> Tensor:
    """See the stub: what is left is at right angles to every column."""
    return basis @ torch.linalg.solve(basis.T @ weight @ basis, basis.T @ weight @ v)


def polynomial_weight(n: int) -> Tensor:
    """See the stub."""
    rows = [[(1 - (-1) ** (i + j + 1)) / (i + j + 1) for j in range(n)] for i in range(n)]
    return torch.tensor(rows, dtype=torch.float64)


def p_norm(x: Tensor, p: float) -> Tensor:
    """See the stub: one vector at a time."""
    rows = x.reshape(-1, x.shape[-1]).tolist()
    norms = []
    for row in rows:
        top = max(abs(value) for value in row)
        if top == 0 or p == math.inf:
            norms.append(top)
        else:
            norms.append(top * math.fsum((abs(value) / top) ** p for value in row) ** (1 / p))
    return torch.tensor(norms, dtype=x.dtype).reshape(x.shape[:-1])


def parallelogram_gap(x: Tensor, y: Tensor, p: float) -> Tensor:
    """See the stub."""
    plus, minus, one, two = (p_norm(z, p) for z in (x + y, x - y, x, y))
    return plus.square() + minus.square() - 2 * (one.square() + two.square())
