"""Every gate by itself, with weights of its own, and the sigmoid written out."""

import torch
from torch import Tensor


def _sigmoid(a: Tensor) -> Tensor:
    return 0.5 * (1 + torch.tanh(0.5 * a))


def lstm_step(
    x: Tensor, h: Tensor, c: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    size = h.shape[1]
    gates = []
    for number, squash in enumerate((_sigmoid, _sigmoid, torch.tanh, _sigmoid)):
        part = slice(number * size, (number + 1) * size)
        gates.append(squash(x @ weight_x[:, part] + h @ weight_h[:, part] + bias[part]))
    i, f, g, o = gates
    c_new = f * c + i * g
    return o * torch.tanh(c_new), c_new, (i, f, g, o)


def lstm_step_backward(
    grad_h: Tensor,
    grad_c: Tensor,
    x: Tensor,
    h: Tensor,
    c: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    gates: tuple[Tensor, Tensor, Tensor, Tensor],
    c_new: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    i, f, g, o = gates
    size = h.shape[1]
    whole = grad_c + grad_h * o / torch.cosh(c_new) ** 2
    parts = [whole * g * (i - i * i), whole * c * (f - f * f), whole * i * (1 - g * g)]
    parts.append(grad_h * torch.tanh(c_new) * (o - o * o))
    grad_x, grad_h_before = torch.zeros_like(x), torch.zeros_like(h)
    grad_weight_x, grad_weight_h = torch.zeros_like(weight_x), torch.zeros_like(weight_h)
    grad_bias = []
    for number, part in enumerate(parts):
        block = slice(number * size, (number + 1) * size)
        grad_x += part @ weight_x[:, block].T
        grad_h_before += part @ weight_h[:, block].T
        grad_weight_x[:, block] = x.T @ part
        grad_weight_h[:, block] = h.T @ part
        grad_bias.append(part.sum(dim=0))
    return grad_x, grad_h_before, whole * f, grad_weight_x, grad_weight_h, torch.cat(grad_bias)
