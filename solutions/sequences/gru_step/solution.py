import torch
from torch import Tensor


def gru_step(
    x: Tensor, h: Tensor, weight_x: Tensor, weight_h: Tensor, bias_x: Tensor, bias_h: Tensor
) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    u_r, u_z, u_n = (x @ weight_x + bias_x).chunk(3, dim=1)
    v_r, v_z, v_n = (h @ weight_h + bias_h).chunk(3, dim=1)
    r, z = torch.sigmoid(u_r + v_r), torch.sigmoid(u_z + v_z)
    n = torch.tanh(u_n + r * v_n)
    return (1 - z) * n + z * h, (r, z, n, v_n)


def gru_step_backward(
    grad_h: Tensor,
    x: Tensor,
    h: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    kept: tuple[Tensor, Tensor, Tensor, Tensor],
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    r, z, n, v_n = kept
    grad_n = grad_h * (1 - z) * (1 - n**2)
    grad_z = grad_h * (h - n) * z * (1 - z)
    grad_r = grad_n * v_n * r * (1 - r)
    grad_u = torch.cat([grad_r, grad_z, grad_n], dim=1)
    grad_v = torch.cat([grad_r, grad_z, grad_n * r], dim=1)
    grad_h_before = grad_h * z + grad_v @ weight_h.T
    return grad_u @ weight_x.T, grad_h_before, x.T @ grad_u, h.T @ grad_v, grad_u.sum(dim=0), grad_v.sum(dim=0)
