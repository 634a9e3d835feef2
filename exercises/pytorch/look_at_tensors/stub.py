"""Tensors as numbers and pictures that can be trusted: counts, histograms, maps, filters, samples, points.

Read the lesson first (`tutor lesson look_at_tensors`); `tutor hint` helps when you are stuck. Nothing given is changed.
"""

from typing import Any

from torch import Tensor


def describe(x: Tensor) -> dict[str, Any]:
    """What to print instead of a tensor.

    Args:
        x: any shape, at least one element; floating point of any precision, integers or bool.

    Returns:
        "shape": a tuple of ints; "dtype": x.dtype; "min", "max", "mean": of the finite elements, floats, the mean
        worked out in float64; None if no element is finite; "nan", "inf", "zeros": how many elements are NaN, are
        infinite (either sign), are 0; ints.
    """
    raise NotImplementedError


def histogram(x: Tensor, bins: int, low: float, high: float) -> Tensor:
    """How many elements fall into each of `bins` equally wide intervals of [low, high].

    An interval holds its lower edge and not its upper one, but the last holds `high` as well. What is below `low`,
    −∞ too, counts in the first interval, what is above `high`, ∞ too, in the last. NaN counts nowhere.

    Args:
        x: any shape, floating point, any number of elements.
        bins: 1 or more.
        low, high: low < high.

    Returns:
        Counts, shape (bins,), int64.
    """
    raise NotImplementedError


def heatmap(x: Tensor, scale: float) -> Tensor:
    """A matrix in colours: white for 0, red for `scale` and above, blue for −scale and below.

    With t = x / scale, limited to −1 … 1: for t ≥ 0 red is 255, green and blue are 255 · (1 − t); for t < 0 blue is
    255, red and green are 255 · (1 + t); rounded to the nearest whole number. NaN is (0, 128, 0), a green that
    nothing else has.

    Args:
        x: shape (H, W), floating point; may hold infinities, which are beyond any scale.
        scale: above 0.

    Returns:
        Shape (3, H, W): red, green, blue; uint8.
    """
    raise NotImplementedError


def filter_grid(weight: Tensor, padding: int) -> Tensor:
    """A convolution's kernels as one grey picture: a row for each filter, a column for each input channel.

    A filter's largest magnitude, over all of its input channels, becomes 0 or 1, and 0 becomes 0.5, so
    0.5 + w / (2 · largest). A filter that is 0 everywhere is 0.5 everywhere.

    Args:
        weight: shape (O, I, kh, kw), floating point.
        padding: white (1.0) pixels between two neighbours, and around the whole; 0 or more.

    Returns:
        Shape (O · (kh + padding) + padding, I · (kw + padding) + padding), dtype of `weight`.
    """
    raise NotImplementedError


def by_class(images: Tensor, labels: Tensor, classes: int, per_class: int) -> Tensor:
    """The first few images of every class.

    Args:
        images: shape (N, C, H, W).
        labels: shape (N,), int64, 0 … classes − 1.
        classes, per_class: 1 or more.

    Returns:
        Shape (classes, per_class, C, H, W), dtype of `images`: in row k the first `per_class` images with label k, in
        the order in which they came. Where a class has fewer, white images (1.0) follow.
    """
    raise NotImplementedError


def scatter_coordinates(features: Tensor) -> Tensor:
    """Where to draw points of many dimensions on a square sheet, so that distances on it can be compared.

    Centred, the features are projected on their first two principal components; of each component's two signs the one
    with which its entry of largest magnitude is positive. Both coordinates are divided by the same number, the
    larger of their two ranges (largest minus smallest), and then moved so that on each axis the middle between
    the smallest and the largest is 0.5.

    Args:
        features: shape (N, D), floating point, N and D at least 2.

    Returns:
        Shape (N, 2), dtype of `features`, from 0 to 1. All 0.5 if all features are equal.
    """
    raise NotImplementedError
