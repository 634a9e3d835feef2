"""Rotating an image: where each pixel of the result comes from, and what is there between four pixels.

Read the lesson first (`tutor lesson rotation`); `tutor hint` helps when you are stuck.

Positions are given as in `torch.nn.functional.affine_grid` and `grid_sample`: pairs (x, y), x to the right and y
downwards, both from −1 to 1 across the image. `align_corners` says what −1 and 1 are: with True the *centres* of the
first and the last pixel, with False the outer *edges* of the image, half a pixel further out.
"""

from torch import Tensor


def affine_grid(theta: Tensor, height: int, width: int, *, align_corners: bool = False) -> Tensor:
    """For each pixel of the output, the position in the input that it shows: theta · (x, y, 1).

    Args:
        theta: shape (2, 3), float32 or float64. Its first row gives the x of the input, its second row the y.
        height, width: of the output, both at least 2.
        align_corners: as above, for the pixels of the output.

    Returns:
        Shape (height, width, 2), in the dtype of `theta`; [..., 0] is x. `theta` must not be changed.
    """
    raise NotImplementedError


def grid_sample(image: Tensor, grid: Tensor, *, align_corners: bool = False) -> Tensor:
    """Read an image at any positions, bilinearly: from the four pixels around each, the nearer the more.

    Pixels outside the image are 0: next to the border, a position mixes the image with zeros.

    Args:
        image: shape (C, H, W), float32 or float64, both sizes at least 2.
        grid: shape (h, w, 2), finite, in the dtype of `image`; may lie anywhere, also far outside.
        align_corners: as above, for the pixels of `image`.

    Returns:
        Shape (C, h, w), in that dtype. Inputs must not be changed.
    """
    raise NotImplementedError


def rotation_matrix(degrees: float, height: int, width: int, *, align_corners: bool = False) -> list[list[float]]:
    """The `theta` that turns the picture around its centre, counter-clockwise as seen on the screen.

    Args:
        degrees: the angle; negative angles turn clockwise.
        height, width: of the image, both at least 2. Nothing is squeezed or sheared: what was a circle in pixels is a
            circle afterwards, also where height and width differ.
        align_corners: of the coordinates that theta is for.

    Returns:
        theta as two lists of three plain floats: [[…, …, …], […, …, …]], not a tensor.
    """
    raise NotImplementedError


def rotate(image: Tensor, degrees: float) -> Tensor:
    """The image turned around its centre, counter-clockwise, in its old frame: bilinear, zeros outside.

    Args:
        image: shape (C, H, W), float32 or float64, both sizes at least 2.
        degrees: the angle. (Which `align_corners` you use in here doesn't matter, if all three functions get the same.)

    Returns:
        Shape and dtype of `image`, which must not be changed.
    """
    raise NotImplementedError
