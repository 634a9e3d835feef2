"""One matrix of the batch after another, added to the matrices that it was made from."""

import numpy as np
import torch
from torch import Tensor


def matmul_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    left = a.numpy()[None, :] if a.dim() == 1 else a.numpy()
    right = b.numpy()[:, None] if b.dim() == 1 else b.numpy()
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    upstream = grad_output.numpy().reshape(*batch, left.shape[-2], right.shape[-1])
    grad_a, grad_b = np.zeros_like(left), np.zeros_like(right)
    for index in np.ndindex(*batch):
        mine, other = _own(index, left.shape[:-2]), _own(index, right.shape[:-2])
        grad_a[mine] += upstream[index] @ right[other].T
        grad_b[other] += left[mine].T @ upstream[index]
    return torch.from_numpy(grad_a.reshape(a.shape)), torch.from_numpy(grad_b.reshape(b.shape))


def _own(index: tuple[int, ...], batch: tuple[int, ...]) -> tuple[int, ...]:
    last = index[len(index) - len(batch) :]
    return tuple(0 if size == 1 else i for i, size in zip(last, batch, strict=True))
