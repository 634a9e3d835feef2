"""NumPy's decomposition, term by term; dot products of columns one at a time."""

import numpy as np
import torch
from torch import Tensor


def terms_of(w: Tensor) -> list[tuple[float, Tensor]]:
    """Each singular value, and the matrix u · vᵀ that belongs to it."""
    u, s, vh = np.linalg.svd(w.detach().numpy(), full_matrices=False)
    return [(s[i].item(), torch.from_numpy(np.outer(u[:, i], vh[i]))) for i in range(len(s))]


def nuclear_norm(w: Tensor) -> Tensor:
    """See the stub."""
    return torch.tensor(sum(s for s, _ in terms_of(w)), dtype=w.dtype)


def nuclear_norm_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """See the stub."""
    result, terms = torch.zeros_like(w), terms_of(w)
    for s, direction in terms:
        if s > 1e-6 * terms[0][0]:
            result = result + grad_output * direction
    return result


def orthogonality(w: Tensor) -> Tensor:
    """See the stub."""
    vectors = w.unbind(1) if w.shape[0] >= w.shape[1] else w.unbind(0)
    total = torch.zeros((), dtype=w.dtype)
    for i, a in enumerate(vectors):
        for j, b in enumerate(vectors):
            total = total + (torch.dot(a, b) - float(i == j)) ** 2
    return total


def orthogonality_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """See the stub: the same in singular values, Σ (s² − 1)², whose slope is 4 · s · (s² − 1)."""
    return grad_output * sum(4 * s * (s * s - 1) * direction for s, direction in terms_of(w))


def shrink(w: Tensor, amount: float) -> Tensor:
    """See the stub."""
    return sum((max(s - amount, 0.0) * direction for s, direction in terms_of(w)), torch.zeros_like(w))


def clip(w: Tensor, most: float) -> Tensor:
    """See the stub: what is too much is taken away."""
    return w - shrink(w, most)


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, strength: float) -> Tensor:
    """See the stub."""
    return shrink(torch.sub(w, grad, alpha=lr), strength * lr)
