"""itertools, union and find, one sample at a time."""

import itertools
from collections import Counter

import torch
import torch.nn.functional as F
from torch import Tensor


def normalise_text(text: str) -> str:
    """See the stub."""
    groups = itertools.groupby(text.lower(), key=str.isalnum)
    return " ".join("".join(letters) for kept, letters in groups if kept)


def first_of_each(texts: list[str]) -> list[int]:
    """See the stub."""
    plain = [normalise_text(text) for text in texts]
    return [index for index, text in enumerate(plain) if text not in plain[:index]]


def near_duplicates(x: Tensor, similarity: float) -> list[list[int]]:
    """See the stub."""
    group = list(range(len(x)))
    for i, j in itertools.combinations(range(len(x)), 2):
        if F.cosine_similarity(x[i], x[j], dim=0) >= similarity:
            old, new = max(group[i], group[j]), min(group[i], group[j])
            group = [new if g == old else g for g in group]
    members = [[i for i, g in enumerate(group) if g == first] for first in sorted(set(group))]
    return [indices for indices in members if len(indices) > 1]


def split_groups(groups: Tensor, order: Tensor, test_size: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    sizes, test, decided = Counter(groups.tolist()), [], {}
    for sample in order.tolist():
        group = int(groups[sample])
        if group not in decided:
            taken = sum(sizes[g] for g, kept in decided.items() if kept)
            decided[group] = taken + sizes[group] <= test_size
        if decided[group]:
            test.append(sample)
    train = [sample for sample in range(len(groups)) if sample not in test]
    return torch.tensor(train, dtype=torch.int64), torch.tensor(sorted(test), dtype=torch.int64)


def class_weights(labels: Tensor, classes: int, *, beta: float = 1.0) -> Tensor:
    """See the stub: 1 + β + … + βⁿ⁻¹ is the effective number."""
    counts = Counter(labels.tolist())
    raw = [1 / sum(beta**k for k in range(counts[c])) if counts[c] else 0.0 for c in range(classes)]
    mean = sum(raw[label] for label in labels.tolist()) / len(labels)
    return torch.tensor([weight / mean for weight in raw], dtype=torch.float64)


def suspicious_labels(probabilities: Tensor, labels: Tensor) -> list[int]:
    """See the stub."""
    rows, given = probabilities.tolist(), labels.tolist()
    limits = {}
    for c in set(given):
        own = [row[c] for row, label in zip(rows, given, strict=True) if label == c]
        limits[c] = sum(own) / len(own)
    found = []
    for index, (row, label) in enumerate(zip(rows, given, strict=True)):
        sure = [(row[c], c) for c in limits if row[c] >= limits[c]]
        if sure and max(sure)[1] != label:
            found.append((row[label], index))
    return [index for _, index in sorted(found)]
