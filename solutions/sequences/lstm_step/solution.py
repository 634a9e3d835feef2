import torch
from torch import Tensor


def lstm_step(
    x: Tensor, h: Tensor, c: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    a_i, a_f, a_g, a_o = (x @ weight_x + h @ weight_h + bias).chunk(4, dim=1)
    i, f, g, o = torch.sigmoid(a_i), torch.sigmoid(a_f), torch.tanh(a_g), torch.sigmoid(a_o)
    c_new = f * c + i * g
    h_new = o * torch.tanh(c_new)
    return h_new, c_new, (i, f, g, o)


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
    squashed = torch.tanh(c_new)
    grad_c = grad_c + grad_h * o * (1 - squashed**2)
    grad_a = torch.cat(
        [
            grad_c * g * i * (1 - i),
            grad_c * c * f * (1 - f),
            grad_c * i * (1 - g**2),
            grad_h * squashed * o * (1 - o),
        ],
        dim=1,
    )
    grad_c_before = grad_c * f
    return grad_a @ weight_x.T, grad_a @ weight_h.T, grad_c_before, x.T @ grad_a, h.T @ grad_a, grad_a.sum(dim=0)
