"""Convolution along one axis, for series and texts, with padding on each side by itself; and its gradients.

Read the lesson first (`tutor lesson conv1d`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> Tensor:
    """Cross-correlate every series with every kernel; nothing is flipped.

    Args:
        x: the series, shape (N, C_in, L).
        weight: the kernels, shape (C_out, C_in, K).
        bias: shape (C_out,), added to every element of its channel, or None.
        stride: steps between neighbouring windows.
        padding: (left, right): zeros put before the first and after the last element.
        dilation: steps between neighbouring taps of the kernel.

    Returns:
        Shape (N, C_out, L_out), in the dtype of `x`. A window that would run over the end doesn't count. The inputs
        must not be changed.

    Raises:
        ValueError: if not a single window fits.
    """
    raise NotImplementedError


def conv1d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of `conv1d` with a bias.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, L_out).
        x, weight, stride, padding, dilation: as in the forward pass.

    Returns:
        grad_x: shape of `x`; zero where no window reaches.
        grad_weight: shape of `weight`.
        grad_bias: shape (C_out,).
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def causal_padding(kernel: int, dilation: int) -> tuple[int, int]:
    """The padding (left, right) with which output t depends on the inputs 0 … t only, and is as long as the input.

    Args:
        kernel: taps of the kernel.
        dilation: steps between neighbouring taps. The stride is 1.
    """
    raise NotImplementedError
