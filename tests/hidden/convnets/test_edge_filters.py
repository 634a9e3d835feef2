"""Filters against torch's convolution on an image with its border repeated; kernels against their formulas."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def by_torch(x, kernel):
    """Every channel by itself, with torch's own padding and convolution."""
    (height, width), channels = kernel.shape, x.shape[1]
    padded = F.pad(x, (width // 2, width // 2, height // 2, height // 2), mode="replicate")
    return F.conv2d(padded, kernel.expand(channels, 1, height, width), groups=channels)


def bell(sigma, radius):
    at = torch.arange(-radius, radius + 1, dtype=torch.float64)
    heights = torch.exp(-(at**2) / (2 * sigma**2))
    return heights / heights.sum()


def random_sigma(draw):
    return round(float(draw.uniform(low=0.6, high=2.4)), 3)


@pytest.mark.parametrize("size", [(3, 5), (5, 1), (1, 3), (7, 3)])
def test_a_filter_matches_torch(learner, draw, size):
    x, kernel = draw.normal(2, 3, 8, 9), draw.normal(*size)
    assert_matches(learner.filter2d(x, kernel), by_torch(x, kernel), "the output", terms=21)


@pytest.mark.builds_on("test_a_filter_matches_torch")
def test_a_kernel_larger_than_the_image(learner, draw):
    x, kernel = draw.normal(1, 2, 2, 3), draw.normal(7, 9)
    assert_matches(learner.filter2d(x, kernel), by_torch(x, kernel), "the output", terms=63)


@pytest.mark.builds_on("test_a_filter_matches_torch")
def test_an_image_of_one_pixel(learner, draw):
    x, kernel = draw.normal(2, 1, 1, 1), draw.uniform(3, 5, low=0.1)
    assert_matches(learner.filter2d(x, kernel), by_torch(x, kernel), "the output", terms=15)


@pytest.mark.builds_on("test_a_filter_matches_torch")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, kernel = draw.normal(2, 3, 7, 6, dtype=torch.float32), draw.normal(3, 5, dtype=torch.float32)
    assert_matches(learner.filter2d(strided(x), strided(kernel)), by_torch(x, kernel), "the output", terms=15)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("radius", [1, 3, 8])
def test_the_bell_of_gauss(learner, draw, radius):
    sigma = random_sigma(draw)
    assert_matches(learner.gaussian_kernel(sigma, radius), bell(sigma, radius), "the kernel")


@pytest.mark.builds_on("test_the_bell_of_gauss")
def test_a_radius_of_zero_changes_nothing(learner, draw):
    expected = torch.ones(1, dtype=torch.float64)
    assert_matches(learner.gaussian_kernel(random_sigma(draw), 0), expected, "the kernel")


@pytest.mark.parametrize("radius", [1, 3, 5])
def test_a_blur_is_a_bell_in_both_directions(learner, draw, radius):
    x, sigma = draw.normal(2, 3, 7, 10), random_sigma(draw)
    kernel = torch.outer(bell(sigma, radius), bell(sigma, radius))
    assert_matches(learner.gaussian_blur(x, sigma, radius), by_torch(x, kernel), "the output", terms=121)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_blur_is_a_bell_in_both_directions")
def test_a_blur_of_float32_stays_float32(learner, draw):
    x, sigma = draw.normal(1, 2, 6, 5, dtype=torch.float32), random_sigma(draw)
    kernel = torch.outer(bell(sigma, 2), bell(sigma, 2)).float()
    assert_matches(learner.gaussian_blur(x, sigma, 2), by_torch(x, kernel), "the output", terms=25)


def product_of(result, kernel):
    """The column times the row, once both have their shapes."""
    shapes = tuple(torch.zeros(size, dtype=kernel.dtype) for size in kernel.shape)
    if isinstance(result, tuple | list):
        blank = tuple(torch.zeros_like(part) if isinstance(part, torch.Tensor) else part for part in result)
        assert_matches(blank, shapes, ("the column", "the row"))
    else:
        assert_matches(result, shapes, ("the column", "the row"))
    return torch.outer(result[0], result[1])


@pytest.mark.parametrize("size", [(3, 5), (7, 3), (1, 5), (5, 1)])
def test_a_kernel_that_is_a_product_is_separated(learner, draw, size):
    kernel = torch.outer(draw.normal(size[0]), draw.normal(size[1]))
    assert_matches(product_of(learner.separate(kernel), kernel), kernel, "column · row", terms=10)


@pytest.mark.builds_on("test_a_kernel_that_is_a_product_is_separated")
def test_rows_and_columns_of_zeros_do_not_hinder(learner, draw):
    column, row = draw.normal(5), draw.normal(7)
    column[[0, 2]] = 0
    row[[0, 3, 6]] = 0
    kernel = torch.outer(column, row)
    assert_matches(product_of(learner.separate(kernel), kernel), kernel, "column · row", terms=10)


@pytest.mark.builds_on("test_a_kernel_that_is_a_product_is_separated")
def test_tiny_and_huge_kernels_are_separated(learner, draw):
    for scale in (1e-9, 1e9):
        kernel = scale * torch.outer(draw.normal(3), draw.normal(5))
        assert_matches(product_of(learner.separate(kernel), kernel), kernel, "column · row", terms=10, relative=True)


@pytest.mark.builds_on("test_a_kernel_that_is_a_product_is_separated")
def test_a_kernel_that_is_no_product_is_refused(learner, draw):
    kernel = torch.outer(draw.normal(3), draw.normal(5))
    learner.separate(kernel)
    place = draw.integer(0, 3), draw.integer(0, 5)
    kernel[place] += draw.choice([-1.0, 1.0]) * 0.01 * kernel.abs().max()
    assert_raises(ValueError, learner.separate, kernel)
    assert_raises(ValueError, learner.separate, 1e-9 * kernel)
    assert_raises(ValueError, learner.separate, draw.normal(3, 3))


ACROSS = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]], dtype=torch.float64) / 8
SOBEL = ("g_x", "g_y", "the magnitude")


@pytest.mark.parametrize("shape", [(2, 3, 7, 9), (1, 1, 5, 4), (1, 2, 3, 2)])
def test_the_slopes_of_sobel(learner, draw, shape):
    x = draw.normal(*shape)
    g_x, g_y = by_torch(x, ACROSS), by_torch(x, ACROSS.T)
    assert_matches(learner.sobel(x), (g_x, g_y, torch.sqrt(g_x**2 + g_y**2)), SOBEL, terms=9)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_slopes_of_sobel")
def test_sobel_measures_the_slope_of_a_ramp(learner, draw):
    right, down = float(draw.uniform(low=1, high=2)), float(draw.uniform(low=-4, high=-3))
    x = right * torch.arange(7.0) + down * torch.arange(6.0)[:, None]
    result = learner.sobel(x.double()[None, None])
    if isinstance(result, tuple | list):
        inside = tuple(
            part[..., 1:-1, 1:-1] if isinstance(part, torch.Tensor) and part.dim() == 4 else part for part in result
        )
    else:
        inside = result
    flat = torch.ones(1, 1, 4, 5, dtype=torch.float64)
    expected = (flat * right, flat * down, flat * (right**2 + down**2) ** 0.5)
    assert_matches(inside, expected, SOBEL, rtol=1e-5)


CROSS = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]], dtype=torch.float64)
EIGHT = torch.tensor([[1.0, 1.0, 1.0], [1.0, -8.0, 1.0], [1.0, 1.0, 1.0]], dtype=torch.float64)


def test_the_laplacian_of_four_neighbours(learner, draw):
    x = draw.normal(2, 3, 7, 5)
    assert_matches(learner.laplacian(x), by_torch(x, CROSS), "the output", terms=9)
    assert_inputs_unchanged(learner)


def test_the_laplacian_of_eight_neighbours(learner, draw):
    x = draw.normal(2, 3, 5, 7)
    assert_matches(learner.laplacian(x, diagonals=True), by_torch(x, EIGHT), "the output", terms=9)


@pytest.mark.parametrize("radius", [1, 2, 4])
def test_sharpening_is_one_kernel(learner, draw, radius):
    sigma, amount = random_sigma(draw), float(draw.uniform(low=0.3, high=3))
    kernel = -amount * torch.outer(bell(sigma, radius), bell(sigma, radius))
    kernel[radius, radius] += 1 + amount
    assert_matches(learner.sharpening_kernel(sigma, radius, amount), kernel, "the kernel")


@pytest.mark.builds_on("test_sharpening_is_one_kernel")
def test_an_amount_of_zero_leaves_the_image_as_it_is(learner, draw):
    kernel = torch.zeros(5, 5, dtype=torch.float64)
    kernel[2, 2] = 1
    assert_matches(learner.sharpening_kernel(random_sigma(draw), 2, 0.0), kernel, "the kernel")


KINDS = ("vertical edges", "horizontal edges", "slanted edges", "spots", "blur", "sharpening")


def a_kernel(draw, kind):
    """A random kernel of this kind: noise, made to answer to the ramps that it should answer to and to no others."""
    height, width = draw.choice([3, 5, 7]), draw.choice([3, 5, 7])
    noise = draw.normal(height, width)
    if kind == "blur":
        noise = noise.abs()
        noise[draw.integer(0, height), draw.integer(0, width)] = 0
        return noise / noise.sum()
    if kind == "sharpening":
        noise = -noise.abs()
        noise[draw.integer(0, height), draw.integer(0, width)] += 1 - noise.sum()
        return noise
    across = (torch.arange(width, dtype=torch.float64) - width // 2).expand(height, width)
    down = (torch.arange(height, dtype=torch.float64) - height // 2)[:, None].expand(height, width)
    noise = noise - noise.mean()
    for ramp, kinds in ((across, ("vertical edges", "slanted edges")), (down, ("horizontal edges", "slanted edges"))):
        wanted = draw.choice([-1, 1]) * float(draw.uniform(low=0.3, high=2)) if kind in kinds else 0.0
        noise = noise + ramp * (wanted - (noise * ramp).sum()) / (ramp**2).sum()
    return noise


def test_what_a_kernel_finds(learner, draw):
    kinds = [KINDS[number % len(KINDS)] for number in draw.permutation(48).tolist()]
    kernels = [a_kernel(draw, kind) * draw.choice([1.0, 1e-11, 1e9]) for kind in kinds]
    answers = [learner.what_it_finds(kernel) for kernel in kernels]
    for kernel, kind, answer in zip(kernels, kinds, answers, strict=True):
        assert_matches(answer, kind, asked(kernel))


def asked(kernel):
    """The question, and the three answers from which the kind follows."""
    height, width = kernel.shape
    across = torch.arange(width, dtype=torch.float64) - width // 2
    down = (torch.arange(height, dtype=torch.float64) - height // 2)[:, None]
    ones, right, below = (float((kernel * ramp).sum() / kernel.abs().sum()) for ramp in (1.0, across, down))
    answers = f"{ones:.2g} to ones, {right:.2g} to the ramp to the right, {below:.2g} to the one downwards"
    largest = float(kernel.abs().max())
    rows = [[round(weight / largest, 3) for weight in row] for row in kernel.tolist()]
    return f"What is found by {largest:.3g} · {rows} (per sum of magnitudes it answers {answers})"


def test_what_the_kernels_of_this_exercise_find(learner, draw):
    kernels = {
        "vertical edges": ACROSS,
        "horizontal edges": -ACROSS.T,
        "slanted edges": ACROSS + ACROSS.T,
        "spots": draw.choice([CROSS, EIGHT, -EIGHT]),
        "blur": torch.outer(bell(1.0, 2), bell(1.0, 2)),
    }
    sharp = -2 * kernels["blur"]
    sharp[2, 2] += 3
    for kind, kernel in {**kernels, "sharpening": sharp}.items():
        assert_matches(learner.what_it_finds(kernel), kind, asked(kernel))
