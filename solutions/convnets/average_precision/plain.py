"""Lists and loops, as the definitions say it."""

import torch
from torch import Tensor


def assign(overlaps: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """See the stub."""
    table, order = overlaps.tolist(), scores.tolist()
    free = set(range(overlaps.shape[1]))
    right = set()
    for detection in sorted(range(len(order)), key=lambda d: -order[d]):
        candidates = [(table[detection][truth], truth) for truth in free if table[detection][truth] >= threshold]
        if candidates:
            free.remove(max(candidates)[1])
            right.add(detection)
    return torch.tensor([d in right for d in range(len(order))], dtype=torch.bool)


def precision_recall(scores: Tensor, correct: Tensor, truths: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    found, precision, recall = 0, [], []
    for k, (_, right) in enumerate(sorted(zip(scores.tolist(), correct.tolist(), strict=True), reverse=True), 1):
        found += right
        precision.append(found / k)
        recall.append(found / truths)
    return torch.tensor(precision, dtype=torch.float64), torch.tensor(recall, dtype=torch.float64)


def average_precision(precision: Tensor, recall: Tensor, points: int | None = None) -> float:
    """See the stub."""
    curve = list(zip(precision.tolist(), recall.tolist(), strict=True))

    def height(r: float) -> float:
        return max((p for p, at in curve if at >= r), default=0.0)

    if points is not None:
        return sum(height(i / (points - 1)) for i in range(points)) / points
    area = before = 0.0
    for _, r in curve:
        area += (r - before) * height(r)
        before = r
    return area


def mean_average_precision(
    images: list[dict[str, Tensor]], thresholds: list[float], points: int | None = None
) -> float:
    """See the stub."""
    classes = {label for image in images for label in image["truth_labels"].tolist()}
    if not classes:
        raise ValueError("nothing to find")
    total = 0.0
    for label in classes:
        for threshold in thresholds:
            scores: list[float] = []
            correct: list[bool] = []
            truths = 0
            for image in images:
                rows = (image["labels"] == label).nonzero()[:, 0]
                columns = (image["truth_labels"] == label).nonzero()[:, 0]
                right = assign(image["overlaps"][rows][:, columns], image["scores"][rows], threshold)
                scores += image["scores"][rows].tolist()
                correct += right.tolist()
                truths += len(columns)
            curve = precision_recall(
                torch.tensor(scores, dtype=torch.float64), torch.tensor(correct, dtype=torch.bool), truths
            )
            total += average_precision(*curve, points)
    return total / (len(classes) * len(thresholds))
