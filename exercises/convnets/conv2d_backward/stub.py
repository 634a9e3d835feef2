"""The gradients of a two-dimensional convolution.

Read the lesson first (`tutor lesson conv2d_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def conv2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """Given the gradient of a loss for the output of a convolution, find it for everything that went in.

    The forward pass was `torch.nn.functional.conv2d(x, weight, bias, stride, padding, dilation, groups)`:
    cross-correlation, zero padding, one bias per output channel. Every pair is (vertical, horizontal).

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H_out, W_out).
        x: the input, shape (N, C_in, H, W).
        weight: the kernels, shape (C_out, C_in // groups, K_h, K_w).
        stride: rows and columns between neighbouring windows.
        padding: rows of zeros above and below, columns of zeros left and right.
        dilation: rows and columns between neighbouring taps of the kernel.
        groups: how many separate convolutions the channels are split into. Output channels
            [g · C_out/groups, (g+1) · C_out/groups) see input channels [g · C_in/groups, (g+1) · C_in/groups).

    Returns:
        grad_x: shape of `x`.
        grad_weight: shape of `weight`.
        grad_bias: shape (C_out,).
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError
