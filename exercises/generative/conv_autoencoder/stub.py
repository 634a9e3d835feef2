"""A convolutional autoencoder as a torch module, for images of any size.

Read the lesson first (`tutor lesson conv_autoencoder`); `tutor hint` helps when you are stuck. This one is built from
torch's layers; `torch.nn`, `torch.nn.functional` and autograd are yours. Pairs are (vertical, horizontal).
"""

from torch import Tensor, nn


def output_padding(size: int, kernel: int, stride: int, padding: int) -> int:
    """What a transposed convolution has to be told, so that it undoes the size of a convolution.

    Args:
        size: the length of one axis before the convolution, size + 2 · padding ≥ kernel.
        kernel, stride, padding: of the convolution, and of the transposed convolution after it. No dilation.

    Returns:
        The number p, 0 ≤ p < stride, with which `nn.ConvTranspose2d(…, kernel, stride, padding, output_padding=p)`
        makes `size` again out of the size that `nn.Conv2d(…, kernel, stride, padding)` makes of it.
    """
    raise NotImplementedError


def layer_shapes(
    channels: list[int], size: tuple[int, int], kernel: int, stride: int, padding: int
) -> list[tuple[int, int, int]]:
    """What the autoencoder makes of one image on its way through.

    Args:
        channels: as in `ConvAutoencoder`, C layers of encoder for C + 1 numbers.
        size: height and width of the image.
        kernel, stride, padding: of all layers, the same for both axes.

    Returns:
        (channels, height, width) after each convolution of the encoder, then after each transposed convolution of the
        decoder: 2C tuples, the last of which is (channels[0], *size).
    """
    raise NotImplementedError


class ConvAutoencoder(nn.Module):
    """Convolutions down to a code, and transposed convolutions back up to the size of the image.

    Attributes:
        encoder: nn.Sequential of Conv2d, ReLU, Conv2d, ReLU, …: a ReLU after every convolution, also after the last.
        decoder: nn.Sequential of ConvTranspose2d, ReLU, ConvTranspose2d, …: a ReLU between, none after the last one.
            It goes through the channels backwards, and each layer restores the size that the encoder's layer had.
        All with bias, initialised as torch does it.
    """

    encoder: nn.Sequential
    decoder: nn.Sequential

    def __init__(
        self, channels: list[int], size: tuple[int, int], kernel: int = 3, stride: int = 2, padding: int = 1
    ) -> None:
        """Build the layers.

        Args:
            channels: of the image, after the first convolution, …, of the code: [3, 16, 8] has two convolutions.
            size: height and width of the images.
            kernel, stride, padding: of all layers, the same for both axes.
        """
        raise NotImplementedError

    def encode(self, x: Tensor) -> Tensor:
        """Images (N, channels[0], H, W) to codes (N, channels[-1], h, w)."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Images to the logits of their reconstruction, both (N, channels[0], H, W)."""
        raise NotImplementedError


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """The binary cross-entropy of the model's reconstruction of x, with the gradients of its parameters attached.

    Args:
        model: returns logits of the shape of x.
        x: images between 0 and 1, shape (N, C, H, W).

    Returns:
        A 0-dimensional tensor: summed over channels and pixels, averaged over the N samples.
    """
    raise NotImplementedError
