"""Rows are true classes, columns predicted ones; all else is sums of the matrix."""

import torch
from torch import Tensor


def confusion_matrix(predicted: Tensor, targets: Tensor, classes: int) -> Tensor:
    """See the stub."""
    cells = targets * classes + predicted
    return torch.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: Tensor) -> float:
    """See the stub."""
    total = matrix.sum().item()
    return matrix.trace().item() / total if total else 0.0


def _share(part: Tensor, whole: Tensor) -> Tensor:
    return torch.where(whole > 0, part.double() / whole.clamp(min=1), 0.0)


def precision_recall_f1(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    right, predicted, true = matrix.diagonal(), matrix.sum(dim=0), matrix.sum(dim=1)
    return _share(right, predicted), _share(right, true), _share(2 * right, predicted + true)


def average_f1(matrix: Tensor, average: str) -> float:
    """See the stub."""
    if average == "macro":
        return precision_recall_f1(matrix)[2].mean().item()
    if average == "micro":
        return accuracy(matrix)
    raise ValueError(f"average is macro or micro, not {average!r}")
