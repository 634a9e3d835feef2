"""A loop for the assignment, cumulative sums for the curve, a cumulative maximum from the right for its envelope."""

import torch
from torch import Tensor


def assign(overlaps: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """See the stub."""
    correct = torch.zeros(len(scores), dtype=torch.bool)
    if overlaps.shape[1] == 0:
        return correct
    left = overlaps.clone()
    for detection in scores.argsort(descending=True).tolist():
        best, truth = left[detection].max(dim=0)
        if best >= threshold:
            correct[detection] = True
            left[:, truth] = -1.0
    return correct


def precision_recall(scores: Tensor, correct: Tensor, truths: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    ranked = correct[scores.argsort(descending=True)]
    found = ranked.double().cumsum(0)
    return found / torch.arange(1, len(found) + 1), found / truths


def average_precision(precision: Tensor, recall: Tensor, points: int | None = None) -> float:
    """See the stub."""
    if len(precision) == 0:
        return 0.0
    envelope = precision.flip(0).cummax(0).values.flip(0)
    if points is None:
        steps = recall.diff(prepend=recall.new_zeros(1))
        return float((envelope * steps).sum())
    wanted = torch.linspace(0, 1, points, dtype=recall.dtype)
    first = torch.searchsorted(recall, wanted)
    return float(torch.cat([envelope, envelope.new_zeros(1)])[first].mean())


def _of_one_class(images: list[dict[str, Tensor]], label: int, threshold: float, points: int | None) -> float:
    scores, correct, truths = [], [], 0
    for image in images:
        mine, true = image["labels"] == label, image["truth_labels"] == label
        scores.append(image["scores"][mine])
        correct.append(assign(image["overlaps"][mine][:, true], image["scores"][mine], threshold))
        truths += int(true.sum())
    return average_precision(*precision_recall(torch.cat(scores), torch.cat(correct), truths), points)


def mean_average_precision(
    images: list[dict[str, Tensor]], thresholds: list[float], points: int | None = None
) -> float:
    """See the stub."""
    labels = torch.cat([image["truth_labels"] for image in images]).unique().tolist() if images else []
    if not labels:
        raise ValueError("there is no truth in any image")
    values = [_of_one_class(images, label, threshold, points) for label in labels for threshold in thresholds]
    return sum(values) / len(values)
