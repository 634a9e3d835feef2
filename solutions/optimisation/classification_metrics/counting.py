"""Plain Python: pairs are counted one by one, and every measure follows its definition."""

import torch
from torch import Tensor


def confusion_matrix(predicted: Tensor, targets: Tensor, classes: int) -> Tensor:
    """See the stub."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    for guess, truth in zip(predicted.tolist(), targets.tolist(), strict=True):
        matrix[truth, guess] += 1
    return matrix


def accuracy(matrix: Tensor) -> float:
    """See the stub."""
    rows = matrix.tolist()
    return _quotient(sum(rows[i][i] for i in range(len(rows))), sum(map(sum, rows)))


def _quotient(a: float, b: float) -> float:
    return a / b if b else 0.0


def _counts(matrix: Tensor) -> list[tuple[int, int, int]]:
    """True positives, false positives, false negatives of each class."""
    rows = matrix.tolist()
    columns = list(zip(*rows, strict=True))
    return [(rows[c][c], sum(columns[c]) - rows[c][c], sum(rows[c]) - rows[c][c]) for c in range(len(rows))]


def _measures(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    precision, recall = _quotient(tp, tp + fp), _quotient(tp, tp + fn)
    return precision, recall, _quotient(2 * precision * recall, precision + recall)


def precision_recall_f1(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    table = torch.tensor([_measures(*counts) for counts in _counts(matrix)], dtype=torch.float64)
    return table[:, 0], table[:, 1], table[:, 2]


def average_f1(matrix: Tensor, average: str) -> float:
    """See the stub."""
    counts = _counts(matrix)
    if average == "macro":
        return sum(_measures(*each)[2] for each in counts) / len(counts)
    if average != "micro":
        raise ValueError(average)
    return _measures(*(sum(column) for column in zip(*counts, strict=True)))[2]
