"""Pooling over the whole map, over any number of windows, and what it tells about where a class was seen.

Read the lesson first (`tutor lesson global_pooling`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# Images and features have shape (N, C, H, W), float32 or float64; results keep the dtype, inputs must not be changed.
# Where the largest value of a window is there several times, the first one in reading order (row by row, each from
# left to right) counts as the largest.


def global_avgpool(x: Tensor) -> Tensor:
    """The mean of every map, shape (N, C)."""
    raise NotImplementedError


def global_avgpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """The gradient of `global_avgpool` for x.

    Args:
        grad_output: ∂L/∂output, shape (N, C).
        x: as in the forward pass.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def global_maxpool(x: Tensor) -> Tensor:
    """The largest value of every map, shape (N, C)."""
    raise NotImplementedError


def global_maxpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """The gradient of `global_maxpool` for x; all of it goes to one element of each map.

    Args:
        grad_output: ∂L/∂output, shape (N, C).
        x: as in the forward pass.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def adaptive_maxpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """The largest values of as many windows as are asked for.

    Of H rows, output row i takes those from floor(i · H / out_h) up to, not including, ceil((i + 1) · H / out_h);
    columns alike. Windows may overlap, and output_size may exceed the image's.

    Args:
        x: shape (N, C, H, W).
        output_size: (out_h, out_w).

    Returns:
        Shape (N, C, out_h, out_w).
    """
    raise NotImplementedError


def adaptive_maxpool2d_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """The gradient of `adaptive_maxpool2d` for x.

    Args:
        grad_output: ∂L/∂output, shape (N, C, out_h, out_w).
        x: as in the forward pass.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def class_activation(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """A classifier's head, global average pooling and a linear layer; and where each class gets its score from.

    Args:
        features: the last feature maps, shape (N, C, H, W).
        weight: of the linear layer, shape (classes, C).
        bias: shape (classes,).

    Returns:
        logits: shape (N, classes), the linear layer applied to the pooled features.
        maps: shape (N, classes, H, W): the linear layer without its bias, applied at every pixel. The mean of a map
            plus the bias is the class's logit.
    """
    raise NotImplementedError
