"""Every batch spelled out by expanding both factors; einsum; then one sum over the repeated axes."""

import torch
from torch import Tensor


def matmul_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    left = a[None, :] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    batch = torch.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    upstream = grad_output.reshape(*batch, left.shape[-2], right.shape[-1])
    grad_a = torch.einsum("...mn,...kn->...mk", upstream, right.expand(*batch, *right.shape[-2:]))
    grad_b = torch.einsum("...mk,...mn->...kn", left.expand(*batch, *left.shape[-2:]), upstream)
    return _collect(grad_a, left.shape).reshape(a.shape), _collect(grad_b, right.shape).reshape(b.shape)


def _collect(grad: Tensor, shape: torch.Size) -> Tensor:
    lent = grad.ndim - len(shape)
    axes = [*range(lent), *(lent + axis for axis, size in enumerate(shape) if size == 1)]
    return grad.sum(dim=axes).reshape(shape) if axes else grad
