"""Modified Gram–Schmidt: as soon as a direction is known, it is taken off all columns that are left."""

import torch
from torch import Tensor


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    m, n = a.shape
    if m < n:
        raise ValueError(f"{n} columns in {m} dimensions can't be independent")
    q, r = a.clone(), a.new_zeros(n, n)
    for k in range(n):
        r[k, k] = q[:, k].norm()
        if r[k, k] == 0:
            raise ValueError(f"column {k} depends on those before it")
        q[:, k] /= r[k, k]
        r[k, k + 1 :] = q[:, k] @ q[:, k + 1 :]
        q[:, k + 1 :] -= torch.outer(q[:, k], r[k, k + 1 :])
    return q, r


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    q, r = qr(a)
    right = q.T @ b
    x = torch.zeros_like(right)
    for k in reversed(range(len(x))):
        x[k] = (right[k] - r[k, k + 1 :] @ x[k + 1 :]) / r[k, k]
    return x


def project(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    q, _ = qr(a)
    return q @ (q.T @ b)
