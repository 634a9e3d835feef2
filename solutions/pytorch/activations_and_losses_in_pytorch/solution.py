"""The formulas, with every option; written so that nothing overflows, forwards or backwards."""

import math

import torch
from torch import Tensor, nn


def _reduce(losses: Tensor, reduction: str) -> Tensor:
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


class GELU(nn.Module):
    """See the stub."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        if self.approximate == "tanh":
            return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


class Softplus(nn.Module):
    """See the stub."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        scaled = self.beta * x
        straight = scaled > self.threshold
        curved = torch.log1p(torch.exp(scaled.masked_fill(straight, 0.0))) / self.beta
        return torch.where(straight, x, curved)


class CrossEntropy(nn.Module):
    """See the stub."""

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.ignore_index, self.reduction, self.label_smoothing = ignore_index, reduction, label_smoothing

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """See the stub."""
        log = logits - torch.logsumexp(logits, dim=1, keepdim=True)
        log = log.movedim(1, -1)
        weight = log.new_ones(log.shape[-1]) if self.weight is None else self.weight
        kept = targets != self.ignore_index
        safe = targets.masked_fill(~kept, 0)
        of_target = weight[safe] * kept
        right = -log.gather(-1, safe.unsqueeze(-1)).squeeze(-1) * of_target
        even = -(log * weight).mean(dim=-1) * kept
        losses = (1 - self.label_smoothing) * right + self.label_smoothing * even
        if self.reduction == "mean":
            return losses.sum() / of_target.sum()
        return _reduce(losses, self.reduction)


class BCEWithLogits(nn.Module):
    """See the stub."""

    def __init__(
        self, weight: Tensor | None = None, *, pos_weight: Tensor | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)
        self.reduction = reduction

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """See the stub."""
        positive = 1.0 if self.pos_weight is None else self.pos_weight
        tail = torch.log1p(torch.exp(-logits.abs()))
        losses = positive * targets * ((-logits).clamp(min=0) + tail) + (1 - targets) * (logits.clamp(min=0) + tail)
        if self.weight is not None:
            losses = losses * self.weight
        return _reduce(losses, self.reduction)


class KLDivergence(nn.Module):
    """See the stub."""

    def __init__(self, reduction: str = "batchmean", *, log_target: bool = False) -> None:
        super().__init__()
        self.reduction, self.log_target = reduction, log_target

    def forward(self, log_q: Tensor, p: Tensor) -> Tensor:
        """See the stub."""
        losses = p.exp() * (p - log_q) if self.log_target else torch.xlogy(p, p) - p * log_q
        if self.reduction == "batchmean":
            return losses.sum() / len(log_q)
        return _reduce(losses, self.reduction)
