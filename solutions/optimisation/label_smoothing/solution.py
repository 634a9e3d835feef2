"""Smoothed targets as a matrix; log-softmax with the row's maximum taken out."""

import torch
from torch import Tensor


def smooth_targets(targets: Tensor, classes: int, *, smoothing: float) -> Tensor:
    """See the stub."""
    one_hot = (targets[:, None] == torch.arange(classes)).double()
    return (1 - smoothing) * one_hot + smoothing / classes


def _log_softmax(logits: Tensor) -> Tensor:
    shifted = logits - logits.max(dim=1, keepdim=True).values
    return shifted - torch.log(torch.exp(shifted).sum(dim=1, keepdim=True))


def smoothed_cross_entropy(logits: Tensor, targets: Tensor, *, smoothing: float) -> Tensor:
    """See the stub."""
    wanted = smooth_targets(targets, logits.shape[1], smoothing=smoothing).to(logits.dtype)
    return -(wanted * _log_softmax(logits)).sum(dim=1).mean()


def smoothed_cross_entropy_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, *, smoothing: float
) -> Tensor:
    """See the stub."""
    target = smooth_targets(targets, logits.shape[1], smoothing=smoothing).to(logits.dtype)
    return grad_output * (torch.exp(_log_softmax(logits)) - target) / logits.shape[0]


def distillation_loss(
    logits: Tensor, teacher_logits: Tensor, targets: Tensor, *, temperature: float, alpha: float
) -> Tensor:
    """See the stub."""
    soft = _log_softmax(teacher_logits / temperature)
    own = _log_softmax(logits / temperature)
    apart = (torch.exp(soft) * (soft - own)).sum(1).mean()
    hard = smoothed_cross_entropy(logits, targets, smoothing=0.0)
    return alpha * temperature**2 * apart + (1 - alpha) * hard


def distillation_loss_backward(
    grad_output: Tensor,
    logits: Tensor,
    teacher_logits: Tensor,
    targets: Tensor,
    *,
    temperature: float,
    alpha: float,
) -> Tensor:
    """See the stub."""
    soft = torch.exp(_log_softmax(teacher_logits / temperature))
    own = torch.exp(_log_softmax(logits / temperature))
    apart = grad_output * temperature * (own - soft) / len(logits)
    hard = smoothed_cross_entropy_backward(grad_output, logits, targets, smoothing=0.0)
    return alpha * apart + (1 - alpha) * hard
