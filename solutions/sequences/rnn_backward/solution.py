import torch
from torch import Tensor


def rnn_forward(x: Tensor, h0: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor) -> Tensor:
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ weight_x + h @ weight_h + bias)
        states.append(h)
    return torch.stack(states, dim=1)


def rnn_backward(
    grad_output: Tensor,
    x: Tensor,
    h0: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    bias: Tensor,
    output: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    grad_x = torch.zeros_like(x)
    grad_weight_x, grad_weight_h = torch.zeros_like(weight_x), torch.zeros_like(weight_h)
    grad_bias = torch.zeros_like(bias)
    grad_h = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        before = output[:, t - 1] if t > 0 else h0
        grad_h = grad_output[:, t] + grad_h
        grad_sum = grad_h * (1 - output[:, t] ** 2)
        grad_x[:, t] = grad_sum @ weight_x.T
        grad_weight_x += x[:, t].T @ grad_sum
        grad_weight_h += before.T @ grad_sum
        grad_bias += grad_sum.sum(dim=0)
        grad_h = grad_sum @ weight_h.T
    return grad_x, grad_h, grad_weight_x, grad_weight_h, grad_bias
