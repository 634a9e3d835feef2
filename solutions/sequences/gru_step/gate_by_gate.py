"""Every gate by itself, and the new state as a step from the old one towards the candidate."""

import torch
from torch import Tensor


def gru_step(
    x: Tensor, h: Tensor, weight_x: Tensor, weight_h: Tensor, bias_x: Tensor, bias_h: Tensor
) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    size = h.shape[1]
    blocks = [slice(k * size, (k + 1) * size) for k in range(3)]
    u = [x @ weight_x[:, block] + bias_x[block] for block in blocks]
    v = [h @ weight_h[:, block] + bias_h[block] for block in blocks]
    r, z = (0.5 * (1 + torch.tanh(0.5 * (u[k] + v[k]))) for k in range(2))
    n = torch.tanh(u[2] + r * v[2])
    return torch.lerp(n, h, z), (r, z, n, v[2])


def gru_step_backward(
    grad_h: Tensor,
    x: Tensor,
    h: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    kept: tuple[Tensor, Tensor, Tensor, Tensor],
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    r, z, n, v_n = kept
    size = h.shape[1]
    candidate = grad_h * (1 - z) * (1 - n * n)
    reset = candidate * v_n * (r - r * r)
    update = grad_h * (h - n) * (z - z * z)
    grad_x, grad_h_before = torch.zeros_like(x), grad_h * z
    grad_weight_x, grad_weight_h = torch.zeros_like(weight_x), torch.zeros_like(weight_h)
    for k, (from_x, from_h) in enumerate([(reset, reset), (update, update), (candidate, candidate * r)]):
        block = slice(k * size, (k + 1) * size)
        grad_x += from_x @ weight_x[:, block].T
        grad_h_before = grad_h_before + from_h @ weight_h[:, block].T
        grad_weight_x[:, block] = x.T @ from_x
        grad_weight_h[:, block] = h.T @ from_h
    grad_bias_x = torch.cat([part.sum(dim=0) for part in (reset, update, candidate)])
    grad_bias_h = torch.cat([part.sum(dim=0) for part in (reset, update, candidate * r)])
    return grad_x, grad_h_before, grad_weight_x, grad_weight_h, grad_bias_x, grad_bias_h
