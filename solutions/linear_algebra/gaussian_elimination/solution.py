"""Forward elimination in place on a copy, then back substitution."""

import torch
from torch import Tensor


def _eliminate(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor, int]:
    """Upper triangular matrix, transformed right-hand sides, and the sign of the row exchanges (0 if singular)."""
    a, b, sign = a.clone(), b.clone(), 1
    n = len(a)
    for k in range(n):
        pivot = k + int(a[k:, k].abs().argmax())
        if a[pivot, k] == 0:
            return a, b, 0
        if pivot != k:
            a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
            sign = -sign
        factors = a[k + 1 :, k] / a[k, k]
        a[k + 1 :] -= factors[:, None] * a[k]
        b[k + 1 :] -= factors[:, None] * b[k]
    return a, b, sign


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    upper, right, sign = _eliminate(a, b.reshape(len(a), -1))
    if sign == 0:
        raise ValueError("the matrix is singular")
    x = torch.zeros_like(right)
    for k in reversed(range(len(a))):
        x[k] = (right[k] - upper[k, k + 1 :] @ x[k + 1 :]) / upper[k, k]
    return x.reshape(b.shape)


def inverse(a: Tensor) -> Tensor:
    """See the stub."""
    return solve(a, torch.eye(len(a), dtype=a.dtype))


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    upper, _, sign = _eliminate(a, a.new_zeros(len(a), 1))
    return sign * upper.diagonal().prod()
