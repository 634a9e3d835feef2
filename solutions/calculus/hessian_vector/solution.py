"""The gradient of the number ∇f · v is Hv."""

from collections.abc import Callable

import torch
from torch import Tensor


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """See the stub."""
    leaf = x.detach().clone().requires_grad_()
    (grad,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    slope = (grad * v).sum()
    if not slope.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(slope, leaf)[0].detach()


def hvp_by_differences(gradient: Callable[[Tensor], Tensor], x: Tensor, v: Tensor, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    length = v.square().sum().sqrt().item()
    if length == 0:
        return torch.zeros_like(x)
    h = eps / length
    return (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)


def logistic_hvp(v: Tensor, w: Tensor, x: Tensor, l2: float) -> Tensor:
    """See the stub."""
    s = torch.sigmoid(x @ w)
    return x.T @ (s * (1 - s) * (x @ v)) / len(x) + l2 * v


def newton_step(w: Tensor, x: Tensor, y: Tensor, l2: float) -> Tensor:
    """See the stub."""
    grad = x.T @ (torch.sigmoid(x @ w) - y) / len(x) + l2 * w
    columns = [logistic_hvp(unit, w, x, l2) for unit in torch.eye(len(w), dtype=w.dtype)]
    return w - torch.linalg.solve(torch.stack(columns, dim=1), grad)
