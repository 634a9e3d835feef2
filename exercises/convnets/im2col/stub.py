"""im2col and col2im: a convolution as one matrix product.

Read the lesson first (`tutor lesson im2col`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# In all functions a pair is (vertical, horizontal). There are out_h = (H + 2 · padding − dilation · (K − 1) − 1) //
# stride + 1 rows of windows, and columns alike; L = out_h · out_w. Inputs must not be changed; the dtype is kept.


def im2col(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """Every window of an image as a column, in the layout of `torch.nn.functional.unfold`.

    Args:
        x: shape (N, C, H, W), float32 or float64.
        kernel_size: (kernel_h, kernel_w).
        stride, padding, dilation: as for a convolution; padded with zeros.

    Returns:
        Shape (N, C · kernel_h · kernel_w, L). Row c · kernel_h · kernel_w + i · kernel_w + j has the tap (i, j) of
        channel c; column r · out_w + s has the window of output row r and column s.
    """
    raise NotImplementedError


def col2im(
    columns: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """The gradient of im2col: each number goes back to the pixel that it came from, and numbers for one pixel add up.

    Args:
        columns: shape (N, C · kernel_h · kernel_w, L).
        size: (H, W) of the image.
        kernel_size, stride, padding, dilation: as for `im2col`.

    Returns:
        Shape (N, C, H, W). What belongs to the padding is dropped.
    """
    raise NotImplementedError


def conv2d_by_im2col(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """A convolution without bias as im2col and one matrix product.

    Args:
        x: shape (N, C_in, H, W).
        weight: shape (C_out, C_in, kernel_h, kernel_w).
        stride, padding: as for `im2col`.

    Returns:
        Shape (N, C_out, out_h, out_w).
    """
    raise NotImplementedError
