"""Written for rows of vectors; Gram–Schmidt with ⟨·, ·⟩ in place of the dot product."""

import math

import torch
from torch import Tensor


def inner(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    return (x @ weight * y).sum(dim=-1)


def angle(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    lengths = inner(x, x, weight).sqrt() * inner(y, y, weight).sqrt()
    cosine = inner(x, y, weight) / lengths
    return cosine.clamp(-1, 1).acos()


def is_inner_product(weight: Tensor) -> bool:
    """See the stub: by elimination, whose pivots are all positive."""
    if not torch.equal(weight, weight.T):
        return False
    rest, tiny = weight.clone(), 1e-9 * weight.abs().max()
    for j in range(len(weight)):
        if not rest[j, j] > tiny:
            return False
        rest = rest - torch.outer(rest[:, j], rest[j]) / rest[j, j]
    return True


def orthonormalise(vectors: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    q = vectors.clone()
    for j in range(q.shape[1]):
        for i in range(j):
            q[:, j] -= inner(q[:, i], q[:, j], weight) * q[:, i]
        q[:, j] /= inner(q[:, j], q[:, j], weight).sqrt()
    return q


def project(v: Tensor, basis: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    q = orthonormalise(basis, weight)
    return q @ (q.T @ weight @ v)


def polynomial_weight(n: int) -> Tensor:
    """See the stub."""
    total = torch.arange(n)[:, None] + torch.arange(n)
    return torch.where(total % 2 == 0, 2 / (total + 1).double(), 0.0)


def p_norm(x: Tensor, p: float) -> Tensor:
    """See the stub."""
    size = x.abs()
    largest = size.amax(dim=-1, keepdim=True)
    if p == math.inf:
        return largest[..., 0]
    scaled = size / torch.where(largest == 0, 1.0, largest)
    return largest[..., 0] * (scaled**p).sum(dim=-1) ** (1 / p)


def parallelogram_gap(x: Tensor, y: Tensor, p: float) -> Tensor:
    """See the stub."""
    diagonals = p_norm(x + y, p) ** 2 + p_norm(x - y, p) ** 2
    return diagonals - 2 * p_norm(x, p) ** 2 - 2 * p_norm(y, p) ** 2
