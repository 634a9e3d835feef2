"""LeNet-5 as it was in 1998, as torch modules: with its table of connections and its pooling that learns.

Read the lesson first (`tutor lesson lenet5`); `tutor hint` helps when you are stuck. All of torch is yours to use.
"""

from torch import Tensor, nn


def squash(a: Tensor) -> Tensor:
    """1.7159 · tanh(2a / 3), element by element; `a` must not be changed."""
    raise NotImplementedError


class Subsampling(nn.Module):
    """The mean of 2 × 2 pixels, times a weight, plus a bias, squashed; one weight and one bias for each channel.

    Attributes:
        weight: nn.Parameter, shape (channels,), ones at first.
        bias: nn.Parameter, shape (channels,), zeros at first.
    """

    def __init__(self, channels: int) -> None:
        """Make the two parameters."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, channels, H, W), both even, to (N, channels, H/2, W/2). `x` must not be changed."""
        raise NotImplementedError


def c3_table() -> Tensor:
    """Which of the 6 maps of S2 each of the 16 maps of C3 sees.

    All numbers of maps of S2 are modulo 6:
        maps 0 … 5 of C3 see three neighbours: map k sees k, k+1, k+2;
        maps 6 … 11 see four neighbours: map 6+k sees k, k+1, k+2, k+3;
        maps 12 … 14 see two and two: map 12+k sees k, k+1, k+3, k+4;
        map 15 sees all six.

    Returns:
        Shape (16, 6), torch.bool: whether a map of C3 (row) sees a map of S2 (column).
    """
    raise NotImplementedError


class TableConv2d(nn.Module):
    """A convolution (stride 1, no padding) in which an output channel sees only the input channels of a table.

    Attributes:
        weight: nn.Parameter, shape (C_out, C_in, kernel, kernel). Where the table says no, its elements are 0 at first
            and have no effect, whatever they are; the others are random, and not 0.
        bias: nn.Parameter, shape (C_out,).
        table: a buffer, so that it is saved with the module and moved with it, and not a parameter.
    """

    def __init__(self, table: Tensor, kernel: int) -> None:
        """Make parameters and buffer.

        Args:
            table: shape (C_out, C_in), torch.bool. Each output channel has a bias, also one that sees nothing.
            kernel: rows and columns of the kernel.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, C_in, H, W) to (N, C_out, H − kernel + 1, W − kernel + 1)."""
        raise NotImplementedError


class LeNet5(nn.Module):
    """For images of 32 × 32 with one channel, and ten classes.

    Attributes:
        c1: nn.Conv2d, 6 filters of 5 × 5.
        s2: Subsampling.
        c3: TableConv2d with `c3_table`, 5 × 5.
        s4: Subsampling.
        c5: nn.Conv2d, 120 filters of 5 × 5: each sees everything that is left.
        f6: nn.Linear to 84.
        output: nn.Linear to 10, in place of the paper's distances to drawn digits.
        All convolutions and linear layers have biases.
    """

    def __init__(self) -> None:
        """Make the layers."""
        raise NotImplementedError

    def stages(self, x: Tensor) -> list[Tensor]:
        """What each of the seven layers makes, in order.

        Args:
            x: shape (N, 1, 32, 32); must not be changed.

        Returns:
            Seven tensors. `squash` is applied to the outputs of c1, c3, c5 and f6 (the subsampling layers have their
            own), and the squashed values are what is returned and what the next layer gets. The last are the logits
            of `output`, not squashed. Of c5 the shape is (N, 120, 1, 1), of f6 (N, 84), of output (N, 10).
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The logits, shape (N, 10)."""
        raise NotImplementedError


def parameters_by_layer(model: nn.Module) -> dict[str, int]:
    """How many numbers each of a model's direct children learns.

    Args:
        model: any module, whose children may have children of their own.

    Returns:
        By the child's name, in the model's order: how many numbers its parameters have, all that lies inside it
        included. Of a TableConv2d, only weights where the table says yes are counted, and all biases. 0 for a child
        without parameters.
    """
    raise NotImplementedError
