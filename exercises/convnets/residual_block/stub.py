"""The residual block as an nn.Module, a stage of them, and what the skip does to the gradient.

Read the lesson first (`tutor lesson residual_block`); `tutor hint` helps when you are stuck. Torch's layers are yours
to use; autograd isn't, since `deep_backward` is to be found by hand.
"""

from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Two convolutions with batch norm, and the input added to what they make.

        relu( bn2(conv2( relu(bn1(conv1(x))) )) + shortcut(x) )

    Attributes:
        conv1: nn.Conv2d, 3 × 3, with the block's stride and padding 1, without a bias.
        bn1: nn.BatchNorm2d.
        conv2: nn.Conv2d, 3 × 3, stride 1, padding 1, without a bias.
        bn2: nn.BatchNorm2d.
        shortcut: nn.Identity() where c_in == c_out and the stride is 1; otherwise an nn.Sequential of an nn.Conv2d
            (1 × 1, the block's stride, no padding, no bias) and an nn.BatchNorm2d.
    """

    def __init__(self, c_in: int, c_out: int, *, stride: int = 1, zero_init: bool = False) -> None:
        """Make the layers.

        The weights of all convolutions are drawn from a normal distribution with mean 0 and standard deviation
        √(2 / (c_out · K_h · K_w)) (He et al., "fan out"). The scales (`weight`) of batch norms are 1, and their
        biases 0.

        Args:
            c_in: channels of the input.
            c_out: channels of both convolutions' outputs.
            stride: of the first convolution and of the shortcut.
            zero_init: True sets bn2's scale to 0, so that a fresh block is relu(shortcut(x)).
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, c_in, H, W) to (N, c_out, ceil(H / stride), ceil(W / stride)). `x` must not be changed."""
        raise NotImplementedError


def make_stage(c_in: int, c_out: int, blocks: int, *, stride: int) -> nn.Sequential:
    """So many residual blocks one after the other.

    Args:
        c_in: channels of the first block's input.
        c_out: channels of everything after that.
        blocks: how many, at least 1.
        stride: of the first block; the others have stride 1.
    """
    raise NotImplementedError


def deep(x: Tensor, weights: list[Tensor], *, skip: bool) -> Tensor:
    """Many layers: x ← tanh(x · weightᵀ), or with a skip x ← x + tanh(x · weightᵀ), for each weight in order.

    Args:
        x: shape (N, D), float64; must not be changed.
        weights: each of shape (D, D).
        skip: whether each layer's input is added to its output.

    Returns:
        Shape (N, D).
    """
    raise NotImplementedError


def deep_backward(grad_output: Tensor, x: Tensor, weights: list[Tensor], *, skip: bool) -> Tensor:
    """The gradient of `deep` for x.

    Args:
        grad_output: ∂L/∂output, shape (N, D).
        x, weights, skip: as in the forward pass.

    Returns:
        Shape (N, D). The inputs must not be changed.
    """
    raise NotImplementedError
