"""Sums over what is there, divided by how much is there."""

import torch
from torch import Tensor


def stratified_split(
    labels: Tensor, order: Tensor, *, validation_percent: int, test_percent: int
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if min(validation_percent, test_percent) < 0 or validation_percent + test_percent >= 100:
        raise ValueError("the percentages have to leave something for training")
    parts: list[list[Tensor]] = [[order[:0]], [order[:0]], [order[:0]]]
    for label in labels.unique():
        members = order[labels[order] == label]
        for_test = len(members) * test_percent // 100
        held_out = for_test + len(members) * validation_percent // 100
        parts[0].append(members[held_out:])
        parts[1].append(members[for_test:held_out])
        parts[2].append(members[:for_test])
    train, validation, test = (torch.cat(part).sort().values for part in parts)
    return train, validation, test


def fit_scaler(x: Tensor, kind: str) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if kind not in ("standard", "range"):
        raise ValueError(f"there is no scaler of the kind {kind!r}")
    there = ~x.isnan()
    count = there.sum(dim=0)
    mean = torch.where(there, x, 0.0).sum(dim=0) / count.clamp(min=1)
    if kind == "standard":
        shift = mean
        scale = (torch.where(there, x - mean, 0.0).square().sum(dim=0) / count.clamp(min=1)).sqrt()
    else:
        shift = torch.where(there, x, torch.inf).amin(dim=0)
        scale = torch.where(there, x, -torch.inf).amax(dim=0) - shift
    shift = torch.where(count > 0, shift, 0.0)
    scale = torch.where((count > 0) & (scale > 0), scale, 1.0)
    return mean, shift, scale


def transform(x: Tensor, fill: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """See the stub."""
    missing = x.isnan()
    filled = torch.where(missing, fill, x)
    return torch.cat([(filled - shift) / scale, missing.to(x.dtype)], dim=1)


def fit_categories(values: list[str | None]) -> list[str]:
    """See the stub."""
    return sorted({value for value in values if value is not None})


def one_hot(values: list[str | None], categories: list[str]) -> Tensor:
    """See the stub."""
    column = {word: number for number, word in enumerate(categories)}
    result = torch.zeros(len(values), len(categories), dtype=torch.float64)
    for row, value in enumerate(values):
        if value in column:
            result[row, column[value]] = 1.0
    return result


def prepare(x: Tensor, words: list[str | None], train: Tensor, other: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    scaler = fit_scaler(x[train], kind)
    categories = fit_categories([words[row] for row in train.tolist()])

    def features(rows: Tensor) -> Tensor:
        return torch.cat([transform(x[rows], *scaler), one_hot([words[row] for row in rows.tolist()], categories)], 1)

    return features(train), features(other)
