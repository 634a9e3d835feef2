"""Concept check: how large a layer's output is, and what the layer costs.

Read the lesson first (`tutor lesson conv_sizes`); `tutor hint` helps when you are stuck. All of it is arithmetic with
whole numbers: no tensor is needed.
"""

from typing import Any

Shape = tuple[int, ...]


def conv_output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many positions a convolution's kernel has along one axis.

    Args:
        size: rows (or columns) of the input.
        kernel: taps of the kernel along this axis.
        stride: between neighbouring positions.
        padding: zeros added on each of the two sides.
        dilation: distance between neighbouring taps.

    Returns:
        Rows (or columns) of the output.

    Raises:
        ValueError: if the dilated kernel is longer than the padded input.
    """
    raise NotImplementedError


def pool_output_size(
    size: int,
    kernel: int,
    *,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """The same for `torch.nn.MaxPool2d`.

    Args:
        size, kernel, padding, dilation: as above.
        stride: None means `kernel`, so that windows lie side by side.
        ceil_mode: also count a last window that sticks out beyond the padded input on the right: round up instead of
            down. But a window that would *begin* at or beyond the end of input and left padding (at index
            `size + padding` or later, counted from the first padded element) is never counted.

    Returns:
        Rows (or columns) of the output. Every call here has room for one window at least.
    """
    raise NotImplementedError


def conv_transpose_output_size(
    size: int, kernel: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """The same for a transposed convolution, `torch.nn.ConvTranspose2d`.

    The output is the smallest size that a convolution with this kernel, stride, padding and dilation maps to `size`,
    plus `output_padding`.
    """
    raise NotImplementedError


def same_padding(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """How many zeros to add (left, right) for an output as large as the input, at stride 1.

    Where the two can't be equal, the right side gets one more (torch's `padding="same"`).
    """
    raise NotImplementedError


def stack_report(layers: list[dict[str, Any]], shape: tuple[int, int, int]) -> list[tuple[Shape, int, int]]:
    """Output shape, parameters and multiply-adds of every layer of a stack, for one image.

    Args:
        layers: each a dict with its "kind", and of pairs (vertical, horizontal):
            {"kind": "conv", "out_channels": int, "kernel": pair, "stride": pair, "padding": pair, "dilation": pair,
            "groups": int, "bias": bool}: torch.nn.Conv2d. Each output channel sees C_in / groups input channels.
            {"kind": "maxpool", "kernel": pair, "stride": pair, "padding": pair}: torch.nn.MaxPool2d, rounding down.
            {"kind": "relu"}.
            {"kind": "batchnorm"}: torch.nn.BatchNorm2d; its parameters are a scale and a shift for each channel.
            {"kind": "flatten"}: (C, H, W) becomes (C · H · W,).
            {"kind": "linear", "out_features": int, "bias": bool}: torch.nn.Linear, on a flat input only.
        shape: (C, H, W) of the image.

    Returns:
        For each layer, in order: (output shape without the batch axis, learned numbers, multiply-adds).
        A multiply-add is one weight times one input, added to a sum, in a conv or linear layer, zeros of the padding
        included; adding the bias is not counted, and all other kinds cost 0.
    """
    raise NotImplementedError
