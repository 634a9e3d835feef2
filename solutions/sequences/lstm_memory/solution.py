import math

import torch
from torch import Tensor


def cell_gradient(forget_gates: Tensor) -> Tensor:
    later = torch.cat([forget_gates[1:], torch.ones_like(forget_gates[:1])])
    return later.flip(0).cumprod(0).flip(0)


def _run(x, weight_x, weight_h, bias, held=None):
    """What every step computed: its gates, the cell before it and after it, and the new h."""
    h = c = x.new_zeros(len(weight_h))
    steps = []
    for row in x:
        a_i, a_f, a_g, a_o = (row @ weight_x + h @ weight_h + bias).chunk(4)
        gates = {"input": torch.sigmoid(a_i), "forget": torch.sigmoid(a_f), "output": torch.sigmoid(a_o)}
        if held:
            gates[held[0]] = torch.full_like(a_i, held[1])
        i, f, o = gates.values()
        g = torch.tanh(a_g)
        before, c = c, f * c + i * g
        h = o * torch.tanh(c)
        steps.append((i, f, g, o, before, c, h))
    return steps


def gradient_norms(x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, grad_h: Tensor) -> Tensor:
    grad_c = torch.zeros_like(grad_h)
    norms = []
    for i, f, g, o, before, c, _ in reversed(_run(x, weight_x, weight_h, bias)):
        squashed = torch.tanh(c)
        grad_c = grad_c + grad_h * o * (1 - squashed**2)
        norms.append(torch.stack([grad_h.norm(), grad_c.norm()]))
        grad_i, grad_f = grad_c * g * i * (1 - i), grad_c * before * f * (1 - f)
        grad_g, grad_o = grad_c * i * (1 - g**2), grad_h * squashed * o * (1 - o)
        grad_h = weight_h @ torch.cat([grad_i, grad_f, grad_g, grad_o])
        grad_c = grad_c * f
    return torch.stack(norms[::-1])


def forget_bias(half_life: float) -> float:
    return -math.log(math.expm1(math.log(2) / half_life))


def latch() -> tuple[Tensor, Tensor, Tensor]:
    sharp = 40.0
    weight_x = torch.zeros(3, 4, dtype=torch.float64)
    weight_x[1, 0], weight_x[1, 1] = 2 * sharp, -2 * sharp
    weight_x[0, 2] = 1.0
    weight_x[2, 3] = 2 * sharp
    bias = torch.tensor([-sharp, sharp, 0.0, -sharp], dtype=torch.float64)
    return weight_x, torch.zeros(1, 4, dtype=torch.float64), bias


def counter() -> tuple[Tensor, Tensor, Tensor]:
    sharp = 40.0
    weight_x = torch.zeros(2, 4, dtype=torch.float64)
    weight_x[0, 0], weight_x[1, 0] = 2 * sharp, -2 * sharp
    weight_x[1, 1] = -2 * sharp
    bias = torch.tensor([-sharp, sharp, sharp, 0.0], dtype=torch.float64)
    return weight_x, torch.zeros(1, 4, dtype=torch.float64), bias


def states_with(
    x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, gate: str, value: float
) -> tuple[Tensor, Tensor]:
    if gate not in ("input", "forget", "output"):
        raise ValueError(f"there is no gate {gate!r}")
    steps = _run(x, weight_x, weight_h, bias, (gate, value))
    return torch.stack([step[-1] for step in steps]), torch.stack([step[-2] for step in steps])
