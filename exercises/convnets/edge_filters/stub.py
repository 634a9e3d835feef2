"""Kernels designed by hand: blurs, edges, spots and sharpening, before any network learns its own.

Read the lesson first (`tutor lesson edge_filters`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# Images have shape (N, C, H, W), float32 or float64, row 0 at the top. Every channel of every image is filtered by
# itself, with the same kernel. The output has the shape and dtype of the image, which must not be changed. Wherever a
# kernel looks beyond the border, it finds the nearest pixel of the image: the border is repeated, no zeros are added.


def filter2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Cross-correlate (nothing is flipped) every channel with one kernel whose centre is laid on each pixel in turn.

    Args:
        x: images, shape (N, C, H, W).
        kernel: shape (K_h, K_w), both odd, in the dtype of `x`; it may be larger than the image.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def gaussian_kernel(sigma: float, radius: int) -> Tensor:
    """The bell exp(−k² / 2σ²) at k = −radius … radius, divided by its sum.

    Args:
        sigma: the standard deviation σ, in pixels.
        radius: how many elements on each side of the middle, from 0.

    Returns:
        Shape (2 · radius + 1,), float64, with sum 1.
    """
    raise NotImplementedError


def gaussian_blur(x: Tensor, sigma: float, radius: int) -> Tensor:
    """Blur with the bell in both directions: the kernel is bell[i] · bell[j].

    Args:
        x: images, shape (N, C, H, W).
        sigma, radius: of `gaussian_kernel`.

    Returns:
        Shape (N, C, H, W), in the dtype of `x`.
    """
    raise NotImplementedError


def separate(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """Write a kernel as a column times a row: kernel[i, j] = column[i] · row[j].

    Args:
        kernel: shape (K_h, K_w), float64, not all zeros, of any magnitude; single rows and columns may be zero.

    Returns:
        column: shape (K_h,), and row: shape (K_w,), float64. Any pair with the right products will do.

    Raises:
        ValueError: if there is no such pair: if the best you find misses an element by more than 1e-10 times the
            largest element (by magnitude).
    """
    raise NotImplementedError


def sobel(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How fast the image grows to the right and downwards, by Sobel's kernels.

    Each is the difference (−1, 0, 1) in its own direction times the weights (1, 2, 1) in the other; divided by 8, so
    that an image that grows by `a` from pixel to pixel has the slope `a`.

    Args:
        x: images, shape (N, C, H, W).

    Returns:
        g_x: the slope to the right, positive where columns further right are larger.
        g_y: the slope downwards, positive where rows further down are larger.
        magnitude: √(g_x² + g_y²).
        All of shape (N, C, H, W).
    """
    raise NotImplementedError


def laplacian(x: Tensor, *, diagonals: bool = False) -> Tensor:
    """The sum over a pixel's neighbours of (neighbour − pixel): positive in a dark spot.

    Args:
        x: images, shape (N, C, H, W).
        diagonals: False for the four neighbours beside, above and below, True for all eight.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def sharpening_kernel(sigma: float, radius: int, amount: float) -> Tensor:
    """One kernel that does x + amount · (x − blurred x), with `gaussian_blur(x, sigma, radius)` as the blur.

    Args:
        sigma, radius: of the blur.
        amount: how much of what the blur takes away is added, from 0.

    Returns:
        Shape (2 · radius + 1, 2 · radius + 1), float64.
    """
    raise NotImplementedError


def what_it_finds(kernel: Tensor) -> str:
    """What a kernel is for, from its answers to an image of ones, a ramp to the right and a ramp downwards.

    An answer counts as 0 if it is below 1e-9 times the sum of the elements' magnitudes. Here "ramp" is the image
    x[i, j] = j (to the right) or x[i, j] = i (downwards), counted from the kernel's centre.

    Args:
        kernel: shape (K_h, K_w), float64, both odd.

    Returns:
        If the answer to ones is 0, one of
            "vertical edges": it answers to the ramp to the right, and not to the one downwards;
            "horizontal edges": to the ramp downwards, and not to the one to the right;
            "slanted edges": to both;
            "spots": to neither.
        Otherwise
            "blur": no element is negative;
            "sharpening": some element is negative.
    """
    raise NotImplementedError
