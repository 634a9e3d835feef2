"""Everything through the slope and the offset of each channel."""

import torch
from torch import Tensor


def _line(gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    slope = gamma * torch.rsqrt(var + eps)
    return slope, beta - slope * mean


def update_running(
    x: Tensor, running_mean: Tensor, running_var: Tensor, batches: int, *, momentum: float | None = 0.1
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    rows = x.transpose(0, 1).reshape(x.shape[1], -1)
    mean = rows.sum(1) / rows.shape[1]
    var = ((rows - mean[:, None]) ** 2).sum(1) / (rows.shape[1] - 1)
    if momentum is None:
        return (running_mean * batches + mean) / (batches + 1), (running_var * batches + var) / (batches + 1)
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, var, momentum)


def batchnorm_eval(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> Tensor:
    """See the stub."""
    slope, offset = _line(gamma, beta, running_mean, running_var, eps)
    return (x.movedim(1, -1) * slope + offset).movedim(-1, 1)


def batchnorm_eval_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    g, rows = (tensor.movedim(1, -1).reshape(-1, gamma.numel()) for tensor in (grad_output, x))
    root = torch.sqrt(running_var + eps)
    grad_x = (grad_output.movedim(1, -1) * (gamma / root)).movedim(-1, 1)
    return grad_x, (g * (rows - running_mean)).sum(0) / root, g.sum(0)


def fold(
    weight: Tensor,
    bias: Tensor | None,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    slope, offset = _line(gamma, beta, running_mean, running_var, eps)
    return torch.diag(slope) @ weight, offset if bias is None else offset + slope * bias
