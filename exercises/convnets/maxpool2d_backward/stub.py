"""Max pooling and its gradient.

Read the lesson first (`tutor lesson maxpool2d_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def maxpool2d(
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """The largest element of each window, and where it stood.

    Windows of K_h × K_w begin every `stride` rows and columns, in each sample and channel by itself. Every pair is
    (vertical, horizontal). The padding never wins: it counts as −∞.

    Args:
        x: the input, shape (N, C, H, W), finite.
        kernel_size: rows and columns of a window.
        stride: rows and columns between neighbouring windows; smaller than the window, they overlap.
        padding: rows above and below, columns left and right; at most half of `kernel_size`.

    Returns:
        values: shape (N, C, H_out, W_out), in the dtype of `x`. H_out = ⌊(H + 2·padding − K_h) / stride⌋ + 1, and
            W_out alike: a window that doesn't fit in completely is left out.
        indices: the same shape, int64: the winner's place in its plane of x, without the padding, row · W + column
            (0 … H·W − 1). Of equal maxima the first: row by row from the top, from left to right within a row.
        `x` must not be changed.
    """
    raise NotImplementedError


def maxpool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    *,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> Tensor:
    """Given the gradient of a loss for the output of max pooling, find it for the input.

    The forward pass was `values, _ = maxpool2d(x, kernel_size=…, stride=…, padding=…)`, with −∞ for the padding. Where
    several elements of a window share the maximum, the first of them, row by row from the top and from left to right
    within a row, was chosen, and gets everything.

    Args:
        grad_output: ∂L/∂values, shape (N, C, H_out, W_out).
        x: the input, shape (N, C, H, W), finite.
        kernel_size, stride, padding: as above.

    Returns:
        ∂L/∂x, in the shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError
