"""Split an axis, move the pieces, merge them: reshape, permute, reshape."""

from torch import Tensor


def pixel_shuffle(x: Tensor, factor: int) -> Tensor:
    """See the stub."""
    n, channels, height, width = x.shape
    if channels % factor**2:
        raise ValueError(f"{channels} channels can't be split into blocks of {factor**2}")
    blocks = x.reshape(n, channels // factor**2, factor, factor, height, width)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, -1, height * factor, width * factor)


def pixel_shuffle_backward(grad_output: Tensor, factor: int) -> Tensor:
    """See the stub."""
    n, channels, height, width = grad_output.shape
    blocks = grad_output.reshape(n, channels, height // factor, factor, width // factor, factor)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, channels * factor**2, height // factor, width // factor)


def subpixel_layer(
    channels: int, kernel: int, factor: int, height: int, width: int
) -> tuple[int, int, tuple[int, int, int]]:
    """See the stub."""
    return channels * factor**2, (kernel - 1) // 2, (channels, height * factor, width * factor)
