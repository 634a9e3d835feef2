"""The decomposition, something done to its singular values, and back."""

import torch
from torch import Tensor


def nuclear_norm(w: Tensor) -> Tensor:
    """See the stub."""
    return torch.linalg.svdvals(w).sum()


def nuclear_norm_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    slope = (s > 1e-6 * s[0]).to(w.dtype)
    return grad_output * (u * slope @ vh)


def gram(w: Tensor) -> Tensor:
    """The dot products of columns or rows, less the identity."""
    small = w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T
    return small - torch.eye(len(small), dtype=w.dtype)


def orthogonality(w: Tensor) -> Tensor:
    """See the stub."""
    return gram(w).square().sum()


def orthogonality_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """See the stub."""
    error = gram(w)
    return grad_output * 4 * (w @ error if w.shape[0] >= w.shape[1] else error @ w)


def shrink(w: Tensor, amount: float) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    return u * (s - amount).clamp(min=0) @ vh


def clip(w: Tensor, most: float) -> Tensor:
    """See the stub."""
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    return u * s.clamp(max=most) @ vh


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, strength: float) -> Tensor:
    """See the stub."""
    return shrink(w - lr * grad, lr * strength)
