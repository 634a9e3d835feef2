"""VGG: the arithmetic behind its design, a configuration, the layers that it describes, and the network.

Read the lesson first (`tutor lesson vgg_block`); `tutor hint` helps when you are stuck. All of torch is yours to use.
"""

from torch import Tensor, nn

Config = list[int | str]  # channels of a convolution, or "M" for a max pool; [64, 64, "M", 128, "M"]


def stack_instead(kernel: int, channels: int) -> tuple[int, int, int]:
    """What VGG puts in place of one large convolution: several of 3 × 3, one after the other, that see as much.

    All have stride 1, and as many output channels as input channels.

    Args:
        kernel: rows, and columns, of the one kernel: odd, 3 or more.
        channels: of every convolution, in and out.

    Returns:
        How many 3 × 3 convolutions it takes for an output of the last to depend on kernel × kernel pixels of the
        input; the weights of all of them together; the weights of the one they replace. Biases aren't counted.
    """
    raise NotImplementedError


def widest_block(c_in: int, height: int, width: int, convolutions: int, budget: int) -> int:
    """The largest number of channels that a block can have if it may cost `budget` multiply-adds for one image.

    A block is `convolutions` layers of 3 × 3 with padding 1 and stride 1. The first takes `c_in` channels, and all give
    the same number of channels, the one that is asked for. A multiply-add is one weight times one input, added to a
    sum, zeros of the padding included; biases, ReLUs and the pool behind the block cost nothing.

    Args:
        c_in: channels of the block's input.
        height, width: its rows and columns, which the convolutions keep.
        convolutions: how many; 1 or more.
        budget: the most multiply-adds allowed.

    Returns:
        The number of channels; 0 if not even one channel fits.
    """
    raise NotImplementedError


def parse_config(text: str) -> Config:
    """Read a configuration.

    Args:
        text: words separated by spaces: "M", a number of channels ("64"), or channels and a count ("64*3"). Both
            numbers are whole and at least 1, written with the digits 0 to 9.

    Returns:
        The list: "M" stays "M", "64" becomes 64, "64*3" becomes 64, 64, 64. An empty list for an empty text.

    Raises:
        ValueError: if a word is anything else.
    """
    raise NotImplementedError


def depth(config: Config) -> int:
    """The number in the network's name: its layers with weights, three linear ones at the end included."""
    raise NotImplementedError


def make_features(config: Config, c_in: int, *, batch_norm: bool = False) -> nn.Sequential:
    """The convolutional part, as one flat nn.Sequential.

    A number makes an nn.Conv2d (3 × 3, padding 1, with bias, also before batch norm), then an nn.BatchNorm2d if asked
    for, then an nn.ReLU. "M" makes an nn.MaxPool2d of 2 × 2 with stride 2.

    Args:
        config: as from `parse_config`.
        c_in: channels of the image.
        batch_norm: whether to normalise after each convolution.
    """
    raise NotImplementedError


class VGG(nn.Module):
    """The network.

    Attributes:
        features: as from `make_features`.
        pool: nn.AdaptiveAvgPool2d to the size `pool`.
        classifier: nn.Sequential of linear, ReLU, dropout, linear, ReLU, dropout, linear. The first linear layer takes
            all channels and pixels that the pool leaves, both hidden layers have `hidden` features, the last `classes`.
    """

    def __init__(
        self,
        config: Config,
        *,
        c_in: int = 3,
        pool: tuple[int, int] = (7, 7),
        hidden: int = 4096,
        classes: int = 1000,
        dropout: float = 0.5,
        batch_norm: bool = False,
    ) -> None:
        """Make the layers and draw their first weights.

        Weights of convolutions: normal, mean 0, standard deviation √(2 / (C_out · 9)) (He et al., "fan out"). Weights
        of linear layers: normal, mean 0, standard deviation 0.01. All biases 0, and the scales of batch norm 1.

        Args:
            config: with one convolution at least.
            c_in: channels of the image.
            pool: rows and columns that the features are pooled to, whatever the size of the image.
            hidden, classes: features of the linear layers.
            dropout: the probability of being dropped, in both dropout layers.
            batch_norm: of `make_features`.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, c_in, H, W) to logits, (N, classes). `x` must not be changed."""
        raise NotImplementedError
