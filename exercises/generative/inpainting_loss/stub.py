"""Filling holes in images: the composite, a loss that knows of the hole, and a convolution that does.

Read the lesson first (`tutor lesson inpainting_loss`); `tutor hint` helps when you are stuck. In all masks **1 is known
and 0 is the hole**. Masks are floats of shape (N, 1, H, W), one for all channels. No function may change its inputs.
"""

from torch import Tensor


def composite(output: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """What the user gets to see: known pixels from the image, the hole from the network.

    Args:
        output: what the network says, shape (N, C, H, W).
        image: the image, shape (N, C, H, W). What it has in the hole must not matter, be it NaN.
        mask: shape (N, 1, H, W).

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def inpainting_loss(
    output: Tensor, target: Tensor, mask: Tensor, hole_weight: float = 6.0, known_weight: float = 1.0
) -> Tensor:
    """The mean squared error in the hole and the one outside it, each with a weight of its own.

    Args:
        output: what the network says, shape (N, C, H, W).
        target: the whole image, shape (N, C, H, W).
        mask: shape (N, 1, H, W).
        hole_weight, known_weight: of the two means.

    Returns:
        A 0-dimensional tensor: hole_weight · (mean of (output − target)² over all elements in holes, of all samples and
        channels together) + known_weight · (the same over all known elements). A mean over no element counts as 0.
    """
    raise NotImplementedError


def inpainting_loss_backward(
    grad_output: Tensor,
    output: Tensor,
    target: Tensor,
    mask: Tensor,
    hole_weight: float = 6.0,
    known_weight: float = 1.0,
) -> Tensor:
    """The gradient of `inpainting_loss` for `output`.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        output, target, mask, hole_weight, known_weight: as in `inpainting_loss`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def partial_conv(x: Tensor, mask: Tensor, weight: Tensor, bias: Tensor, padding: int) -> tuple[Tensor, Tensor]:
    """A convolution that sees known pixels only, and makes up for those that it doesn't see. Stride 1.

    Args:
        x: shape (N, C_in, H, W); its values in the hole are finite, and must not matter.
        mask: shape (N, 1, H, W).
        weight: shape (C_out, C_in, K_h, K_w).
        bias: shape (C_out,).
        padding: rows and columns of zeros on each side. They count as hole.

    Returns:
        output: shape (N, C_out, H', W'). With k known pixels in a window: weight · (x ⊙ mask) · (K_h · K_w / k) + bias,
            and plain 0 (without bias) where k = 0.
        new_mask: shape (N, 1, H', W'), 1 where k > 0, else 0, in the dtype of `mask`.
    """
    raise NotImplementedError
