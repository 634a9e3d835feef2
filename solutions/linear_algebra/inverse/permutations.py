"""The determinant as a sum over permutations, and elimination on lists."""

from itertools import permutations

import torch
from torch import Tensor


def inverse(a: Tensor) -> Tensor:
    """See the stub: a column of the identity at a time, downwards and then upwards."""
    if a.ndim != 2 or len(set(a.shape)) != 1:
        raise ValueError("not square")
    n = len(a)
    rows = [[*row, *(float(i == j) for j in range(n))] for i, row in enumerate(a.tolist())]
    for k in range(n):
        rows[k:] = sorted(rows[k:], key=lambda row: -abs(row[k]))
        if rows[k][k] == 0:
            raise ValueError("singular")
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    for k in reversed(range(n)):
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(k):
            rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return torch.tensor([row[n:] for row in rows], dtype=a.dtype)


def inverse_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """See the stub."""
    return -torch.einsum("ji,jk,lk->il", output, grad_output, output)


def adjugate(a: Tensor) -> Tensor:
    """See the stub: entry (j, i) is the determinant with row i replaced by a row of the identity."""
    result = torch.zeros_like(a)
    for i in range(len(a)):
        for j in range(len(a)):
            changed = a.clone()
            changed[i] = 0
            changed[i, j] = 1
            result[j, i] = determinant(changed)
    return result


def determinant(a: Tensor) -> Tensor:
    """See the stub."""
    rows, n = a.tolist(), len(a)
    total = 0 * rows[0][0]
    for order in permutations(range(n)):
        swapped = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        product = -1 if swapped % 2 else 1
        for i, j in enumerate(order):
            product = product * rows[i][j]
        total = total + product
    return torch.tensor(total, dtype=a.dtype)


def determinant_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return (grad_output * adjugate(a)).T.contiguous()


def log_det(a: Tensor) -> Tensor:
    """See the stub."""
    return torch.log(torch.abs(determinant(a)))


def log_det_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """See the stub."""
    return (inverse(a) * grad_output).mT.contiguous()


def solve(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    return (inverse(a) * b).sum(dim=1)


def solve_backward(grad_output: Tensor, a: Tensor, output: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_b = solve(a.T, grad_output)
    return -grad_b[:, None] * output[None, :], grad_b


def update_inverse(inverse_of_a: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    left = (inverse_of_a * u).sum(dim=1)
    right = (inverse_of_a * v[:, None]).sum(dim=0)
    room = 1 + (v * left).sum()
    if not room:
        raise ValueError("singular")
    return inverse_of_a - left[:, None] / room * right
