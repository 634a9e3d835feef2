"""One sample and one class at a time."""

import torch
from torch import Tensor


def hinge_loss(scores: Tensor, labels: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean") -> Tensor:
    """See the stub."""
    numbers = [max(0.0, margin - y * s) ** p for s, y in _pairs(scores, labels)]
    losses = torch.tensor(numbers, dtype=scores.dtype).reshape(scores.shape)
    return {"none": losses.clone, "sum": losses.sum, "mean": losses.mean}[reduction]()


def hinge_loss_backward(
    grad_output: Tensor,
    scores: Tensor,
    labels: Tensor,
    *,
    margin: float = 1.0,
    p: int = 1,
    reduction: str = "mean",
) -> Tensor:
    """See the stub."""
    slopes = []
    for s, y in _pairs(scores, labels):
        missed = margin - y * s
        slopes.append(0.0 if missed <= 0 else -y * p * missed ** (p - 1))
    each = grad_output / scores.numel() if reduction == "mean" else grad_output
    return each * torch.tensor(slopes, dtype=scores.dtype).reshape(scores.shape)


def multi_margin_loss(
    scores: Tensor, targets: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    losses = scores.new_zeros(len(scores))
    for n, t in enumerate(targets.tolist()):
        for c in range(scores.shape[1]):
            missed = margin - scores[n, t] + scores[n, c]
            if c != t and missed > 0:
                losses[n] += missed**p / scores.shape[1]
    return {"none": losses.clone, "sum": losses.sum, "mean": losses.mean}[reduction]()


def multi_margin_loss_backward(
    grad_output: Tensor,
    scores: Tensor,
    targets: Tensor,
    *,
    margin: float = 1.0,
    p: int = 1,
    reduction: str = "mean",
) -> Tensor:
    """See the stub."""
    samples, count = scores.shape
    upstream = grad_output.expand(samples) / (samples if reduction == "mean" else 1)
    grad = torch.zeros_like(scores)
    for n, t in enumerate(targets.tolist()):
        for c in range(count):
            missed = margin - scores[n, t] + scores[n, c]
            if c != t and missed > 0:
                pull = upstream[n] * p * missed ** (p - 1) / count
                grad[n, c] += pull
                grad[n, t] -= pull
    return grad


def _pairs(scores: Tensor, labels: Tensor) -> list[tuple[float, float]]:
    pairs = list(zip(scores.flatten().tolist(), labels.flatten().tolist(), strict=True))
    if any(label not in (-1.0, 1.0) for _, label in pairs):
        raise ValueError("labels are -1 or 1")
    return pairs
