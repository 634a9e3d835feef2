"""Whole Jacobians multiplied, and all losses of one distance at once."""

import torch
from torch import Tensor


def state_jacobian(weight_h: Tensor, h: Tensor) -> Tensor:
    return torch.diag(1 - h * h) @ weight_h.T


def gradient_norms(weight_h: Tensor, states: Tensor, grad: Tensor) -> Tensor:
    product = torch.eye(len(grad), dtype=grad.dtype)
    norms = torch.empty(len(states), dtype=grad.dtype)
    for t in reversed(range(len(states))):
        norms[t] = torch.linalg.vector_norm(product.T @ grad)
        product = product @ state_jacobian(weight_h, states[t])
    return norms


def scale_to_radius(weight_h: Tensor, radius: float) -> Tensor:
    values = torch.linalg.eigvals(weight_h)
    largest = (values.real**2 + values.imag**2).max().sqrt()
    return weight_h / largest * radius


def truncated_grad_weight_h(grads: Tensor, states: Tensor, h0: Tensor, weight_h: Tensor, steps: int) -> Tensor:
    before = torch.cat([h0[None], states[:-1]])
    slope = 1 - states**2
    sums = torch.zeros_like(states)
    sent = grads
    for _distance in range(min(steps, len(states))):
        sent = sent * slope[: len(sent)]  # row s: from the loss at s + distance
        sums[: len(sent)] += sent
        sent = (sent @ weight_h.T)[1:]
    return before.T @ sums
