"""The same process seen from a column: one projection after the other is taken off what is left of it."""

import torch
from torch import Tensor


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if a.shape[0] < a.shape[1]:
        raise ValueError("more columns than rows")
    basis: list[Tensor] = []
    r = torch.zeros(a.shape[1], a.shape[1], dtype=a.dtype)
    for k, column in enumerate(a.unbind(1)):
        rest = column.clone()
        for i, direction in enumerate(basis):
            r[i, k] = torch.dot(direction, rest)
            rest = rest - r[i, k] * direction
        r[k, k] = torch.dot(rest, rest).sqrt()
        if not r[k, k] > 0:
            raise ValueError("dependent columns")
        basis.append(rest / r[k, k])
    return torch.stack(basis, 1), r


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    q, r = qr(a)
    x = q.T @ b
    for k in range(len(x) - 1, -1, -1):
        x[k] = (x[k] - (r[k, k + 1 :] * x[k + 1 :]).sum()) / r[k, k]
    return x


def project(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return sum(torch.dot(direction, b) * direction for direction in qr(a)[0].unbind(1))
