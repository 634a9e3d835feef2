"""Through torch's own second derivatives where allowed, sample by sample where a formula is asked for."""

from collections.abc import Callable

import torch
from torch import Tensor


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    leaf = x.detach().requires_grad_()
    f(leaf).backward(create_graph=True)
    gradient, leaf.grad = leaf.grad, None
    if gradient is None or not gradient.requires_grad:
        leaf.requires_grad_(False)
        return torch.zeros_like(x)
    (gradient.flatten() @ v.flatten()).backward()
    product = torch.zeros_like(x) if leaf.grad is None else leaf.grad.detach()
    leaf.requires_grad_(False)
    return product


def hvp_by_differences(gradient: Callable[[Tensor], Tensor], x: Tensor, v: Tensor, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    norm = torch.linalg.vector_norm(v)
    unit = v / norm if norm > 0 else v
    return norm * (gradient(x + eps * unit) - gradient(x - eps * unit)) / eps / 2


def logistic_hvp(v: Tensor, w: Tensor, x: Tensor, l2: float) -> Tensor:
    """See the stub."""
    result = l2 * v
    for sample in x:
        s = 1 / (1 + torch.exp(-(sample @ w)))
        result = result + s * (1 - s) * (sample @ v) * sample / len(x)
    return result


def newton_step(w: Tensor, x: Tensor, y: Tensor, l2: float) -> Tensor:
    """Conjugate gradients need nothing of H but its products."""
    residual = l2 * w
    for sample, label in zip(x, y, strict=True):
        residual = residual + (1 / (1 + torch.exp(-(sample @ w))) - label) * sample / len(x)
    step, direction = torch.zeros_like(w), residual
    enough = torch.finfo(w.dtype).eps ** 2 * (residual @ residual)
    for _ in range(3 * len(w)):
        size = residual @ residual
        if size <= enough:
            break
        product = logistic_hvp(direction, w, x, l2)
        share = size / (direction @ product)
        step, residual = step + share * direction, residual - share * product
        direction = residual + (residual @ residual) / size * direction
    return w - step
