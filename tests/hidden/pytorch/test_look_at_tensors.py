"""Counts against torch's, pictures against loops over their elements, points against torch.linalg."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAN, INF = math.nan, math.inf


def described(x):
    values = [float(value) for value in x.flatten().tolist()]
    finite = [value for value in values if math.isfinite(value)]
    return {
        "shape": tuple(x.shape),
        "dtype": x.dtype,
        "min": min(finite, default=None),
        "max": max(finite, default=None),
        "mean": math.fsum(finite) / len(finite) if finite else None,
        "nan": sum(value != value for value in values),
        "inf": sum(abs(value) == INF for value in values),
        "zeros": values.count(0.0),
    }


@pytest.mark.parametrize("shape", [(7,), (3, 5), (2, 4, 3)])
def test_a_description(learner, draw, shape):
    x = 3 + draw.normal(*shape)
    assert_matches(learner.describe(x), described(x), "the description", terms=30)


@pytest.mark.builds_on("test_a_description")
def test_what_is_not_finite_is_counted_and_left_out(learner, draw):
    x = draw.normal(6, 5)
    places = draw.permutation(30)[:15].tolist()
    for k, value in zip(places, [NAN] * 4 + [INF] * 3 + [-INF] * 2 + [0.0] * 5 + [-0.0], strict=True):
        x.view(-1)[k] = value
    assert_matches(learner.describe(x), described(x), "the description", terms=30)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_description")
def test_nothing_that_is_finite(learner):
    x = torch.tensor([NAN, INF, NAN, -INF, INF])
    assert_matches(learner.describe(x), described(x), "the description")


@pytest.mark.builds_on("test_a_description")
@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.int64, torch.uint8, torch.bool])
def test_every_dtype(learner, draw, kind):
    x = draw.integers(0, 2, 400) if kind == torch.bool else draw.integers(190, 256, 400)
    x = x.to(kind)  # in half precision the sum of these is infinite
    assert_matches(learner.describe(x), described(x), "the description", terms=400)


def counted(x, bins, low, high):
    finite = x[~x.isnan()].clamp(low, high)
    return torch.histc(finite, bins, low, high).long()


@pytest.mark.parametrize(("bins", "shape"), [(5, (60,)), (8, (9, 7)), (1, (12,)), (13, (4, 5, 6))])
def test_a_histogram(learner, draw, bins, shape):
    low, width = float(draw.uniform(low=-2.0, high=1.0)), float(draw.uniform(low=1.5, high=4.0))
    x = draw.uniform(*shape, low=low + 1e-6, high=low + width - 1e-6)
    expected = counted(x, bins, low, low + width)
    assert_matches(learner.histogram(x, bins, low, low + width), expected, "the counts")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_histogram")
def test_an_interval_holds_its_lower_edge(learner, draw):
    edges = torch.arange(9, dtype=torch.float64)
    times = draw.integers(1, 9, 9)
    x = edges.repeat_interleave(times)[draw.permutation(int(times.sum()))]
    expected = times[:8] + torch.tensor([0] * 7 + [times[8].item()])
    assert_matches(learner.histogram(x, 8, 0.0, 8.0), expected, "the counts")


@pytest.mark.builds_on("test_a_histogram")
def test_outliers_count_in_the_outermost_intervals(learner, draw):
    x = draw.normal(80, std=2.0)
    assert_matches(learner.histogram(x, 6, -1.5, 1.0), counted(x, 6, -1.5, 1.0), "the counts")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_outliers_count_in_the_outermost_intervals")
def test_infinite_elements_count_and_nan_does_not(learner, draw):
    x = torch.cat([draw.normal(30), torch.tensor([INF] * 3 + [-INF] * 5 + [NAN] * 4 + [1e300])])
    assert_matches(learner.histogram(x, 7, -1.0, 1.2), counted(x, 7, -1.0, 1.2), "the counts")


@pytest.mark.builds_on("test_a_histogram")
def test_a_histogram_of_nothing(learner):
    expected = torch.zeros(4, dtype=torch.int64)
    got = learner.histogram(torch.zeros(0, dtype=torch.float64), 4, 0.0, 1.0)
    assert_matches(got, expected, "the counts")


def coloured(x, scale):
    picture = torch.zeros(3, *x.shape, dtype=torch.uint8)
    for row, line in enumerate(x.tolist()):
        for column, value in enumerate(line):
            t = max(-1.0, min(1.0, value / scale))
            rest = 0 if value != value else int(255 * (1 - abs(t)) + 0.5)
            colour = (0, 128, 0) if value != value else (255, rest, rest) if t >= 0 else (rest, rest, 255)
            picture[:, row, column] = torch.tensor(colour, dtype=torch.uint8)
    return picture


@pytest.mark.parametrize(("shape", "scale"), [((4, 7), 2.0), ((6, 3), 0.7), ((5, 9), 30.0)])
def test_a_heatmap(learner, draw, shape, scale):
    x = draw.uniform(*shape, low=-scale, high=scale)
    assert_matches(learner.heatmap(x, scale), coloured(x, scale), "the colours")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_heatmap")
def test_zero_is_white_and_what_is_beyond_the_scale_is_full(learner, draw):
    x = draw.normal(6, 5, std=3.0)
    x[1, 2] = x[4, 0] = 0.0
    x[0, 3], x[2, 2], x[3, 4] = INF, -INF, -0.0
    assert_matches(learner.heatmap(x, 1.3), coloured(x, 1.3), "the colours")


@pytest.mark.builds_on("test_a_heatmap")
def test_nan_has_a_colour_of_its_own(learner, draw):
    x = draw.normal(4, 6)
    x[0, 1] = x[2, 5] = NAN
    assert_matches(learner.heatmap(x, 2.5), coloured(x, 2.5), "the colours")


def sheet_of(weight, padding):
    o, i, h, w = weight.shape
    sheet = weight.new_ones(o * (h + padding) + padding, i * (w + padding) + padding)
    for a in range(o):
        largest = weight[a].abs().max().item() or 1.0
        for b in range(i):
            top, left = padding + a * (h + padding), padding + b * (w + padding)
            sheet[top : top + h, left : left + w] = 0.5 + weight[a, b] / (2 * largest)
    return sheet


@pytest.mark.parametrize(("shape", "padding"), [((4, 3, 5, 2), 1), ((2, 5, 3, 4), 3), ((3, 2, 2, 6), 0)])
def test_filters_as_a_picture(learner, draw, album, shape, padding):
    weight = draw.normal(*shape) * draw.uniform(shape[0], 1, 1, 1, low=0.1, high=5.0)
    sheet = learner.filter_grid(weight, padding)
    assert_matches(sheet, sheet_of(weight, padding), "the picture")
    assert_inputs_unchanged(learner)
    if padding == 1:
        with album.figure("filters", "A row for each filter, 0 in grey", 4, 4) as axes:
            axes.imshow(sheet, cmap="gray", vmin=0, vmax=1)
            axes.set_axis_off()


@pytest.mark.builds_on("test_filters_as_a_picture")
def test_a_filter_of_zeros_is_grey(learner, draw):
    weight = draw.normal(3, 2, 3, 4, dtype=torch.float32)
    weight[1] = 0.0
    assert_matches(learner.filter_grid(strided(weight), 2), sheet_of(weight, 2), "the picture")


def rows_of(images, labels, classes, per_class):
    sheet = torch.ones(classes, per_class, *images.shape[1:], dtype=images.dtype)
    for k in range(classes):
        for column, n in enumerate((labels == k).nonzero()[:, 0][:per_class].tolist()):
            sheet[k, column] = images[n]
    return sheet


@pytest.mark.parametrize(("n", "classes", "per_class"), [(40, 3, 4), (30, 5, 2), (25, 2, 6)])
def test_the_first_images_of_each_class(learner, draw, n, classes, per_class):
    labels = torch.cat([torch.arange(classes).repeat(per_class), draw.integers(0, classes, n)])
    labels = labels[draw.permutation(len(labels))]
    images = draw.uniform(len(labels), 2, 3, 4)
    expected = rows_of(images, labels, classes, per_class)
    assert_matches(learner.by_class(images, labels, classes, per_class), expected, "the images")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_first_images_of_each_class")
def test_classes_with_few_images_are_filled_up_with_white(learner, draw):
    labels = torch.tensor([4, 1, 1, 4, 3, 4, 1, 4, 4])[draw.permutation(9)]
    images = draw.uniform(9, 1, 4, 3, dtype=torch.float32)
    assert_matches(learner.by_class(images, labels, 6, 4), rows_of(images, labels, 6, 4), "the images")


def points_of(features):
    centred = features - features.mean(0)
    axes = torch.linalg.svd(centred, full_matrices=False).Vh[:2]
    axes = axes * torch.stack([axis[axis.abs().argmax()].sign() for axis in axes])[:, None]
    points = centred @ axes.T
    low, high = points.min(0).values, points.max(0).values
    return 0.5 + (points - (low + high) / 2) / (high - low).max()


def cloud(draw, n, d):
    """Features whose directions differ clearly in their variance, far from 0, and turned."""
    spread = 6.0 * 0.45 ** torch.arange(d, dtype=torch.float64)
    turn = torch.linalg.qr(draw.normal(d, d)).Q
    noise = torch.linalg.qr(draw.normal(n, d)).Q * math.sqrt(n)
    return (noise * spread) @ turn + 10 * draw.normal(d)


@pytest.mark.parametrize(("n", "d"), [(30, 4), (50, 7), (20, 2)])
def test_where_points_are_drawn(learner, draw, album, n, d):
    features = cloud(draw, n, d)
    found = learner.scatter_coordinates(features)
    assert_matches(found, points_of(features), "the coordinates", terms=1000)
    assert_inputs_unchanged(learner)
    if d == 7:
        with album.figure("points", "Seven dimensions on a sheet", 4, 4) as axes:
            axes.scatter(found[:, 0], found[:, 1], s=12)
            axes.set_xlim(-0.05, 1.05)
            axes.set_ylim(-0.05, 1.05)
            axes.set_aspect("equal")


@pytest.mark.builds_on("test_where_points_are_drawn")
def test_the_entry_of_largest_magnitude_decides_the_sign(learner, draw):
    axes = torch.tensor([[-4.0, 3.0, 2.0, 2.0], [0.0, -4.0, 3.0, 3.0]], dtype=torch.float64)  # their sums are positive
    spread = torch.linalg.qr(draw.normal(25, 2)).Q * torch.tensor([9.0, 3.0], dtype=torch.float64)
    features = (spread @ axes)[:, draw.permutation(4)] + draw.normal(25, 4, std=0.01)
    assert_matches(learner.scatter_coordinates(features), points_of(features), "the coordinates", terms=1000)


@pytest.mark.builds_on("test_where_points_are_drawn")
def test_points_that_are_all_equal(learner, draw):
    features = draw.normal(1, 5, dtype=torch.float32).repeat(6, 1)
    expected = torch.full((6, 2), 0.5)
    assert_matches(learner.scatter_coordinates(features), expected, "the coordinates")
