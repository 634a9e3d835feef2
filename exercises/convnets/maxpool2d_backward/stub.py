"""The gradient of max pooling.

Read the lesson first (`tutor lesson maxpool2d_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """Given the gradient of a loss for the output of max pooling, find it for the input.

    The forward pass was `torch.nn.functional.max_pool2d(x, kernel_size, stride, padding)`. Every pair is (vertical,
    horizontal). The padding never wins: it counts as −∞. Where several elements of a window share the maximum, the
    first of them, row by row from the top and from left to right within a row, was chosen, and gets everything.

    Args:
        grad_output: ∂L/∂output, shape (N, C, H_out, W_out).
        x: the input, shape (N, C, H, W), finite.
        kernel_size: rows and columns of a window.
        stride: rows and columns between neighbouring windows; smaller than the window, they overlap.
        padding: rows above and below, columns left and right; at most half of `kernel_size`.

    Returns:
        ∂L/∂x, in the shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError
