"""Through log-softmax, log-sigmoid, logaddexp and one-hot targets."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

REDUCE = {"mean": torch.mean, "sum": torch.sum, "none": lambda losses: losses}


class GELU(nn.Module):
    """See the stub."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        if self.approximate == "none":
            return x * torch.special.ndtr(x)
        return x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


class Softplus(nn.Module):
    """See the stub."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        zero = torch.zeros((), dtype=x.dtype)
        return torch.where(x * self.beta > self.threshold, x, torch.logaddexp(self.beta * x, zero) / self.beta)


class CrossEntropy(nn.Module):
    """See the stub."""

    weight: Tensor | None

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
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """See the stub."""
        classes = logits.shape[1]
        flat = logits.movedim(1, -1).reshape(-1, classes).log_softmax(-1)
        labels = targets.reshape(-1)
        kept = labels != self.ignore_index
        weight = torch.ones(classes, dtype=flat.dtype) if self.weight is None else self.weight
        hot = F.one_hot(labels.where(kept, 0), classes).to(flat.dtype) * kept[:, None]
        even = kept[:, None].to(flat.dtype) * self.label_smoothing / classes
        soft = (1 - self.label_smoothing) * hot + even
        losses = -(soft * weight * flat).sum(-1)
        if self.reduction == "mean":
            return losses.sum() / (hot @ weight).sum()
        return REDUCE[self.reduction](losses.reshape(targets.shape))


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
        yes, no = F.logsigmoid(logits), F.logsigmoid(-logits)
        if self.pos_weight is not None:
            yes = self.pos_weight * yes
        losses = -(targets * yes + (1 - targets) * no)
        return REDUCE[self.reduction](losses if self.weight is None else self.weight * losses)


class KLDivergence(nn.Module):
    """See the stub."""

    def __init__(self, reduction: str = "batchmean", *, log_target: bool = False) -> None:
        super().__init__()
        self.reduction, self.log_target = reduction, log_target

    def forward(self, log_q: Tensor, p: Tensor) -> Tensor:
        """See the stub."""
        if self.log_target:
            losses = torch.exp(p) * p - torch.exp(p) * log_q
        else:
            losses = torch.where(p > 0, p * (torch.where(p > 0, p, 1.0).log() - log_q), 0.0)
        return losses.sum() / log_q.shape[0] if self.reduction == "batchmean" else REDUCE[self.reduction](losses)
