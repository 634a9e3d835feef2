"""Whole Jacobians of the pair (h, c), biases through logarithms of probabilities, weights written out as tables."""

import math

import torch
from torch import Tensor


def cell_gradient(forget_gates: Tensor) -> Tensor:
    rows = [torch.ones_like(forget_gates[-1])]
    for gates in reversed(forget_gates[1:].unbind()):
        rows.insert(0, rows[0] * gates)
    return torch.stack(rows)


def gradient_norms(x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, grad_h: Tensor) -> Tensor:
    size = len(grad_h)
    w_i, w_f, w_g, w_o = (part.T for part in weight_h.split(size, dim=1))
    h, c = x.new_zeros(size), x.new_zeros(size)
    jacobians, slopes = [], []
    for row in x:
        sums = (row @ weight_x + h @ weight_h + bias).reshape(4, size)
        (i, f, o), g = torch.sigmoid(sums[[0, 1, 3]]), torch.tanh(sums[2])
        new = f * c + i * g
        c_by_h = (g * i * (1 - i))[:, None] * w_i + (c * f * (1 - f))[:, None] * w_f + (i * (1 - g * g))[:, None] * w_g
        shown = torch.tanh(new)
        slope = o * (1 - shown * shown)
        h_by_h = slope[:, None] * c_by_h + (shown * o * (1 - o))[:, None] * w_o
        upper = torch.cat([h_by_h, torch.diag(slope * f)], dim=1)
        lower = torch.cat([c_by_h, torch.diag(f)], dim=1)
        jacobians.append(torch.cat([upper, lower]))
        slopes.append(slope)
        h, c = o * shown, new
    out = x.new_zeros(len(x), 2)
    both = torch.cat([grad_h, torch.zeros_like(grad_h)])
    for t in range(len(x) - 1, -1, -1):
        of_h, of_c = both[:size], both[size:]
        out[t, 0] = of_h.square().sum().sqrt()
        out[t, 1] = (of_c + of_h * slopes[t]).square().sum().sqrt()
        both = both @ jacobians[t]
    return out


def forget_bias(half_life: float) -> float:
    log_f = -math.log(2.0) / half_life
    return log_f - math.log(-math.expm1(log_f))


def latch() -> tuple[Tensor, Tensor, Tensor]:
    weight_x = [[0.0, 0.0, 1.0, 0.0], [30.0, -30.0, 0.0, 0.0], [0.0, 0.0, 0.0, 30.0]]
    bias = [-15.0, 15.0, 0.0, -15.0]
    kinds = {"dtype": torch.float64}
    return torch.tensor(weight_x, **kinds), torch.zeros(1, 4, **kinds), torch.tensor(bias, **kinds)


def counter() -> tuple[Tensor, Tensor, Tensor]:
    weight_x = [[30.0, 0.0, 0.0, 0.0], [-90.0, -50.0, 0.0, 3.0]]
    bias = [-15.0, 25.0, 20.0, 1.0]
    kinds = {"dtype": torch.float64}
    return torch.tensor(weight_x, **kinds), torch.zeros(1, 4, **kinds), torch.tensor(bias, **kinds)


def states_with(
    x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, gate: str, value: float
) -> tuple[Tensor, Tensor]:
    place = {"input": 0, "forget": 1, "output": 3}.get(gate)
    if place is None:
        raise ValueError(gate)
    size = weight_h.shape[0]
    hs, cs = x.new_zeros(len(x) + 1, size), x.new_zeros(len(x) + 1, size)
    for t in range(len(x)):
        sums = (x[t] @ weight_x + hs[t] @ weight_h + bias).reshape(4, size)
        gates = torch.sigmoid(sums)
        gates[2] = torch.tanh(sums[2])
        gates[place] = value
        cs[t + 1] = gates[1] * cs[t] + gates[0] * gates[2]
        hs[t + 1] = gates[3] * torch.tanh(cs[t + 1])
    return hs[1:], cs[1:]
