"""Flips and crops, of an image and of the boxes drawn on it, and a batch in which every image gets its own.

Read the lesson first (`tutor lesson flips_and_crops`); `tutor hint` helps when you are stuck.

Boxes are rows x1, y1, x2, y2 in real coordinates. Pixel (row r, column c) covers the square from (x, y) = (c, r) to
(c + 1, r + 1), so a box around the whole image is 0, 0, W, H.
"""

import torch
from torch import Tensor


def flip(image: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Mirror an image left to right, and its boxes with it.

    Args:
        image: shape (C, H, W), any dtype.
        boxes: shape (N, 4), float32 or float64, with x1 ≤ x2 and y1 ≤ y2; N may be 0.

    Returns:
        The mirrored image, and the mirrored boxes in their order, each again with x1 ≤ x2 and y1 ≤ y2. Shapes and
        dtypes stay. Inputs must not be changed.
    """
    raise NotImplementedError


def crop(
    image: Tensor,
    boxes: Tensor,
    *,
    top: int,
    left: int,
    height: int,
    width: int,
    padding: int = 0,
    min_visible: float = 0.0,
) -> tuple[Tensor, Tensor, Tensor]:
    """Pad an image with zeros, cut a window out of it, and find what is left of the boxes.

    Args:
        image: shape (C, H, W), any dtype.
        boxes: shape (N, 4), float32 or float64, inside the image, in its coordinates before padding; N may be 0.
        top, left: the window's first row and column, counted in the padded image, whose upper left corner is (0, 0).
        height, width: of the window. It lies inside the padded image.
        padding: rows of zeros above and below, columns of zeros left and right.
        min_visible: a box stays if the area that is left of it is more than 0, and at least this share of its own.

    Returns:
        window: shape (C, height, width), the dtype of `image`.
        boxes: those that stay, in their order, in the window's coordinates, cut off at its border. Shape (M, 4), in
            the dtype of `boxes`.
        kept: the rows of `boxes` that stay, ascending, int64, shape (M,).
        Inputs must not be changed.
    """
    raise NotImplementedError


def augment(images: Tensor, *, padding: int, generator: torch.Generator) -> Tensor:
    """Flip each image of a batch with probability ½, then pad it and cut a window of the old size out of it at random.

    All that is random comes from `generator`, in this order, each drawn once for the whole batch:
    `torch.rand(N)`: image n is flipped where number n is below 0.5; then `torch.randint(0, 2 * padding + 1, (N,))`, the
    top rows of the windows; then the same once more, their left columns. Nothing else is drawn.

    Args:
        images: shape (N, C, H, W), any dtype.
        padding: as in `crop`; 0 leaves only the flips (and the draws stay as they are).
        generator: where the random numbers come from.

    Returns:
        Shape and dtype of `images`, which must not be changed.
    """
    raise NotImplementedError
