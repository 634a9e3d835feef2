from typing import Any

import torch
from torch import Tensor


def describe(x: Tensor) -> dict[str, Any]:
    values = x.double()
    finite = values[values.isfinite()]
    some = len(finite) > 0
    return {
        "shape": tuple(x.shape),
        "dtype": x.dtype,
        "min": finite.min().item() if some else None,
        "max": finite.max().item() if some else None,
        "mean": finite.mean().item() if some else None,
        "nan": int(values.isnan().sum()),
        "inf": int(values.isinf().sum()),
        "zeros": int((values == 0).sum()),
    }


def histogram(x: Tensor, bins: int, low: float, high: float) -> Tensor:
    values = x[~x.isnan()]
    place = ((values.clamp(low, high) - low) / (high - low) * bins).long()
    place = place.clamp(max=bins - 1)
    return torch.zeros(bins, dtype=torch.int64).index_add(0, place, torch.ones_like(place))


def heatmap(x: Tensor, scale: float) -> Tensor:
    t = (x / scale).clamp(-1, 1)
    less_blue, less_red = 255 * (1 - t.clamp(min=0)), 255 * (1 + t.clamp(max=0))
    colours = torch.stack([less_red, torch.minimum(less_red, less_blue), less_blue])
    green = torch.tensor([0, 128, 0], dtype=x.dtype)[:, None, None]
    return torch.where(x.isnan(), green, colours).round().to(torch.uint8)


def filter_grid(weight: Tensor, padding: int) -> Tensor:
    rows, columns, height, width = weight.shape
    largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True)
    grey = 0.5 + weight / (2 * torch.where(largest > 0, largest, 1))
    sheet = weight.new_ones(rows * (height + padding) + padding, columns * (width + padding) + padding)
    for o in range(rows):
        for i in range(columns):
            top, left = padding + o * (height + padding), padding + i * (width + padding)
            sheet[top : top + height, left : left + width] = grey[o, i]
    return sheet


def by_class(images: Tensor, labels: Tensor, classes: int, per_class: int) -> Tensor:
    sheet = images.new_ones(classes, per_class, *images.shape[1:])
    for k in range(classes):
        first = images[labels == k][:per_class]
        sheet[k, : len(first)] = first
    return sheet


def scatter_coordinates(features: Tensor) -> Tensor:
    centred = features - features.mean(dim=0)
    axes = torch.linalg.svd(centred, full_matrices=False)[2][:2]
    leading = axes.gather(1, axes.abs().argmax(dim=1, keepdim=True))
    points = centred @ (axes * leading.sign()).T
    low, high = points.amin(dim=0), points.amax(dim=0)
    span = (high - low).max()
    if (features == features[0]).all():
        return torch.full_like(points, 0.5)
    return 0.5 + (points - (low + high) / 2) / span
