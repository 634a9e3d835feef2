"""Average pooling, over windows, over everything, and to any size; with the gradients.

Read the lesson first (`tutor lesson avgpool2d`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# In all functions a pair is (vertical, horizontal), images have shape (N, C, H, W) in float32 or float64, the dtype is
# kept, and inputs must not be changed. There are (H + 2 · padding − kernel) // stride + 1 rows of windows.


def avgpool2d(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of every window.

    Args:
        x: shape (N, C, H, W).
        kernel_size: of a window.
        stride: None means kernel_size.
        padding: zeros on each side, at most half the kernel.
        count_include_pad: True divides by the window's size, False by the number of its elements that aren't padding.

    Returns:
        Shape (N, C, out_h, out_w).
    """
    raise NotImplementedError


def avgpool2d_backward(
    grad_output: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """The gradient for x.

    Args:
        grad_output: ∂L/∂output, shape (N, C, out_h, out_w).
        size: (H, W) of x.
        kernel_size, stride, padding, count_include_pad: as in the forward pass.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def global_avgpool2d(x: Tensor) -> Tensor:
    """The mean of every channel of every image, shape (N, C, 1, 1)."""
    raise NotImplementedError


def adaptive_avgpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """Means over as many windows as are asked for.

    Of H rows, output row i takes those from floor(i · H / out_h) up to, not including, ceil((i + 1) · H / out_h);
    columns alike. Windows may overlap, and output_size may exceed the image's.

    Args:
        x: shape (N, C, H, W).
        output_size: (out_h, out_w).

    Returns:
        Shape (N, C, out_h, out_w).
    """
    raise NotImplementedError


def adaptive_avgpool2d_backward(grad_output: Tensor, size: tuple[int, int]) -> Tensor:
    """The gradient for x.

    Args:
        grad_output: ∂L/∂output, shape (N, C, out_h, out_w).
        size: (H, W) of x.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError
