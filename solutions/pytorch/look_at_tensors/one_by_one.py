"""Elements one by one in plain Python, kernels by permuting a padded array, components from the covariance."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def describe(x: Tensor) -> dict[str, Any]:
    numbers = [float(number) for number in x.flatten().tolist()]
    finite = [number for number in numbers if math.isfinite(number)]
    found: dict[str, Any] = {"shape": tuple(x.shape), "dtype": x.dtype, "min": None, "max": None, "mean": None}
    if finite:
        found |= {"min": min(finite), "max": max(finite), "mean": math.fsum(finite) / len(finite)}
    found["nan"] = sum(map(math.isnan, numbers))
    found["inf"] = sum(map(math.isinf, numbers))
    return found | {"zeros": numbers.count(0.0)}


def histogram(x: Tensor, bins: int, low: float, high: float) -> Tensor:
    counts = [0] * bins
    for number in x.flatten().tolist():
        if math.isnan(number):
            continue
        if number >= high:
            counts[-1] += 1
        elif number <= low:
            counts[0] += 1
        else:
            counts[min(int((number - low) / ((high - low) / bins)), bins - 1)] += 1
    return torch.tensor(counts)


def heatmap(x: Tensor, scale: float) -> Tensor:
    picture = torch.zeros(3, *x.shape, dtype=torch.uint8)
    for row in range(x.shape[0]):
        for column in range(x.shape[1]):
            t = x[row, column].item() / scale
            if math.isnan(t):
                colour = [0, 128, 0]
            else:
                rest = round(255 * (1 - min(abs(t), 1)))
                colour = [255, rest, rest] if t >= 0 else [rest, rest, 255]
            picture[:, row, column] = torch.tensor(colour)
    return picture


def filter_grid(weight: Tensor, padding: int) -> Tensor:
    largest = weight.flatten(1).abs().max(dim=1).values
    largest[largest == 0] = 1
    grey = 0.5 * (1 + weight / largest.view(-1, 1, 1, 1))
    framed = F.pad(grey, (padding, 0, padding, 0), value=1.0)
    o, i, h, w = framed.shape
    return F.pad(framed.permute(0, 2, 1, 3).reshape(o * h, i * w), (0, padding, 0, padding), value=1.0)


def by_class(images: Tensor, labels: Tensor, classes: int, per_class: int) -> Tensor:
    sheet = torch.ones(classes, per_class, *images.shape[1:], dtype=images.dtype)
    taken = [0] * classes
    for image, label in zip(images, labels.tolist(), strict=True):
        if taken[label] < per_class:
            sheet[label, taken[label]] = image
            taken[label] += 1
    return sheet


def scatter_coordinates(features: Tensor) -> Tensor:
    if bool((features == features[:1]).all()):
        return torch.full((len(features), 2), 0.5, dtype=features.dtype)
    centred = features - features.mean(0)
    vectors = torch.linalg.eigh(centred.T @ centred)[1].flip(1)[:, :2]
    columns = []
    for vector in vectors.T:
        columns.append(centred @ (vector if vector[vector.abs().argmax()] > 0 else -vector))
    points = torch.stack(columns, dim=1)
    span = max((column.max() - column.min()).item() for column in columns)
    middle = torch.stack([(column.max() + column.min()) / 2 for column in columns])
    return (points - middle) / span + 0.5
