"""Concept check: which part of the image one element of a feature map sees.

Read the lesson first (`tutor lesson receptive_field`); `tutor hint` helps when you are stuck. Everything is along one
axis; rows and columns are worked out separately.
"""

from torch import Tensor

Layer = tuple[int, int, int, int]  # (kernel, stride, padding, dilation) of a convolution or pooling layer


def receptive_field(layers: list[Layer]) -> tuple[int, int, int]:
    """What one element of the last layer's output sees of the input of the first.

    Args:
        layers: from the input to the output, each (kernel, stride, padding, dilation). Empty: the output is the input.

    Returns:
        size: how many neighbouring input elements lie between the first and the last that can influence it, both
            included (the gaps of a dilated kernel count, and so does padding).
        jump: input elements between what two neighbouring outputs see: the product of the strides.
        start: the index of the first input element that output 0 sees. Negative if it lies in the padding.
    """
    raise NotImplementedError


def seen_by(layers: list[Layer], index: int, size: int) -> tuple[int, int]:
    """The input elements between which output number `index` sees, without the padding.

    Args:
        layers: as above.
        index: of the output, from 0.
        size: how many elements the input has.

    Returns:
        (first, last): indices of input elements, both included, cut to 0 … size − 1. Every output that is asked
        for here sees at least one.
    """
    raise NotImplementedError


def layers_needed(size: int, kernel: int, stride: int) -> int:
    """The least number of equal layers (this kernel and stride, dilation 1) whose receptive field is at least `size`.

    Args:
        size: of the receptive field wanted, at least 1. No layer at all sees 1 element.
        kernel: at least 2.
        stride: from 1 up to `kernel`.
    """
    raise NotImplementedError


def measured(grad_input: Tensor) -> tuple[int, int, int, int]:
    """The receptive field of an output, measured: the part of an image where its gradient isn't zero.

    Args:
        grad_input: the gradient of one output element for a batch of images, shape (N, C, H, W), any dtype.

    Returns:
        (top, bottom, left, right): first and last row, first and last column, all included, in which any image and
        any channel has a gradient other than 0, however small or negative.

    Raises:
        ValueError: if all of it is 0.
    """
    raise NotImplementedError
