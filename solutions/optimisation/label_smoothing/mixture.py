"""The loss as a mixture of two: that of the right class, and the mean over all classes."""

import torch
from torch import Tensor


def smooth_targets(targets: Tensor, classes: int, *, smoothing: float) -> Tensor:
    """See the stub."""
    rows = torch.full((len(targets), classes), smoothing / classes, dtype=torch.float64)
    rows[torch.arange(len(targets)), targets] += 1 - smoothing
    return rows


def smoothed_cross_entropy(logits: Tensor, targets: Tensor, *, smoothing: float) -> Tensor:
    """See the stub."""
    logs = torch.log_softmax(logits, dim=1)
    right = -logs[torch.arange(len(targets)), targets]
    return torch.lerp(right, -logs.mean(1), smoothing).mean()


def smoothed_cross_entropy_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, *, smoothing: float
) -> Tensor:
    """See the stub."""
    n, classes = logits.shape
    grad = torch.softmax(logits, dim=1) - smoothing / classes
    grad[torch.arange(n), targets] -= 1 - smoothing
    return grad * (grad_output / n)


def distillation_loss(
    logits: Tensor, teacher_logits: Tensor, targets: Tensor, *, temperature: float, alpha: float
) -> Tensor:
    """See the stub."""
    wanted = torch.softmax(teacher_logits / temperature, dim=1)
    ratio = torch.log_softmax(teacher_logits / temperature, dim=1) - torch.log_softmax(logits / temperature, dim=1)
    rows = torch.arange(len(targets))
    right = -torch.log_softmax(logits, dim=1)[rows, targets]
    return torch.lerp(right, torch.einsum("nc,nc->n", wanted, ratio) * temperature**2, alpha).mean()


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
    n = len(targets)
    hard = torch.softmax(logits, dim=1)
    hard[torch.arange(n), targets] -= 1
    soft = torch.softmax(logits / temperature, dim=1) - torch.softmax(teacher_logits / temperature, dim=1)
    return torch.lerp(hard, soft * temperature, alpha) * (grad_output / n)
