"""Two-dimensional convolution, and the size of its output.

Read the lesson first (`tutor lesson conv2d_forward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def conv2d_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many windows fit along one axis.

    Args:
        size: of the input along this axis.
        kernel_size: taps of the kernel along this axis.
        stride: from one window to the next.
        padding: zeros added at each of the two ends.
        dilation: from one tap of the kernel to the next.

    Returns:
        The size of the output along this axis. A window that would run over the end does not count.

    Raises:
        ValueError: if not a single window fits.
    """
    raise NotImplementedError


def conv2d_forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """Cross-correlate every image with every kernel: what deep learning calls convolution.

    Every pair is (vertical, horizontal).

    Args:
        x: the input, shape (N, C_in, H, W).
        weight: the kernels, shape (C_out, C_in // groups, K_h, K_w); nothing is flipped.
        bias: shape (C_out,), added to every element of its channel, or None for no bias.
        stride: rows and columns between neighbouring windows.
        padding: rows of zeros above and below, columns of zeros left and right.
        dilation: rows and columns between neighbouring taps of the kernel.
        groups: how many separate convolutions the channels are split into. Output channels
            [g · C_out/groups, (g+1) · C_out/groups) see input channels [g · C_in/groups, (g+1) · C_in/groups).

    Returns:
        Shape (N, C_out, H_out, W_out), in the dtype of `x`. The inputs must not be changed.

    Raises:
        ValueError: if no window fits vertically or horizontally.
    """
    raise NotImplementedError
