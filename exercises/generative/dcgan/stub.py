"""The generator and the discriminator of a DCGAN, their initialisation, and how to draw samples.

Read the lesson first (`tutor lesson dcgan`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn

# For both networks: widths is a list of L ≥ 1 channel counts in the order in which data passes them, and images have
# S = 4 · 2ᴸ pixels a side. Make the layers in the order of the forward pass, each as one of torch's modules, so that
# `parameters()` yields them in that order (weight before bias). Batch normalisation is nn.BatchNorm2d with torch's
# defaults. A convolution right before a batch normalisation has no bias; all others have one.


class Generator(nn.Module):
    """From noise (N, latent) to images (N, channels, S, S) in (−1, 1).

    The noise is an image of one pixel with `latent` channels to start with. In order:
    1. a transposed convolution to widths[0] channels, kernel 4, stride 1, padding 0: 4 × 4 pixels;
    2. for each further width, a transposed convolution to it, kernel 4, stride 2, padding 1, which doubles the side;
    3. one more of these to `channels`.
    After each convolution but the last: batch normalisation, then ReLU. After the last: tanh.
    """

    def __init__(self, latent: int, widths: list[int], channels: int) -> None:
        raise NotImplementedError

    def forward(self, noise: Tensor) -> Tensor:
        """(N, latent) to (N, channels, S, S)."""
        raise NotImplementedError


class Discriminator(nn.Module):
    """From images (N, channels, S, S) to scores (N, 1), without a sigmoid.

    In order:
    1. a convolution to widths[0] channels, kernel 4, stride 2, padding 1, which halves the side;
    2. for each further width, another one of these to it;
    3. a convolution to one channel, kernel 4, stride 1, padding 0: from 4 × 4 pixels to one.
    After each convolution but the first and the last: batch normalisation. After each but the last: leaky ReLU with
    slope 0.2 (after the batch normalisation, where there is one).
    """

    def __init__(self, channels: int, widths: list[int]) -> None:
        raise NotImplementedError

    def forward(self, images: Tensor) -> Tensor:
        """(N, channels, S, S) to (N, 1)."""
        raise NotImplementedError


def init_weights(network: nn.Module) -> None:
    """DCGAN's initial parameters, in place, from torch's global random numbers.

    Weights of nn.Conv2d and nn.ConvTranspose2d: normal with mean 0, standard deviation 0.02. Of nn.BatchNorm2d: normal
    with mean 1, standard deviation 0.02. All biases of these three: 0. Other layers (at any depth) stay as they are.
    """
    raise NotImplementedError


def sample(generator: nn.Module, noise: Tensor) -> Tensor:
    """Images for looking at: each depends on its own noise only, not on the rest of the batch.

    Args:
        generator: in training or in evaluation mode. Afterwards it is in the mode it was in, all its submodules too
            (each may have been in a mode of its own), and its running statistics are what they were.
        noise: shape (N, latent).

    Returns:
        The images, without a graph.
    """
    raise NotImplementedError


def parameter_counts(latent: int, widths: list[int], channels: int) -> tuple[int, int]:
    """How many numbers the parameters of two networks have, worked out without building them.

    Args:
        latent, widths, channels: of the generator. The discriminator is its mirror image, Discriminator(channels,
            widths[::-1]).

    Returns:
        The generator's number and the discriminator's. Running statistics are buffers, and don't count.
    """
    raise NotImplementedError
