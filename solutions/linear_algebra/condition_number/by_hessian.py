"""Norms instead of singular values where that will do, back substitution by hand, and doubling for the steps."""

import torch
from torch import Tensor


def condition_number(a: Tensor) -> Tensor:
    """See the stub."""
    _, s, _ = torch.linalg.svd(a, full_matrices=False)
    return torch.where(s[-1] == 0, torch.inf, s[0] / s[-1])


def error_bound(a: Tensor, b: Tensor, delta_a: Tensor, delta_b: Tensor) -> Tensor:
    """See the stub."""
    inverse_size = torch.linalg.matrix_norm(torch.linalg.inv(a), 2)
    size, wrong = torch.linalg.matrix_norm(a, 2), torch.linalg.matrix_norm(delta_a, 2)
    beta = torch.linalg.vector_norm(delta_b) / torch.linalg.vector_norm(b)
    room = 1 - inverse_size * wrong
    return torch.where(room > 0, inverse_size * (wrong + size * beta) / room, torch.inf)


def worst_case(a: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    _, vectors = torch.linalg.eigh(a @ a.T)
    return vectors[:, -1].contiguous(), vectors[:, 0].contiguous()


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """See the stub."""
    q, r = torch.linalg.qr(a)
    rest, x = q.T @ b, torch.zeros_like(b[: a.shape[1]])
    for i in reversed(range(len(x))):
        x[i] = (rest[i] - r[i, i + 1 :] @ x[i + 1 :]) / r[i, i]
    return x


def descent_rate(x: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    hessian = x.T @ x + strength * torch.eye(x.shape[1], dtype=x.dtype)
    values = torch.linalg.eigvalsh(hessian)
    lr = 2 / (values[0] + values[-1])
    return lr, (1 - lr * values).abs().max()


def steps_needed(rate: float, goal: float) -> int:
    """See the stub."""
    if rate >= 1:
        raise ValueError("no number of steps is enough")
    enough = 1
    while rate**enough > goal:
        enough *= 2
    short = enough // 2
    while enough - short > 1:
        middle = (short + enough) // 2
        if rate**middle > goal:
            short = middle
        else:
            enough = middle
    return enough
