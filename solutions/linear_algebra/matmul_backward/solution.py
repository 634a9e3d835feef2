"""Make both factors matrices, differentiate, and undo what was lent or repeated."""

import torch
from torch import Tensor


def matmul_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    left = a.unsqueeze(0) if a.dim() == 1 else a
    right = b.unsqueeze(1) if b.dim() == 1 else b
    upstream = grad_output.unsqueeze(-1) if b.dim() == 1 else grad_output
    upstream = upstream.unsqueeze(-2) if a.dim() == 1 else upstream
    grad_a = _sum_to(torch.matmul(upstream, right.mT), left.shape)
    grad_b = _sum_to(torch.matmul(left.mT, upstream), right.shape)
    grad_a = grad_a.squeeze(-2) if a.dim() == 1 else grad_a
    grad_b = grad_b.squeeze(-1) if b.dim() == 1 else grad_b
    return grad_a, grad_b


def _sum_to(grad: Tensor, shape: torch.Size) -> Tensor:
    while grad.dim() > len(shape):
        grad = grad.sum(dim=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim=axis, keepdim=True)
    return grad
