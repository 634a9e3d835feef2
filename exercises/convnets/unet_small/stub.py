"""A small U-Net, and its training to find drawn shapes.

Read the lesson first (`tutor lesson unet_small`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn


def double_conv(c_in: int, c_out: int) -> nn.Sequential:
    """Two convolutions, each followed by a ReLU, that keep height and width.

    Args:
        c_in, c_out: channels before the first and after each convolution.

    Returns:
        Convolution, ReLU, convolution, ReLU; both kernels 3 × 3 with one row and column of zeros around, with biases.
    """
    raise NotImplementedError


class UNet(nn.Module):
    """Down `depth` times, up again as often, with what was seen on the way down at hand on the way up.

    Level i has width · 2**i channels and is 2**i times as small as the image. The attributes, by which the tests fill
    in weights:
        down: an `nn.ModuleList` of depth + 1 blocks `double_conv`, for the levels 0 … depth. Block 0 gets the image;
            each other block gets the output of the one before it after max pooling, 2 × 2 with stride 2.
        up: an `nn.ModuleList` of `depth` layers `nn.ConvTranspose2d`, 2 × 2 with stride 2, for the levels depth − 1, …,
            0 **in this order**. The layer of level i turns the channels of level i + 1 into those of level i.
        merge: an `nn.ModuleList` of `depth` blocks `double_conv`, in the order of `up`. The block of level i gets the
            output of down block i and that of the `up` layer, concatenated along the channels in this order, and
            gives the channels of level i.
        head: an `nn.Conv2d`, 1 × 1, from `width` channels to `classes`. Nothing comes after it: its outputs are logits.
    """

    def __init__(self, channels: int, classes: int, *, width: int = 8, depth: int = 2) -> None:
        """Make the layers.

        Args:
            channels: of the image.
            classes: how many classes a pixel may have.
            width: channels of level 0.
            depth: how often to halve height and width, at least 1.
        """
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The logits of each pixel.

        Height and width need not be multiples of 2**depth. Where they are not, as few rows of zeros as are needed are
        put *below* the image, and columns *to its right*; the logits of these pixels are cut off at the end.

        Args:
            x: shape (N, channels, H, W), in the dtype of the weights.

        Returns:
            Shape (N, classes, H, W).
        """
        raise NotImplementedError


def train(images: Tensor, masks: Tensor, *, seed: int) -> tuple[UNet, list[float]]:
    """Train a U-Net on images of drawn shapes: background 0, discs 1, square frames 2.

    What lies inside a frame belongs to the frame, dark as it is. Later shapes may cover earlier ones.

    Args:
        images: shape (256, 1, 24, 24), float32, noisy.
        masks: shape (256, 24, 24), int64, the class of each pixel.
        seed: of `torch.manual_seed`, before anything else; the same seed gives the same network.

    Returns:
        net: a `UNet(1, 3, ...)` whose most likely classes have a mean intersection over union of at least 0.8, over
            the three classes, on images that it has not seen. You have 60 seconds; 10 are enough.
        losses: the training loss of each step, as Python floats.
    """
    raise NotImplementedError
