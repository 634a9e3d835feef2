"""The transposed convolution, which enlarges, and its gradients.

Read the lesson first (`tutor lesson conv_transpose2d`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# Every pair is (vertical, horizontal). Inputs must not be changed; results have the dtype of `x` (or of grad_output).


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """Stamp each input's kernel onto the output, `stride` apart, as torch.nn.functional.conv_transpose2d does.

    Input (p, q) adds x[n, c, p, q] · weight[c, o, i, j] to row p · stride + i · dilation, column alike, of a canvas
    that begins at (0, 0). Then `padding` rows and columns are cut off at each side, and at the bottom and on the right
    `output_padding` rows and columns are not cut off, or are added, if the canvas isn't that long.

    Args:
        x: shape (N, C_in, H, W).
        weight: shape (C_in, C_out, K_h, K_w): input channels first.
        bias: shape (C_out,), added to every element of its channel, also where nothing was stamped; or None.
        stride: rows and columns between neighbouring stamps.
        padding: rows cut off above and below, columns cut off left and right.
        output_padding: more rows at the bottom and columns on the right, without a stamp if the canvas ends before.
        dilation: rows and columns between neighbouring taps of the kernel.

    Returns:
        Shape (N, C_out, H_out, W_out) with
        H_out = (H − 1) · stride + dilation · (K_h − 1) + 1 − 2 · padding + output_padding; W_out alike.
    """
    raise NotImplementedError


def conv_transpose2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of `conv_transpose2d` with a bias.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H_out, W_out).
        x, weight, stride, padding, output_padding, dilation: as in the forward pass.

    Returns:
        grad_x: shape of `x`, grad_weight: shape of `weight`, grad_bias: shape (C_out,).
    """
    raise NotImplementedError


def conv2d_grad_input(
    grad_output: Tensor,
    weight: Tensor,
    size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """The gradient of an ordinary convolution for its input, by one call of `conv_transpose2d`.

    The forward pass was `torch.nn.functional.conv2d(x, weight, None, stride, padding, dilation)`.

    Args:
        grad_output: ∂L/∂output of that convolution, shape (N, C_out, H_out, W_out).
        weight: of that convolution, shape (C_out, C_in, K_h, K_w).
        size: (H, W) of x.
        stride, padding, dilation: of that convolution.

    Returns:
        ∂L/∂x, shape (N, C_in, H, W).
    """
    raise NotImplementedError


def coverage(size: int, kernel: int, stride: int) -> list[int]:
    """How many stamps reach each output element along one axis, with padding 0 and dilation 1.

    Args:
        size: elements of the input; kernel: taps; stride: as above, possibly larger than the kernel.

    Returns:
        (size − 1) · stride + kernel whole numbers.
    """
    raise NotImplementedError
