"""First by how much each margin is missed, then the power, then the reduction."""

import torch
from torch import Tensor


def hinge_loss(scores: Tensor, labels: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean") -> Tensor:
    """See the stub."""
    return _reduce(_missed(scores, labels, margin) ** p, reduction)


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
    slope = -labels * _power_slope(_missed(scores, labels, margin), p)
    return _share(grad_output, scores.numel(), reduction) * slope


def multi_margin_loss(
    scores: Tensor, targets: Tensor, *, margin: float = 1.0, p: int = 1, reduction: str = "mean"
) -> Tensor:
    """See the stub."""
    losses = (_missed_by_class(scores, targets, margin) ** p).sum(dim=1) / scores.shape[1]
    return _reduce(losses, reduction)


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
    slope = _power_slope(_missed_by_class(scores, targets, margin), p) / scores.shape[1]
    slope[torch.arange(len(targets)), targets] = -slope.sum(dim=1)
    upstream = _share(grad_output, len(scores), reduction)
    return slope * (upstream.unsqueeze(1) if reduction == "none" else upstream)


def _missed(scores: Tensor, labels: Tensor, margin: float) -> Tensor:
    if not ((labels == 1) | (labels == -1)).all():
        raise ValueError("labels have to be -1 or 1")
    return (margin - labels * scores).clamp(min=0)


def _missed_by_class(scores: Tensor, targets: Tensor, margin: float) -> Tensor:
    right = scores.gather(1, targets[:, None])
    missed = (margin - right + scores).clamp(min=0)
    missed[torch.arange(len(targets)), targets] = 0
    return missed


def _power_slope(missed: Tensor, p: int) -> Tensor:
    return (missed > 0).to(missed.dtype) if p == 1 else 2 * missed


def _reduce(losses: Tensor, reduction: str) -> Tensor:
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.mean()


def _share(grad_output: Tensor, count: int, reduction: str) -> Tensor:
    return grad_output / count if reduction == "mean" else grad_output
