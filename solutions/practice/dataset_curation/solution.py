"""Dictionaries for what is equal, a search for what is connected, tensors for the rest."""

import re

import torch
from torch import Tensor


def normalise_text(text: str) -> str:
    """See the stub."""
    marked = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    return re.sub(" +", " ", marked).strip()


def first_of_each(texts: list[str]) -> list[int]:
    """See the stub."""
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        first.setdefault(normalise_text(text), index)
    return sorted(first.values())


def near_duplicates(x: Tensor, similarity: float) -> list[list[int]]:
    """See the stub."""
    unit = x / x.square().sum(dim=1, keepdim=True).sqrt()
    near = unit @ unit.T >= similarity
    groups, seen = [], set()
    for start in range(len(x)):
        if start in seen:
            continue
        group, todo = {start}, [start]
        while todo:
            for other in near[todo.pop()].nonzero()[:, 0].tolist():
                if other not in group:
                    group.add(other)
                    todo.append(other)
        seen |= group
        if len(group) > 1:
            groups.append(sorted(group))
    return groups


def split_groups(groups: Tensor, order: Tensor, test_size: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    in_test = torch.zeros(len(groups), dtype=torch.bool)
    room = test_size
    for group in dict.fromkeys(groups[order].tolist()):
        members = groups == group
        size = int(members.sum())
        if size <= room:
            in_test |= members
            room -= size
    return (~in_test).nonzero()[:, 0], in_test.nonzero()[:, 0]


def class_weights(labels: Tensor, classes: int, *, beta: float = 1.0) -> Tensor:
    """See the stub."""
    counts = torch.bincount(labels, minlength=classes).double()
    effective = counts if beta == 1 else (1 - beta**counts) / (1 - beta)
    weights = torch.where(counts > 0, 1 / effective, 0.0)
    return weights * len(labels) / (weights * counts).sum()


def suspicious_labels(probabilities: Tensor, labels: Tensor) -> list[int]:
    """See the stub."""
    n, classes = probabilities.shape
    thresholds = torch.full((classes,), 2.0, dtype=probabilities.dtype)
    for c in set(labels.tolist()):
        thresholds[c] = probabilities[labels == c, c].mean()
    sure = torch.where(probabilities >= thresholds, probabilities, -1.0)
    best, guess = sure.max(dim=1)
    found = ((best >= 0) & (guess != labels)).nonzero()[:, 0]
    own = probabilities[torch.arange(n), labels]
    return found[own[found].argsort()].tolist()
