"""Convolutions that don't mix everything with everything: pointwise, depthwise, grouped, and the channel shuffle.

Read the lesson first (`tutor lesson grouped_conv`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# Pairs are (vertical, horizontal). There are no biases. Results have the dtype of `x` (of `grad_output` in backward
# passes); inputs must not be changed.


def pointwise(x: Tensor, weight: Tensor) -> Tensor:
    """A convolution with a kernel of 1 × 1: at every pixel the channels are mixed, and pixels don't meet.

    Args:
        x: shape (N, C_in, H, W).
        weight: shape (C_out, C_in), without the two axes of length 1.

    Returns:
        Shape (N, C_out, H, W).
    """
    raise NotImplementedError


def pointwise_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of `pointwise`.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H, W).
        x, weight: as in the forward pass.

    Returns:
        grad_x: shape (N, C_in, H, W), and grad_weight: shape (C_out, C_in).
    """
    raise NotImplementedError


def depthwise(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """Every channel is filtered by itself, by `m` filters of its own; `torch.nn.functional.conv2d` with groups=C.

    Args:
        x: shape (N, C, H, W).
        weight: shape (C · m, 1, K_h, K_w). The filters c·m … c·m + m − 1 belong to channel c; each makes the output
            channel of its own number. Nothing is flipped.
        stride: rows and columns between neighbouring windows.
        padding: rows of zeros above and below, columns of zeros left and right.

    Returns:
        Shape (N, C · m, H_out, W_out).
    """
    raise NotImplementedError


def depthwise_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """The gradients of `depthwise`.

    Args:
        grad_output: ∂L/∂output, shape (N, C · m, H_out, W_out).
        x, weight, stride, padding: as in the forward pass.

    Returns:
        grad_x: shape (N, C, H, W), and grad_weight: shape (C · m, 1, K_h, K_w).
    """
    raise NotImplementedError


def dense_kernel(weight: Tensor, groups: int) -> Tensor:
    """The kernel with which a convolution *without* groups gives the same output as this one with them.

    Args:
        weight: of a grouped convolution, shape (C_out, C_in // groups, K_h, K_w). Output channels
            [g · C_out/groups, (g+1) · C_out/groups) see input channels [g · C_in/groups, (g+1) · C_in/groups).
        groups: how many groups.

    Returns:
        Shape (C_out, C_in, K_h, K_w), in the dtype of `weight`: zeros where two channels don't meet.
    """
    raise NotImplementedError


def channel_shuffle(x: Tensor, groups: int) -> Tensor:
    """Deal the channels out like cards: the first of each group, then the second of each group, and so on.

    Args:
        x: shape (N, C, H, W); C is a multiple of `groups`, and group g consists of the C/groups channels from
            g · C/groups on.
        groups: how many groups there are in `x`.

    Returns:
        Shape (N, C, H, W). Channel j · groups + g of it is the j-th channel of group g.
    """
    raise NotImplementedError


def channel_shuffle_backward(grad_output: Tensor, groups: int) -> Tensor:
    """The gradient of `channel_shuffle` for x.

    Args:
        grad_output: ∂L/∂output, shape (N, C, H, W).
        groups: as in the forward pass.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def conv_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, groups: int = 1
) -> tuple[int, int]:
    """What a convolution costs for one image.

    Args:
        c_in, c_out: channels.
        kernel: (K_h, K_w).
        out_size: (H_out, W_out) of the output.
        groups: how many groups.

    Returns:
        (weights, multiply-adds). A multiply-add is one weight times one input, added to a sum.

    Raises:
        ValueError: if c_in or c_out is no multiple of groups.
    """
    raise NotImplementedError


def separable_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, multiplier: int = 1
) -> tuple[int, int]:
    """The same for a depthwise convolution with this kernel, followed by a pointwise one.

    Args:
        c_in: channels of the image.
        c_out: channels of the pointwise convolution's output.
        kernel: of the depthwise convolution.
        out_size: of both convolutions.
        multiplier: filters of the depthwise convolution for each input channel.

    Returns:
        (weights, multiply-adds) of both together.
    """
    raise NotImplementedError
