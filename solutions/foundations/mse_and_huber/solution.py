"""One loss for each element, then the reduction; backward in the opposite order."""

import torch
from torch import Tensor


def _reduce(losses: Tensor, reduction: str) -> Tensor:
    return {"mean": losses.mean, "sum": losses.sum, "none": losses.clone}[reduction]()


def _spread(grad_output: Tensor, count: int, reduction: str) -> Tensor:
    return grad_output / count if reduction == "mean" else grad_output


def _residual(input: Tensor, target: Tensor) -> Tensor:
    if input.shape != target.shape:
        raise ValueError(f"input has shape {tuple(input.shape)}, target {tuple(target.shape)}")
    return input - target


def mse_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """See the stub."""
    return _reduce(_residual(input, target) ** 2, reduction)


def huber_loss(input: Tensor, target: Tensor, delta: float = 1.0, reduction: str = "mean") -> Tensor:
    """See the stub."""
    size = _residual(input, target).abs()
    losses = torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    return _reduce(losses, reduction)


def mse_loss_backward(grad_output: Tensor, input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """See the stub."""
    return _spread(grad_output, input.numel(), reduction) * 2 * (input - target)


def huber_loss_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, delta: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    slope = (input - target).clamp(-delta, delta)
    return _spread(grad_output, input.numel(), reduction) * slope
