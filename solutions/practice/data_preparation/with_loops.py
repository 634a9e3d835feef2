"""Column by column and sample by sample, in plain Python."""

import math

import torch
from torch import Tensor


def stratified_split(
    labels: Tensor, order: Tensor, *, validation_percent: int, test_percent: int
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if validation_percent < 0 or test_percent < 0 or validation_percent + test_percent > 99:
        raise ValueError("nothing would be left")
    classes = labels.tolist()
    sizes = {label: classes.count(label) for label in classes}
    seen = dict.fromkeys(sizes, 0)
    train, validation, test = [], [], []
    for index in order.tolist():
        label = classes[index]
        first = sizes[label] * test_percent // 100
        second = first + sizes[label] * validation_percent // 100
        (test if seen[label] < first else validation if seen[label] < second else train).append(index)
        seen[label] += 1
    return tuple(torch.tensor(sorted(part), dtype=torch.int64) for part in (train, validation, test))


def fit_scaler(x: Tensor, kind: str) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    if kind == "standard":
        standard = True
    elif kind == "range":
        standard = False
    else:
        raise ValueError(kind)
    rows = []
    for column in x.T.tolist():
        numbers = [number for number in column if not math.isnan(number)]
        if not numbers:
            rows.append((0.0, 0.0, 1.0))
            continue
        mean = math.fsum(numbers) / len(numbers)
        variance = math.fsum((number - mean) ** 2 for number in numbers) / len(numbers)
        scale = math.sqrt(variance) if standard else max(numbers) - min(numbers)
        rows.append((mean, mean if standard else min(numbers), scale or 1.0))
    return tuple(torch.tensor(part, dtype=x.dtype) for part in zip(*rows, strict=True))


def transform(x: Tensor, fill: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """See the stub."""
    result = x.new_zeros(x.shape[0], 2 * x.shape[1])
    for row in range(x.shape[0]):
        for column in range(x.shape[1]):
            number = x[row, column].item()
            if math.isnan(number):
                number = fill[column].item()
                result[row, x.shape[1] + column] = 1
            result[row, column] = (number - shift[column]) / scale[column]
    return result


def fit_categories(values: list[str | None]) -> list[str]:
    """See the stub."""
    words: list[str] = []
    for value in values:
        if value is not None and value not in words:
            words.append(value)
    words.sort()
    return words


def one_hot(values: list[str | None], categories: list[str]) -> Tensor:
    """See the stub."""
    rows = [[1.0 if value == word else 0.0 for word in categories] for value in values]
    return torch.tensor(rows, dtype=torch.float64).reshape(len(values), len(categories))


def prepare(x: Tensor, words: list[str | None], train: Tensor, other: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    fill, shift, scale = fit_scaler(x[train], kind)
    categories = fit_categories([words[i] for i in train])
    results = []
    for part in (train, other):
        numbers = transform(x[part], fill, shift, scale)
        results.append(torch.hstack([numbers, one_hot([words[i] for i in part], categories)]))
    return results[0], results[1]
