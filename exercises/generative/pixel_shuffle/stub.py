"""Sub-pixel upsampling: channels that become pixels.

Read the lesson first (`tutor lesson pixel_shuffle`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def pixel_shuffle(x: Tensor, factor: int) -> Tensor:
    """Rearrange (N, C · r², H, W) into (N, C, H · r, W · r), with r = factor.

    Input channel c · r² + i · r + j becomes the pixel in row i and column j of each r × r block of output channel c:
    out[n, c, h · r + i, w · r + j] = x[n, c · r² + i · r + j, h, w].

    Args:
        x: shape (N, C · r², H, W), any dtype.
        factor: r, at least 1.

    Returns:
        Shape (N, C, H · r, W · r), in the dtype of `x`. `x` must not be changed.

    Raises:
        ValueError: if the number of channels is no multiple of r².
    """
    raise NotImplementedError


def pixel_shuffle_backward(grad_output: Tensor, factor: int) -> Tensor:
    """The gradient for `x`.

    Args:
        grad_output: ∂L/∂out, shape (N, C, H · r, W · r).
        factor: r, as in the forward pass.

    Returns:
        ∂L/∂x, shape (N, C · r², H, W), in the dtype of `grad_output`, which must not be changed.
    """
    raise NotImplementedError


def subpixel_layer(
    channels: int, kernel: int, factor: int, height: int, width: int
) -> tuple[int, int, tuple[int, int, int]]:
    """The numbers of a super-resolution network's last layer: a convolution, then pixel_shuffle.

    Args:
        channels: of the image that comes out.
        kernel: the convolution's kernel size, odd; its stride is 1.
        factor: r.
        height, width: of the feature map that goes into the convolution.

    Returns:
        The convolution's number of output channels; the padding on each side that keeps height and width; and the shape
        (channels, height, width) of the image that comes out of the shuffle.
    """
    raise NotImplementedError
