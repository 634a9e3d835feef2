import torch
from torch import Tensor


def state_jacobian(weight_h: Tensor, h: Tensor) -> Tensor:
    return (1 - h**2)[:, None] * weight_h.T


def gradient_norms(weight_h: Tensor, states: Tensor, grad: Tensor) -> Tensor:
    norms = [grad.norm()]
    for t in range(len(states) - 1, 0, -1):
        grad = grad @ state_jacobian(weight_h, states[t])
        norms.append(grad.norm())
    return torch.stack(norms[::-1])


def scale_to_radius(weight_h: Tensor, radius: float) -> Tensor:
    return weight_h * (radius / torch.linalg.eigvals(weight_h).abs().max())


def truncated_grad_weight_h(grads: Tensor, states: Tensor, h0: Tensor, weight_h: Tensor, steps: int) -> Tensor:
    before = torch.cat([h0[None], states[:-1]])
    total = torch.zeros_like(weight_h)
    for t in range(len(states)):
        grad = grads[t]
        for s in range(t, max(t - steps, -1), -1):
            grad_sum = grad * (1 - states[s] ** 2)
            total += torch.outer(before[s], grad_sum)
            grad = weight_h @ grad_sum
    return total
